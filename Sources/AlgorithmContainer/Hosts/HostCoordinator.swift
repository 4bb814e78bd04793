import Glibc

/// The switchboard of a job's hosts, on the first of them: completes exchanges, and tells all when one fails.
///
/// Runs on a thread of its own until every host is done or one has failed.
struct HostCoordinator: Sendable {
    private let listener: HostSocket
    private let hosts: [String]

    /// Listens at the address of the first host, and starts.
    ///
    /// - Throws: `TrainingFault` of the platform if the port is taken.
    static func start(hosts: [String], port: UInt16) throws(TrainingFault) {
        let coordinator = HostCoordinator(
            listener: try HostSocket.listen(host: hosts[0], port: port),
            hosts: hosts
        )
        BackgroundThread.start { coordinator.run() }
    }

    private func run() {
        var exchange = HostExchange(hosts: hosts)
        var connections: [Connection] = []
        while !exchange.isOver {
            var polled = [pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)]
            polled += connections.map { pollfd(fd: $0.socket.descriptor, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, nfds_t(polled.count), -1) >= 0 else { continue }
            for index in connections.indices where polled[index + 1].revents != 0 {
                let bytes = connections[index].socket.receive()
                let lines = bytes.map { connections[index].cutter.take($0) }
                for message in (lines ?? []).compactMap(HostMessage.parse) {
                    if message.kind == .hello { connections[index].host = message.host }
                    answer(exchange.hear(message), connections)
                }
                if bytes == nil {
                    connections[index].isOpen = false
                    if let host = connections[index].host { answer(exchange.lose(host), connections) }
                }
            }
            connections.removeAll { !$0.isOpen }
            if polled[0].revents != 0, let socket = listener.accept() {
                connections.append(Connection(socket: socket))
            }
        }
    }

    private func answer(_ message: HostMessage?, _ connections: [Connection]) {
        guard let line = try? message?.line() else { return }
        for connection in connections where connection.isOpen && connection.host != nil {
            connection.socket.send(line)
        }
    }

    private struct Connection {
        let socket: HostSocket
        var host: String?
        var cutter = LineCutter()
        var isOpen = true
    }
}

/// Who has said what: the coordinator without its sockets.
package struct HostExchange: Sendable {
    private let hosts: [String]
    private var done: Set<String> = []
    private var said: [String: String] = [:]
    /// Who has come, be it that they are gone again.
    private var seen: Set<String> = []
    private var failure: HostMessage?

    package init(hosts: [String]) { self.hosts = hosts }

    /// Whether nobody has anything more to say, or all know of the failure: those who come after it are told, too.
    package var isOver: Bool { failure == nil ? done.count == hosts.count : seen.count == hosts.count }

    /// - Returns: What all hosts are to be told.
    package mutating func hear(_ message: HostMessage) -> HostMessage? {
        guard hosts.contains(message.host) else { return nil }
        switch message.kind {
        case .all: return nil
        case .hello:
            seen.insert(message.host)
            return failure
        case .say: said[message.host] = message.value
        case .done: done.insert(message.host)
        case .failed:
            guard failure == nil else { return nil }
            failure = message
            return message
        }
        return completed()
    }

    /// A host's connection has ended.
    package mutating func lose(_ host: String) -> HostMessage? {
        seen.insert(host)
        guard !done.contains(host), failure == nil else { return nil }
        let fault = TrainingFault.algorithm(
            "it is gone: its connection to \(hosts[0]) ended before the training did."
        )
        failure = HostMessage(fault, of: host)
        return failure
    }

    /// The parts of an exchange, once every host that is not done has given its own.
    private mutating func completed() -> HostMessage? {
        guard !said.isEmpty, hosts.allSatisfy({ done.contains($0) || said[$0] != nil }) else { return nil }
        var message = HostMessage(.all)
        message.values = said
        said = [:]
        return message
    }
}
