import FoundationEssentials

/// What the hosts of a job say to each other: one line of JSON each.
struct HostMessage: Codable, Equatable, Sendable {
    /// What a line is about.
    enum Kind: String, Codable, Sendable {
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

    var kind: Kind
    /// Whom it is about.
    var host = ""
    /// JSON of the part.
    var value: String?
    /// JSON of the parts by host.
    var values: [String: String]?
    var party: Int32?
    var message: String?

    init(_ kind: Kind, host: String = "", value: String? = nil) {
        self.kind = kind
        self.host = host
        self.value = value
    }

    init(_ fault: TrainingFault, of host: String) {
        self.init(.failed, host: host)
        party = fault.party.rawValue
        message = fault.message
    }

    /// The fault of a `failed` message, with its host's name for those who are elsewhere.
    var fault: TrainingFault {
        TrainingFault(
            party: party.flatMap(TrainingFault.Party.init(rawValue:)) ?? .algorithm,
            message: "Host \(host): \(message ?? "no reason was given")"
        )
    }

    /// The line, with its end.
    func line() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) + [0x0A] }

    static func parse(_ line: [UInt8]) -> HostMessage? {
        try? JSONDecoder().decode(HostMessage.self, from: Data(line))
    }
}
