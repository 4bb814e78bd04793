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
    ///   - isWanted: Whether anybody still wants the fleet; asked each time room may be free.
    ///   - onWait: Told each time the place in line changes; what it throws ends the wait.
    /// - Returns: One handle per instance, in the fleet's order.
    /// - Throws: `EngineError` other than `.noRoom`; `WaitedTooLong`; what `onWait` throws; `CancellationError` if the
    ///   task is cancelled or nobody wants the fleet any more.
    package func place(
        _ fleet: FleetSpec,
        atMost limit: Duration? = nil,
        while isWanted: @Sendable () async -> Bool = { true },
        onWait: @Sendable (QueuePlace) async throws -> Void
    ) async throws -> [InstanceHandle] {
        let ticket = Ticket(id: UUID(), fleet: fleet)
        line.append(ticket)
        defer { leave(ticket) }
        let deadline = limit.map { ContinuousClock.now + $0 }
        var told: QueuePlace?
        while true {
            try Task.checkCancellation()
            let seen = generation
            guard await isWanted() else { throw CancellationError() }
            let ahead = line.prefix { $0.id != ticket.id }.map(\.fleet.owner)
            var holders: [String]
            var patience = Duration.seconds(60)
            if !ahead.isEmpty {
                holders = try await self.holders(ofRoomFor: fleet)
            } else if !hasDisk() {
                holders = [Self.diskReserve]
                patience = Self.diskInterval
            } else {
                switch await attempt(fleet) {
                case .success(let handles): return handles
                case .failure(.noRoom(let current)): holders = current
                case .failure(let error): throw error
                }
            }
            let place = QueuePlace(position: ahead.count + 1, ahead: ahead, holders: Set(holders).sorted())
            if told != place {
                told = place
                for seat in fleet.instances { places[seat.id] = place }
                try await onWait(place)
            }
            let rest = deadline.map { $0 - .now } ?? patience
            guard rest > .zero else { throw WaitedTooLong(place: place) }
            await changes.wait(for: 0, atMost: min(rest, patience)) { await self.generation != seen }
        }
    }

    /// Who holds room now; whoever stands in line holds none.
    ///
    /// - Throws: `EngineError.impossible` for a fleet that can never run: it need not wait to learn that.
    private func holders(ofRoomFor fleet: FleetSpec) async throws -> [String] {
        guard hasDisk() else { return [Self.diskReserve] }
        return try await engine.vacancy(for: fleet.instances.map(\.instanceType)).holders
    }

    private func attempt(_ fleet: FleetSpec) async -> Result<[InstanceHandle], EngineError> {
        do {
            return .success(try await engine.start(fleet))
        } catch {
            return .failure(error)
        }
    }

    /// Says that room may have become free, or that a fleet in line is not wanted any more.
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
    /// Where it stood at the end.
    package let place: QueuePlace
}
