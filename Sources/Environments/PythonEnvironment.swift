package import Images

/// An environment that is there.
package struct PythonEnvironment: Sendable, Equatable {
    package let recipe: EnvironmentRecipe
    /// Absolute path of the directory on this machine.
    package let path: String

    package init(recipe: EnvironmentRecipe, path: String) {
        self.recipe = recipe
        self.path = path
    }
}
