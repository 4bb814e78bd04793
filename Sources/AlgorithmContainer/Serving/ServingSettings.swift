/// How a serving container was told to behave, by its environment.
struct ServingSettings: Equatable, Sendable {
    var port = 8080
    /// Largest request body, in bytes.
    var largestBody = 6_291_456
    /// One prediction per line, because the request is part of a batch transform.
    var isBatch = false
    /// Media type of replies to requests that accept anything.
    var defaultAccept = "text/csv"
    /// What a selectable reply holds, in order; empty if replies are not selectable.
    var selectedContent: [String] = []
    /// Whether several model files answer together.
    var isEnsemble = true
    /// Requests answered side by side.
    var workers = 1

    /// - Parameters:
    ///   - environment: Of the process.
    ///   - processors: Number of processors, which is the default for `workers`.
    init(environment: [String: String], processors: Int) {
        func text(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : trimmed($0) }
        }
        func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
        port = number("SAGEMAKER_BIND_TO_PORT") ?? port
        largestBody =
            number("MAX_CONTENT_LENGTH") ?? number("SAGEMAKER_MAX_PAYLOAD_IN_MB").map { $0 << 20 }
            ?? largestBody
        isBatch = text("SAGEMAKER_BATCH")?.lowercased() == "true"
        defaultAccept = text("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT") ?? defaultAccept
        selectedContent =
            text("SAGEMAKER_INFERENCE_OUTPUT")?.split(separator: ",").map { trimmed($0).lowercased() } ?? []
        isEnsemble = text("SAGEMAKER_INFERENCE_ENSEMBLE")?.lowercased() != "false"
        workers = max(number("SAGEMAKER_MODEL_SERVER_WORKERS") ?? processors, 1)
    }
}
