import FoundationEssentials
import Synchronization

/// The hosts of a job, as one of them sees it: they exchange values, and hear when one of them fails.
///
/// All hosts make the same exchanges in the same order.
package struct HostGroup: Sendable {
    /// TCP port of the coordinator, on the job's own network.
    package static let port: UInt16 = 9099

    /// In the job's order; the first one coordinates.
    package let hosts: [String]
    package let current: String
    private let socket: HostSocket
    private let inbox: AsyncThrowingStream<HostMessage, any Error>
    private let state: State

    var isCoordinator: Bool { current == hosts.first }

    /// What the reading thread and the others share.
    private final class State: Sendable {
        struct Content: Sendable {
            /// Ends the process, while nothing else could hear of a fault.
            var abandon: (@Sendable (TrainingFault) -> Void)?
            var isDone = false
        }

        let content = Mutex(Content())
    }

    /// Meets the other hosts; the first one opens the door.
    ///
    /// - Parameters:
    ///   - hosts: In the job's order.
    ///   - current: One of them.
    ///   - patience: How long the first host may take to open.
    ///   - log: Hears whom this host waits for.
    /// - Returns: The group, once the first host is there.
    /// - Throws: `TrainingFault` of the platform.
    package static func join(
        hosts: [String],
        current: String,
        patience: Duration = .seconds(3600),
        log: ContainerLog
    ) async throws(TrainingFault) -> HostGroup {
        let first = hosts[0]
        if current == first { try HostCoordinator.start(hosts: hosts, port: port) }
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        var attempt = 0
        while clock.now < deadline {
            if let socket = HostSocket.connect(host: first, port: port) {
                let group = HostGroup(hosts: hosts, current: current, socket: socket)
                try group.send(HostMessage(.hello, host: current))
                return group
            }
            if attempt % 300 == 10 { log.info("Waiting for \(first), which is not there yet.") }
            attempt += 1
            do { try await Task.sleep(for: .milliseconds(200)) } catch {
                throw .platform("The wait for \(first) was cut off.")
            }
        }
        throw .platform("\(first) could not be reached at port \(port) within \(patience).")
    }

    private init(hosts: [String], current: String, socket: HostSocket) {
        self.hosts = hosts
        self.current = current
        self.socket = socket
        let state = State()
        self.state = state
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: HostMessage.self)
        inbox = stream
        BackgroundThread.start {
            Self.listen(socket, hosts[0], state) { message in
                switch message {
                case .message(let message): continuation.yield(message)
                case .ended(let fault): continuation.finish(throwing: fault)
                }
            }
        }
    }

    /// Hands every host's value to every host.
    ///
    /// - Parameter value: This host's; nil takes part without one.
    /// - Returns: The values by host, without those that have none or have left.
    /// - Throws: `TrainingFault` of the host that failed meanwhile.
    package func exchange<Value: Codable & Sendable>(
        _ value: Value?
    ) async throws(TrainingFault) -> [String: Value] {
        do {
            let own = try JSONEncoder().encode(Part(value: value))
            try send(HostMessage(.say, host: current, value: String(decoding: own, as: UTF8.self)))
            for try await message in inbox where message.kind == .all {
                return try (message.values ?? [:]).compactMapValues {
                    try JSONDecoder().decode(Part<Value>.self, from: Data($0.utf8)).value
                }
            }
            throw TrainingFault.platform("The connection to \(hosts[0]) was closed.")
        } catch let fault as TrainingFault {
            throw fault
        } catch {
            throw .platform("The hosts do not understand each other: \(error)")
        }
    }

    private struct Part<Value: Codable & Sendable>: Codable { var value: Value? }

    /// Runs `body`, which cannot hear of a fault of another host; `abandon` is to end the process then.
    func watched<Result>(
        abandon: @escaping @Sendable (TrainingFault) -> Void,
        _ body: () throws(TrainingFault) -> Result
    ) throws(TrainingFault) -> Result {
        state.content.withLock { $0.abandon = abandon }
        defer { state.content.withLock { $0.abandon = nil } }
        return try body()
    }

    /// Says that this host has done its part.
    func leave() throws(TrainingFault) {
        state.content.withLock { $0.isDone = true }
        try send(HostMessage(.done, host: current))
    }

    /// Waits until the other hosts have done their parts too.
    func waitForOthers() async throws(TrainingFault) {
        do { for try await _ in inbox {} } catch let fault as TrainingFault { throw fault } catch {}
    }

    /// Tells the others that this host has failed; on the first host, when they have been told.
    package func fail(_ fault: TrainingFault) async {
        state.content.withLock { $0.isDone = true }
        guard let line = try? HostMessage(fault, of: current).line(), socket.send(line), isCoordinator else {
            return
        }
        do { for try await _ in inbox {} } catch {}
    }

    private func send(_ message: HostMessage) throws(TrainingFault) {
        guard let line = try? message.line(), socket.send(line) else {
            throw .algorithm("Host \(hosts[0]): it is gone: its connection to \(current) has ended.")
        }
    }

    /// What comes from the coordinator.
    private enum Arrival {
        case message(HostMessage)
        /// Nothing more comes: because of a fault, or because this host is done.
        case ended(TrainingFault?)
    }

    /// Reads until the connection ends.
    private static func listen(
        _ socket: HostSocket,
        _ coordinator: String,
        _ state: State,
        _ deliver: (Arrival) -> Void
    ) {
        func end(_ fault: TrainingFault) {
            let content = state.content.withLock(\.self)
            deliver(.ended(content.isDone ? nil : fault))
            if !content.isDone { content.abandon?(fault) }
        }
        var cutter = LineCutter()
        while let bytes = socket.receive() {
            for message in cutter.take(bytes).compactMap(HostMessage.parse) {
                if message.kind == .failed { return end(message.fault) }
                deliver(.message(message))
            }
        }
        // The coordinator hangs up when all are done.
        end(.algorithm("Host \(coordinator): it is gone: its connection ended before the training did."))
    }
}
