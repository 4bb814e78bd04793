/// Why a training failed, and who has to do something about it.
package struct TrainingFault: Error, Equatable, Sendable {
    /// Whose fault it is.
    package enum Party: Int32, Sendable {
        case algorithm = 1
        case customer = 2
        case platform = 3

        /// How a failure text starts.
        var prefix: String {
            switch self {
            case .algorithm: "Algorithm Error"
            case .customer: "Customer Error"
            case .platform: "Platform Error"
            }
        }
    }

    package var party: Party
    /// What happened, for the person who started the job.
    package var message: String

    package init(party: Party, message: String) {
        self.party = party
        self.message = message
    }

    static func customer(_ message: String) -> TrainingFault {
        TrainingFault(party: .customer, message: message)
    }
    static func algorithm(_ message: String) -> TrainingFault {
        TrainingFault(party: .algorithm, message: message)
    }
    static func platform(_ message: String) -> TrainingFault {
        TrainingFault(party: .platform, message: message)
    }

    /// The container's exit code.
    package var exitCode: Int32 { party.rawValue }

    /// The content of the failure file.
    package var text: String { "\(party.prefix): \(message)" }
}
