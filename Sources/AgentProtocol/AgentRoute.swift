/// The addresses of the agent protocol, below `/_clary/agent/v1/instances/{id}`.
///
/// Every call carries `Authorization: Bearer <secret>`: the first, `session`, the one-time token that the agent was born
/// with, all others the session's secret. Replies: 200 with the document named here, 401 for a wrong secret, 404 for an instance that the control plane does not know (the agent then cleans up and ends), 409 for an
/// event that cannot happen now. Anything else, or no answer, means: try again, nothing was lost.
package enum AgentRoute: String, CaseIterable, Sendable {
    /// POST `SessionProposal` → 204, after it is durable: the token is spent. Again with the same proposal → 204; with
    /// another → 409, and the agent ends.
    case session
    /// GET → `Assignment`.
    case assignment
    /// GET `?channel=<name>` → the channel's `ObjectListing`.
    case listing
    /// GET → `SessionCredentials`: a new session of the instance's role.
    case credentials
    /// POST `[InstanceEvent]` → `Acknowledgement`, after they are durable.
    case events
    /// POST `TelemetryBatch` → `Acknowledgement`, after it is durable.
    case telemetry
    /// GET `?after=<sequence>` → `CommandList`; waits up to 25 s for a command with a larger number.
    case commands

    /// Path of this call for one instance.
    package func path(for instance: InstanceID) -> String { "\(Self.prefix)\(instance)/\(rawValue)" }

    /// What all paths begin with.
    package static let prefix = "/_clary/agent/v1/instances/"
}

/// What the control plane has made durable.
package struct Acknowledgement: Codable, Sendable {
    /// The largest sequence number that it has seen.
    package var sequence: Int

    package init(sequence: Int) { self.sequence = sequence }
}
