package import AgentProtocol
package import Engines
import Foundation

/// Lets fleets wait in line for room: first come, first served, across jobs and endpoints.
package actor PlacementQueue {
    private struct Ticket {
        let id: UUID
        let fleet: FleetSpec
    }

    private let engine: any Engine
    private let hasDisk: @Sendable () -> Bool
    private var line: [Ticket] = []
    private let changes = Broadcast<Int>()
    /// Counts what may have made room.
    private var generation = 0
    /// Where the fleets stand that have to wait, by each of their instances.
    package private(set) var places: [InstanceID: QueuePlace] = [:]

    /// Makes a queue.
    ///
    /// - Parameters:
    ///   - engine: Starts the fleets.
    ///   - hasDisk: Whether the disk has room for another instance.
    package init(engine: any Engine, hasDisk: @escaping @Sendable () -> Bool = { true }) {
        self.engine = engine
        self.hasDisk = hasDisk
    }

    /// Who is named as the holder of the room where the disk is short of it.
    package static let diskReserve = "the disk reserve"
    /// How often a full disk is looked at again: nobody tells when it has room.
    private static let diskInterval = Duration.seconds(2)

    /// Starts a fleet as soon as it is first in line and there is room.
    ///
    /// - Parameters:
    ///   - fleet: What to start.
    ///   - limit: Longest wait; `nil` for as long as it takes.
    ///   - onWait: Told each time the place in line changes: position from 1, and who holds the room.
    /// - Returns: One handle per instance, in the fleet's order.
    /// - Throws: `EngineError` other than `.noRoom`; `WaitedTooLong`; `CancellationError` if the task is cancelled or
    ///   the fleet is withdrawn.
    package func place(
        _ fleet: FleetSpec,
        atMost limit: Duration? = nil,
        onWait: @Sendable (_ position: Int, _ holders: [String]) async -> Void
    ) async throws -> [InstanceHandle] {
        let ticket = Ticket(id: UUID(), fleet: fleet)
        line.append(ticket)
        defer { leave(ticket) }
        let deadline = limit.map { ContinuousClock.now + $0 }
        var told: (position: Int, holders: [String])?
        while true {
            try Task.checkCancellation()
            guard line.contains(where: { $0.id == ticket.id }) else { throw CancellationError() }
            let seen = generation
            var holders = line.prefix { $0.id != ticket.id }.map(\.fleet.owner)
            let position = holders.count + 1
            var patience = Duration.seconds(60)
            if position == 1, !hasDisk() {
                holders = [Self.diskReserve]
                patience = Self.diskInterval
            } else if position == 1 {
                switch await attempt(fleet) {
                case .success(let handles): return handles
                case .failure(.noRoom(let current)): holders = current
                case .failure(let error): throw error
                }
            }
            if told?.position != position || told?.holders != holders {
                told = (position, holders)
                let place = QueuePlace(position: position, holders: Set(holders).sorted())
                for seat in fleet.instances { places[seat.id] = place }
                await onWait(position, holders)
            }
            let rest = deadline.map { $0 - .now } ?? patience
            guard rest > .zero else { throw WaitedTooLong(holders: Set(holders).sorted()) }
            await changes.wait(for: 0, atMost: min(rest, patience)) { await self.generation != seen }
        }
    }

    private func attempt(_ fleet: FleetSpec) async -> Result<[InstanceHandle], EngineError> {
        do {
            return .success(try await engine.start(fleet))
        } catch {
            return .failure(error)
        }
    }

    /// Takes a fleet out of the line; its `place` throws `CancellationError`.
    package func withdraw(owner: String) {
        line.removeAll { $0.fleet.owner == owner }
        roomMayBeFree()
    }

    /// Says that room may have become free.
    package func roomMayBeFree() {
        generation += 1
        changes.notify(0)
    }

    private func leave(_ ticket: Ticket) {
        line.removeAll { $0.id == ticket.id }
        for seat in ticket.fleet.instances { places[seat.id] = nil }
        roomMayBeFree()
    }
}

/// There was no room for a fleet for as long as it could wait.
package struct WaitedTooLong: Error, Equatable {
    /// What held the room at the end.
    package let holders: [String]
}

/// Where a fleet stands that has to wait for room.
package struct QueuePlace: Codable, Sendable, Equatable {
    /// From 1.
    package let position: Int
    /// Who holds the room or stands before it, such as `training job demo-1`.
    package let holders: [String]

    package init(position: Int, holders: [String]) {
        self.position = position
        self.holders = holders
    }
}
