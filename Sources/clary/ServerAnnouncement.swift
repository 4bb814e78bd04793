import AWSWire
import AgentProtocol
import Foundation
import Glibc
import HTTPServing
import Resources
import Synchronization
import TeamAccess

/// Says where the server is: to agents (`address`), to `clary env` (`server.json`), and to the person who started it.
final class ServerAnnouncement: Sendable {
    private let options: Platform.Options
    private let tls: ServerTLS?
    private let state = Mutex<(url: String?, proxyPort: Int??)>((nil, nil))
    private let portOpened = AsyncStream<Int>.makeStream()

    init(options: Platform.Options, tls: ServerTLS?) {
        self.options = options
        self.tls = tls
    }

    /// The port of the server, as soon as it is open.
    func port() async -> Int {
        for await port in portOpened.stream { return port }
        return 0
    }

    /// `http://HOST:PORT`, or `https`; empty until the port is open.
    var url: String { state.withLock { $0.url ?? "" } }

    /// The server takes connections.
    func portIsOpen(_ address: BoundAddress) {
        let port = address.port ?? options.port
        let reach = options.reach
        state.withLock { $0.url = Self.url(tls?.localHost(reach) ?? reach.localHost, port: port, tls: tls) }
        portOpened.continuation.yield(port)
        portOpened.continuation.finish()
        announce()
    }

    private static func url(_ host: String, port: Int, tls: ServerTLS?) -> String {
        "\(tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
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
        // A certificate need not have a name that leads from here to here, and the socket needs none.
        let local = tls == nil ? url : "http+unix://" + PercentEncoding.encode(socketPath)
        if let tls {
            record["socket"] = socketPath
            record["trustFile"] = tls.trustFile
        }
        do {
            try write(Data(local.utf8), to: "address")
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
        sayHowOthersComeIn(port: URL(string: url)?.port ?? options.port)
        KeeperLink.current?.isReady(record: recordPath)
    }

    private func sayHowOthersComeIn(port: Int) {
        let reach = options.reach
        if let tls {
            let url = Self.url(tls.publicHost(reach), port: port, tls: tls)
            var line = "Other machines log in with: clary login \(url)"
            // It was read when the server began.
            if let fingerprint = try? tls.fingerprint { line += " --ca-fingerprint \(fingerprint)" }
            FileHandle.standardOutput.write(Data((line + "\n").utf8))
        } else if !reach.isLoopback {
            let warning = """
                Warning: connections to \(reach.host) are not encrypted (--insecure). Whoever is on the way sees \
                requests, data, models and answers. --tls protects them.

                """
            FileHandle.standardError.write(Data(warning.utf8))
        }
    }

    private var socketPath: String { "\(options.dataDirectory)/gateway/\(ContainerGateway.socketName)" }

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
