package import Images

/// An environment that is there, and stays as long as this value does.
package struct PythonEnvironment: Sendable {
    package let recipe: EnvironmentRecipe
    /// Absolute path of the directory on this machine.
    package let path: String
    /// What keeps it; `nil` where the directory is another user's.
    package let lease: EnvironmentLease?

    package init(recipe: EnvironmentRecipe, path: String, lease: EnvironmentLease? = nil) {
        self.recipe = recipe
        self.path = path
        self.lease = lease
    }
}
