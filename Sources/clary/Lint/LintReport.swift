/// All steps in their order.
struct LintReport: Encodable, Sendable {
    let image: String
    var steps: [LintStep] = []

    var hasFailed: Bool { steps.contains { $0.verdict == .failed } }
}
