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
    package let token: String
    package let assignment: Assignment
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
        self.token = Self.makeToken()
        self.assignment = assignment
        self.role = role
        self.log = log
    }

    /// 256 random bits in hexadecimal digits.
    private static func makeToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}

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
