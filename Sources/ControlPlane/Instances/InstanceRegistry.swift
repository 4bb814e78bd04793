package import AgentProtocol
package import Environments
import Foundation
import Synchronization

/// Receives what the agents of its instances report.
package protocol InstanceOwner: Sendable {
    /// Changes what is on the books of an instance, and makes it durable.
    ///
    /// - Throws: `UnknownInstance`, or what `change` does; then nothing has changed.
    func amend(
        _ instance: InstanceID,
        _ change: @Sendable (inout InstanceRecord) throws -> Void
    ) async throws
    /// Applies events that were not seen before and makes them durable.
    func apply(_ events: [InstanceEvent], from instance: InstanceID) async throws
    /// The instance's agent is gone without having finished.
    func instanceWasLost(_ instance: InstanceID) async
}

/// The instances whose agents may call: their secrets, their owners, and the commands that wait for them.
package final class InstanceRegistry: Sendable {
    private struct Entry {
        var record: InstanceRecord
        let owner: any InstanceOwner
        /// What keeps what the instance uses until its agent does, which may be long after.
        let leases: [EnvironmentLease]
        var commands: [Command] = []
        var lastTelemetry = 0
        /// When its agent was last heard of, seconds since the epoch.
        var lastSeen: Double
    }

    private let entries = Mutex<[InstanceID: Entry]>([:])
    private let arrivals = Broadcast<InstanceID>()

    private let endSessions: @Sendable ([String]) -> Void

    /// - Parameter endSessions: Takes access keys that nobody is to use any more.
    package init(endSessions: @escaping @Sendable ([String]) -> Void = { _ in }) {
        self.endSessions = endSessions
    }

    /// Lets the agent of `record` call.
    ///
    /// Must happen before the engine starts it.
    ///
    /// - Parameters:
    ///   - record: The instance.
    ///   - owner: Hears of it.
    ///   - leases: Held until it is removed; an instance that is adopted has an agent, which holds its own.
    package func add(
        _ record: InstanceRecord,
        owner: any InstanceOwner,
        keeping leases: [EnvironmentLease] = []
    ) {
        let now = Date.now.timeIntervalSince1970
        entries.withLock {
            $0[record.id] = Entry(record: record, owner: owner, leases: leases, lastSeen: now)
        }
    }

    /// Ends an instance's right to call, and its sessions; its agent learns so by a 404.
    package func remove(_ instance: InstanceID) {
        let ended = entries.withLock { entries -> [String] in
            guard let entry = entries.removeValue(forKey: instance) else { return [] }
            let first = entry.record.assignment.credentials.accessKeyID
            // The instances of a job begin with one session.
            let isShared = entries.values.contains { $0.record.assignment.credentials.accessKeyID == first }
            return entry.record.roleSessions + (isShared ? [] : [first])
        }
        arrivals.notify(instance)
        if !ended.isEmpty { endSessions(ended) }
    }

    /// Notes a session of its role that the instance was given, which ends with it.
    package func note(roleSession accessKeyID: String, of instance: InstanceID) {
        entries.withLock { $0[instance]?.record.note(roleSession: accessKeyID) }
    }

    /// Leaves a command for an instance; the number grows with time, so it also grows across restarts.
    package func send(_ action: Command.Action, to instance: InstanceID) {
        let clock = Int(Date.now.timeIntervalSince1970 * 1000)
        entries.withLock { entries in
            guard let last = entries[instance]?.commands.last?.sequence ?? entries[instance].map({ _ in 0 })
            else { return }
            entries[instance]?.commands.append(Command(sequence: max(last + 1, clock), action: action))
        }
        arrivals.notify(instance)
    }

    /// Commands after a sequence number; waits for one if there is none.
    ///
    /// - Returns: `nil` if the instance is unknown.
    package func commands(
        for instance: InstanceID,
        after sequence: Int,
        waitingAtMost limit: Duration
    ) async -> [Command]? {
        if let found = pending(instance, after: sequence), !found.isEmpty { return found }
        await arrivals.wait(for: instance, atMost: limit) {
            self.pending(instance, after: sequence)?.isEmpty != true
        }
        return pending(instance, after: sequence)
    }

    private func pending(_ instance: InstanceID, after sequence: Int) -> [Command]? {
        entries.withLock { $0[instance]?.commands.filter { $0.sequence > sequence } }
    }

    /// What an agent proves itself by.
    package enum Proof {
        /// Good for nothing but the exchange.
        case token(String)
        case session(String)
    }

    /// The instance that proves itself, if there is one of this name and it does.
    package func authenticate(_ instance: InstanceID, by proof: Proof) -> Authentication {
        entries.withLock { entries in
            guard let entry = entries[instance] else { return .unknown }
            let isProven =
                switch proof {
                case .token(let token): entry.record.isToken(token)
                case .session(let secret): entry.record.isSession(secret)
                }
            guard isProven else { return .refused }
            entries[instance]?.lastSeen = Date.now.timeIntervalSince1970
            return .instance(entry.record, entry.owner)
        }
    }

    /// The outcome of `authenticate`.
    package enum Authentication {
        case instance(InstanceRecord, any InstanceOwner)
        case unknown
        case refused
    }

    /// Lets the session in that its owner has written down.
    ///
    /// - Throws: `TokenSpent` if there is another one.
    package func openSession(_ hash: String, of instance: InstanceID) throws(TokenSpent) {
        let isOpen = entries.withLock { entries -> Bool in
            do throws(TokenSpent) {
                try entries[instance]?.record.openSession(hash)
                return true
            } catch {
                return false
            }
        }
        if !isOpen { throw TokenSpent() }
    }

    /// Whether a telemetry batch is new; remembers it if so.
    package func acceptTelemetry(_ sequence: Int, from instance: InstanceID) -> Bool {
        entries.withLock { entries in
            guard let last = entries[instance]?.lastTelemetry, sequence > last else { return false }
            entries[instance]?.lastTelemetry = sequence
            return true
        }
    }

    /// Seconds since the epoch at which the instance's agent last called.
    package func lastSeen(_ instance: InstanceID) -> Double? {
        entries.withLock { $0[instance]?.lastSeen }
    }
}

extension String {
    /// Compares without telling by its duration where the first difference is.
    func isEqualInConstantTime(to other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return zip(utf8, other.utf8).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
    }
}
