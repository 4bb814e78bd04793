/// What is linted, and with what.
struct LintSubject: Sendable {
    let image: String
    /// Channel → file or directory of this machine; none for a small table of our own.
    let channels: [String: String]
    let hyperparameters: [String: String]
    /// What a framework image runs.
    let script: Script?
    let payload: Payload
    let instanceType: String
    /// ARN; `nil` for the standard role.
    let role: String?
    /// Whether to train once more without a network.
    let isIsolatedToo: Bool
    /// Seconds: how long training may take.
    let trainingLimit: Int
    /// Seconds: how long a serving container may take to answer `/ping`.
    let startLimit: Int

    struct Script: Sendable {
        /// Absolute path.
        let directory: String
        let entryPoint: String
        let servingEntryPoint: String
    }

    struct Payload: Sendable {
        let bytes: [UInt8]
        let contentType: String
    }

    /// Twelve rows: the label, which is 1 where the first of two features exceeds 5.
    static let table = (0..<12).map { "\($0 > 5 ? 1 : 0),\($0),\($0 * 7 % 5)\n" }.joined()
    /// A row of it without its label.
    static let row = "6,2\n"
    /// What the built-in XGBoost needs to be told.
    static let boosting = ["num_round": "5", "objective": "reg:squarederror"]
}
