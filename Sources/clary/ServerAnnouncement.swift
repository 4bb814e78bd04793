import Foundation
import Glibc
import HTTPServing
import Resources
import Synchronization

/// Says where the server is: to agents (`address`), to `clary env` (`server.json`), and to the person who started it.
final class ServerAnnouncement: Sendable {
    private let options: Platform.Options
    private let state = Mutex<(url: String?, proxyPort: Int??)>((nil, nil))
    private let portOpened = AsyncStream<Int>.makeStream()

    init(options: Platform.Options) { self.options = options }

    /// The port of the server, as soon as it is open.
    func port() async -> Int {
        for await port in portOpened.stream { return port }
        return 0
    }

    /// `http://HOST:PORT`; empty until the port is open.
    var url: String { state.withLock { $0.url ?? "" } }

    /// The server takes connections.
    func portIsOpen(_ address: BoundAddress) {
        let port = address.port ?? options.port
        let host = options.host.contains(":") ? "[\(options.host)]" : options.host
        state.withLock { $0.url = "http://\(host):\(port)" }
        portOpened.continuation.yield(port)
        portOpened.continuation.finish()
        announce()
    }

    /// The proxy takes connections, or there is none.
    func proxyIsOpen(_ port: Int?) {
        state.withLock { $0.proxyPort = .some(port) }
        announce()
    }

    /// Once everything is open, writes the files and the line.
    private func announce() {
        let (url, proxyPort) = state.withLock { ($0.url, $0.proxyPort) }
        guard let url, let proxyPort else { return }
        var record: [String: Any] = [
            "url": url, "pid": Int(KeeperLink.serverProcess), "workerPid": Int(getpid()),
            "account": options.account.description, "region": "us-east-1",
        ]
        if let proxyPort { record["proxyPort"] = proxyPort }
        do {
            try write(Data(url.utf8), to: "address")
            try write(
                JSONSerialization.data(
                    withJSONObject: record,
                    options: [.sortedKeys, .withoutEscapingSlashes]
                ),
                to: "server.json"
            )
        } catch {
            FileHandle.standardError.write(Data("The server's address was not written: \(error)\n".utf8))
        }
        FileHandle.standardOutput.write(Data("Clary is ready at \(url)\n".utf8))
        KeeperLink.current?.isReady(record: recordPath)
    }

    /// The server ends: nobody finds it any more.
    ///
    /// Where a keeper goes on, it is the keeper that knows the end.
    func withdraw() {
        if KeeperLink.current == nil { unlink(recordPath) }
    }

    private var recordPath: String { options.dataDirectory + "/server.json" }

    private func write(_ data: Data, to name: String) throws {
        try data.write(to: URL(filePath: "\(options.dataDirectory)/\(name)"), options: .atomic)
    }
}
