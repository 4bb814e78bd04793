/// Collects steps and times them.
struct LintLog {
    private(set) var report: LintReport
    private let tell: @Sendable (LintStep) -> Void
    private var last = ContinuousClock.now

    init(image: String, tell: @escaping @Sendable (LintStep) -> Void) {
        report = LintReport(image: image)
        self.tell = tell
    }

    /// Adds a step that took the time since the one before.
    mutating func add(_ title: String, _ verdict: LintStep.Verdict, _ text: String = "") {
        let now = ContinuousClock.now
        let step = LintStep(title: title, verdict: verdict, seconds: (now - last).seconds, text: text)
        last = now
        report.steps.append(step)
        tell(step)
    }
}
