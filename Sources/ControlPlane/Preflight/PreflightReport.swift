import AWSWire

/// What would become of a request, without making anything of it.
package struct PreflightReport: Codable, Sendable {
    /// `CreateTrainingJob` and its like; empty for a document that is no request.
    package let operation: String
    /// Of what would be made.
    package let name: String
    package private(set) var checks: [Check] = []
    /// Members of the request that could not be read, as paths: nothing can be said of what depends on them.
    private var unread: [String] = []

    private enum CodingKeys: String, CodingKey {
        case operation, name, checks
    }

    init(operation: String, name: String, unread: [String] = []) {
        self.operation = operation
        self.name = name
        self.unread = unread
    }

    /// A report that says only why there is none.
    ///
    /// - Parameters:
    ///   - subject: What stands in the way: `Document`, `File`, `Server`.
    ///   - text: A sentence.
    package init(failure subject: String, _ text: String) {
        self.init(operation: "", name: "")
        add(subject, .problem, text)
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

    /// Whether something was found wrong with this, or with what it goes by.
    func isBroken(_ subject: String) -> Bool {
        isUnread(subject) || checks.contains { $0.subject == subject && $0.verdict == .problem }
    }

    /// Whether a member that this goes by could not be read.
    private func isUnread(_ subject: String) -> Bool {
        let image = [
            "AlgorithmSpecification.TrainingImage", "AlgorithmSpecification.AlgorithmName",
            "AlgorithmSpecification.ContainerEntrypoint", "Environment.CLARY_RUNTIME",
        ]
        let members: [String] =
            switch subject.prefix(while: { $0.isLetter }) {
            case "Image": image
            case "Script":
                image + [
                    "Environment.SAGEMAKER_PROGRAM", "Environment.SAGEMAKER_SUBMIT_DIRECTORY",
                    "HyperParameters.sagemaker_program", "HyperParameters.sagemaker_submit_directory",
                ]
            case "MetricDefinitions": ["AlgorithmSpecification.MetricDefinitions"]
            case "Channel": ["InputDataConfig"]
            case "Capacity": ["ResourceConfig", "ProductionVariants"]
            case "Variant": ["ProductionVariants"]
            case "ContainerHostname": ["PrimaryContainer", "Containers"]
            default: [subject]
            }
        return unread.contains { path in
            members.contains { path == $0 || Self.isBelow($0, path) || Self.isBelow(path, $0) }
        }
    }

    /// Whether one path leads into what the other names: `Tags[0].Key`, `Tags`.
    private static func isBelow(_ path: String, _ other: String) -> Bool {
        path.hasPrefix("\(other).") || path.hasPrefix("\(other)[")
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

extension PreflightReport {
    /// Runs a rule and keeps what it says, unless it is about something that could not be read.
    mutating func run(_ check: AdmissionCheck) async {
        guard !isUnread(check.subject) else { return }
        do throws(ServiceError) {
            try await check.run()
            add(check.subject, .ok)
        } catch {
            add(check.subject, .problem, error.message)
        }
    }
}
