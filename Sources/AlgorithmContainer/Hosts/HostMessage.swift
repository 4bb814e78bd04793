import FoundationEssentials

/// What the hosts of a job say to each other: one line of JSON each.
package struct HostMessage: Codable, Equatable, Sendable {
    /// What a line is about.
    package enum Kind: String, Codable, Sendable {
        /// A host is there.
        case hello
        /// A host's part of an exchange.
        case say
        /// An exchange is complete; `values` has every host's part.
        case all
        /// A host has nothing more to say, and may go.
        case done
        /// A host failed, and so has the job.
        case failed
    }

    package var kind: Kind
    /// Whom it is about.
    package var host = ""
    /// JSON of the part.
    package var value: String?
    /// JSON of the parts by host.
    package var values: [String: String]?
    package var party: Int32?
    package var message: String?

    package init(_ kind: Kind, host: String = "", value: String? = nil) {
        self.kind = kind
        self.host = host
        self.value = value
    }

    package init(_ fault: TrainingFault, of host: String) {
        self.init(.failed, host: host)
        party = fault.party.rawValue
        message = fault.message
    }

    /// The fault of a `failed` message, with its host's name for those who are elsewhere.
    package var fault: TrainingFault {
        TrainingFault(
            party: party.flatMap(TrainingFault.Party.init(rawValue:)) ?? .algorithm,
            message: "Host \(host): \(message ?? "no reason was given")"
        )
    }

    /// The line, with its end.
    package func line() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) + [0x0A] }

    package static func parse(_ line: [UInt8]) -> HostMessage? {
        try? JSONDecoder().decode(HostMessage.self, from: Data(line))
    }
}
