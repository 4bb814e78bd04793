import NIOCore

/// The connections of one event loop to containers.
///
/// Everything here happens on that loop.
final class UpstreamPool {
    /// Told once: a usable connection that now belongs to the asker, or why there is none.
    typealias Waiter = (Result<UpstreamConnection, ConnectFailure>) -> Void

    private struct Shelf {
        var idle: [UpstreamConnection] = []
        /// Open or being opened, idle ones included.
        var open = 0
        var waiters = CircularBuffer<Waiter>(initialCapacity: 0)
    }

    private let eventLoop: any EventLoop
    private let limits: InvocationLimits
    private var shelves: [ObjectIdentifier: Shelf] = [:]
    private var sweeping = false
    var random = RandomSource()

    init(eventLoop: any EventLoop, limits: InvocationLimits) {
        self.eventLoop = eventLoop
        self.limits = limits
    }

    /// Takes a connection to `target`: an idle one, a new one, or the next that becomes free.
    ///
    /// - Parameters:
    ///   - target: The instance.
    ///   - fresh: Take none that was used before.
    ///   - waiter: Told the outcome, now or later.
    func take(_ target: TargetEntry, fresh: Bool, _ waiter: @escaping Waiter) {
        let id = ObjectIdentifier(target)
        if !fresh {
            while let connection = shelves[id]?.idle.popLast() {
                if connection.isUsable { return waiter(.success(connection)) }
            }
        }
        if shelves[id, default: Shelf()].open < limits.connectionsPerInstance || fresh {
            open(target, waiter)
        } else {
            shelves[id]?.waiters.append(waiter)
        }
    }

    /// Gives a connection back.
    func giveBack(_ connection: UpstreamConnection) {
        guard connection.isUsable else { return }
        let id = ObjectIdentifier(connection.target)
        if let waiter = shelves[id]?.waiters.popFirst() { return waiter(.success(connection)) }
        connection.idleDeadline = .now() + limits.idleTime
        shelves[id]?.idle.append(connection)
        sweepLater()
    }

    private func open(_ target: TargetEntry, _ waiter: @escaping Waiter) {
        let id = ObjectIdentifier(target)
        shelves[id, default: Shelf()].open += 1
        let connection = UpstreamConnection(target: target, maximumAnswer: limits.bodyBytes) {
            [weak self] closed in
            self?.closed(closed)
        }
        let eventLoop = eventLoop
        let adopting = NIOLoopBound(connection, eventLoop: eventLoop)
        Connector.socket(to: target.routed, within: limits.connectTime, on: eventLoop)
            .flatMap { socket in adopting.value.adopt(socket: socket, on: eventLoop) }
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success: waiter(.success(connection))
                case .failure(let error):
                    let failure = error as? ConnectFailure ?? ConnectFailure(reason: "\(error)")
                    self.refused(target, failure, waiter)
                }
            }
    }

    /// A connection could not be opened: those who wait for one would wait for nothing.
    private func refused(_ target: TargetEntry, _ failure: ConnectFailure, _ waiter: Waiter) {
        let id = ObjectIdentifier(target)
        shelves[id]?.open -= 1
        var waiters: [Waiter] = []
        if shelves[id]?.open == 0, let shelf = shelves.removeValue(forKey: id) {
            waiters = Array(shelf.waiters)
        }
        waiter(.failure(failure))
        for waiter in waiters { waiter(.failure(failure)) }
    }

    private func closed(_ connection: UpstreamConnection) {
        let id = ObjectIdentifier(connection.target)
        guard var shelf = shelves.removeValue(forKey: id) else { return }
        shelf.open -= 1
        shelf.idle.removeAll { $0 === connection }
        let next = shelf.waiters.popFirst()
        if shelf.open > 0 || next != nil || !shelf.waiters.isEmpty { shelves[id] = shelf }
        if let next { open(connection.target, next) }
    }

    // MARK: Idle connections

    /// Looks at idle connections from time to time, as long as there are any.
    private func sweepLater() {
        guard !sweeping else { return }
        sweeping = true
        eventLoop.assumeIsolated().scheduleTask(in: limits.idleTime) { [weak self] in self?.sweep() }
    }

    private func sweep() {
        sweeping = false
        let now = NIODeadline.now()
        var remaining = false
        for connection in shelves.values.flatMap(\.idle) {
            if connection.idleDeadline <= now { connection.abandon() } else { remaining = true }
        }
        if remaining { sweepLater() }
    }
}
