/// What would become of a request, without making anything of it.
package struct PreflightReport: Codable, Sendable {
    /// `CreateTrainingJob` and its like.
    package let operation: String
    /// Of what would be made.
    package let name: String
    package private(set) var checks: [Check] = []

    init(operation: String, name: String) {
        self.operation = operation
        self.name = name
    }

    /// What was found about one thing.
    package struct Check: Codable, Sendable, Equatable {
        /// A field, `Channel 'train'`, `Capacity`.
        package let subject: String
        package var verdict: Verdict
        /// Empty where there is nothing to say.
        package var text: String
    }

    package enum Verdict: String, Codable, Sendable {
        case ok
        /// Good to know; the request is accepted and does what it says.
        case remark
        /// The request is refused, or what it starts fails or waits.
        case problem
    }

    package var hasProblems: Bool { checks.contains { $0.verdict == .problem } }

    /// Whether something was found wrong with this.
    func isBroken(_ subject: String) -> Bool {
        checks.contains { $0.subject == subject && $0.verdict == .problem }
    }

    /// Adds a finding; one with something to say takes the place of one without about the same thing.
    mutating func add(_ subject: String, _ verdict: Verdict, _ text: String = "") {
        if let known = checks.firstIndex(where: { $0.subject == subject }) {
            if verdict == .ok, text.isEmpty { return }
            if checks[known].verdict == .ok, checks[known].text.isEmpty {
                checks[known].verdict = verdict
                checks[known].text = text
                return
            }
        }
        checks.append(Check(subject: subject, verdict: verdict, text: text))
    }
}
