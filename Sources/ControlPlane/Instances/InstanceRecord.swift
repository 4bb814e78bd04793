package import AgentProtocol
package import Engines
package import Resources

/// What the control plane keeps of a running instance, so that both can die and find each other again.
package struct InstanceRecord: Codable, Sendable {
    package let id: InstanceID
    /// ARN of the job or endpoint it belongs to.
    package let owner: String
    package let scope: Scope
    /// Position among the instances of its job or variant, from 0.
    package let index: Int
    /// Hash of the one-time token that its agent was handed; absent until it has a seat.
    package private(set) var tokenHash: String?
    /// Hash of the secret that the agent got accepted for it.
    package private(set) var sessionHash: String?
    /// In records of versions before there were one-time tokens: the secret of every call.
    private var token: String?
    package let assignment: Assignment
    /// Access keys of the newest sessions of its role that it was given after that of its assignment.
    private var renewals: [String]?
    /// ARN of the role that it acts as; absent in records of older versions.
    package let role: String?
    package let log: LogTarget
    /// Absent until the engine has started it.
    package var handle: InstanceHandle?
    /// Sequence number of the last event applied.
    package var lastEvent = 0
    /// Hosting: whether `/ping` has answered.
    package var isReady = false

    package init(
        id: InstanceID,
        owner: String,
        scope: Scope,
        index: Int,
        assignment: Assignment,
        role: String,
        log: LogTarget
    ) {
        self.id = id
        self.owner = owner
        self.scope = scope
        self.index = index
        self.assignment = assignment
        self.role = role
        self.log = log
    }

    /// Makes the one-time token; only the seat, which goes to the engine, holds it.
    package mutating func takeSeat() -> InstanceSeat {
        let token = AgentSecret.make()
        tokenHash = AgentSecret.hash(of: token)
        return InstanceSeat(id: id, instanceType: assignment.instanceType, token: token)
    }

    /// More than can be good at the same time.
    private static let mostRenewals = 16

    package var roleSessions: [String] { renewals ?? [] }

    /// Notes a session of its role, which ends with it.
    package mutating func note(roleSession accessKeyID: String) {
        renewals = (roleSessions + [accessKeyID]).suffix(Self.mostRenewals)
    }

    /// Spends the token on a session.
    ///
    /// - Parameter hash: Of the session's secret; the same again changes nothing.
    /// - Throws: `TokenSpent` if it was spent on another one.
    package mutating func openSession(_ hash: String) throws(TokenSpent) {
        guard sessionHash == nil || sessionHash == hash else { throw TokenSpent() }
        sessionHash = hash
    }

    /// Whether `secret` is the one-time token, spent or not.
    package func isToken(_ secret: String) -> Bool {
        tokenHash?.isEqualInConstantTime(to: AgentSecret.hash(of: secret)) ?? false
    }

    /// Whether `secret` is that of the session.
    package func isSession(_ secret: String) -> Bool {
        let hash = sessionHash ?? token.map { AgentSecret.hash(of: $0) }
        return hash?.isEqualInConstantTime(to: AgentSecret.hash(of: secret)) ?? false
    }
}

/// A one-time token was offered again, for another session than it was spent on.
package struct TokenSpent: Error, Equatable {}

/// Where an instance's log lines and metric samples go.
package struct LogTarget: Codable, Sendable {
    package let group: String
    package let stream: String
    /// Name that metric samples are filed under.
    package let metricsOf: String

    package init(group: String, stream: String, metricsOf: String) {
        self.group = group
        self.stream = stream
        self.metricsOf = metricsOf
    }
}
