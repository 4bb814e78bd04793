/// How an image URI is understood.
package struct ImageExplanation: Codable, Sendable {
    package let uri: String
    /// What runs when no script is named; `nil` if nothing does.
    package var algorithm: String?
    /// Socket of the container engine that runs it; empty where one is needed and none was found.
    package var engine: String?
    /// What a script would run in, the first choice first.
    package var recipes: [Recipe] = []
    /// Why nothing can stand for the image.
    package var refusal: String?

    /// One way to make the environment.
    package struct Recipe: Codable, Sendable {
        package let id: String
        package let interpreter: String
        package let requirements: [String]
        package let notes: [String]
        /// Whether its packages come from PyTorch's own index of builds without CUDA.
        package let usesProcessorIndex: Bool
        package let isBuilt: Bool
    }
}
