/// What came of one thing that a container has to do.
struct LintStep: Encodable, Sendable {
    /// A sentence that the step proves.
    let title: String
    let verdict: Verdict
    /// How long it took.
    let seconds: Double
    /// What was seen, or why it failed and what to do; may have several lines.
    let text: String

    enum Verdict: String, Encodable, Sendable {
        case passed
        case failed
        /// Nothing can be said: an earlier step failed, or the moment was missed.
        case skipped
    }
}
