import AWSWire
import Foundation
import Glibc
import Proxy
import Resources

/// What a running server says about itself in its data directory.
struct RunningServer {
    /// `server.json`, written by `clary serve` when it is ready.
    struct Record: Codable {
        /// `http://HOST:PORT`, or `https` where it has TLS.
        let url: String
        let pid: Int32
        /// The process that `pid` starts again when it crashes.
        let workerPid: Int32?
        let region: String
        /// Port of the HTTPS proxy; absent if the server runs without.
        let proxyPort: Int?
        /// Its unix socket, where its port has TLS.
        let socket: String?
        /// A file with what a client must trust, where it has TLS.
        let trustFile: String?
    }

    /// `credentials.json`: the access key of the first start.
    struct Credentials: Codable {
        let accessKeyId: String
        let secretAccessKey: String
    }

    let record: Record
    let credentials: Credentials
    let dataDirectory: String

    /// How this machine's commands call it: the beginning of URLs, and the `Host` header.
    ///
    /// With TLS through the socket, for which no certificate has to be good.
    var address: (url: String, host: String) {
        if let socket = record.socket {
            return ("http+unix://" + PercentEncoding.encode(socket), "localhost")
        }
        return (record.url, String(record.url.drop { $0 != "/" }.drop { $0 == "/" }))
    }

    /// Finds the server that uses a data directory.
    ///
    /// - Throws: `NoServer` with what to do if none runs there.
    static func find(dataDirectory: String) throws -> RunningServer {
        let recordPath = dataDirectory + "/server.json"
        guard let data = FileManager.default.contents(atPath: recordPath) else {
            throw NoServer(dataDirectory: dataDirectory)
        }
        let record = try decode(Record.self, from: data, path: recordPath)
        guard isAlive(record.pid) else { throw NoServer(dataDirectory: dataDirectory) }
        let credentialsPath = dataDirectory + "/credentials.json"
        guard let data = FileManager.default.contents(atPath: credentialsPath) else {
            throw UnusableFile(path: credentialsPath, problem: "it is not there or belongs to another user")
        }
        let credentials = try decode(Credentials.self, from: data, path: credentialsPath)
        return RunningServer(record: record, credentials: credentials, dataDirectory: dataDirectory)
    }

    /// Whether a process runs; one that was killed and waits for its parent to notice does not.
    private static func isAlive(_ pid: Int32) -> Bool {
        // EPERM: it lives and belongs to somebody else.
        guard kill(pid, 0) == 0 || errno == EPERM else { return false }
        // proc(5): the state follows the name, which is in parentheses and may hold any character.
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let state = stat.split(separator: ")").last?.split(separator: " ").first
        else { return true }
        return !["Z", "X"].contains(state)
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        from data: Data,
        path: String
    ) throws -> Value {
        do { return try JSONDecoder().decode(type, from: data) } catch {
            throw UnusableFile(path: path, problem: "it does not say what is expected of it (\(error))")
        }
    }

    /// What a shell that changes to this server exports; writes the files that the exports name.
    ///
    /// - Parameters:
    ///   - region: The clients' region; the shell's own or the server's if nothing is said.
    ///   - withProxy: Whether to lead to the proxy, if the server has one.
    ///   - current: The shell's environment.
    /// - Returns: The changes of the shell's variables.
    /// - Throws: What went wrong with one of the files.
    func clientEnvironment(
        region: String?,
        withProxy: Bool,
        current: [String: String]
    ) throws -> ClientEnvironment {
        let before = ClientEnvironment.original(current)
        var proxy: ProxySettings?
        if withProxy, let port = record.proxyPort {
            proxy = try ProxySettings.load(dataDirectory: dataDirectory)
            proxy?.port = port
        }
        try ClientEnvironment.writeFiles(
            dataDirectory: dataDirectory,
            before: before,
            withProxy: proxy != nil,
            trustFile: record.trustFile
        )
        let server = ClientEnvironment.Server(
            url: record.url,
            accessKeyID: credentials.accessKeyId,
            secretAccessKey: credentials.secretAccessKey,
            region: region ?? Self.region(of: before) ?? record.region,
            dataDirectory: dataDirectory,
            trustFile: record.trustFile
        )
        return ClientEnvironment(
            server: server,
            proxy: proxy,
            hasSageMakerConfiguration: RunningServer.userHasSageMakerConfiguration(current),
            current: current
        )
    }

    /// The region that a shell had chosen before.
    private static func region(of environment: [String: String]) -> String? {
        [environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]].compactMap(\.self)
            .first { Region($0) != nil }
    }

    /// Whether the SageMaker SDK finds a configuration file of the user's without being told.
    private static func userHasSageMakerConfiguration(_ environment: [String: String]) -> Bool {
        let folder =
            environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.config"
        return FileManager.default.fileExists(atPath: folder + "/sagemaker/config.yaml")
    }
}

/// No server uses the data directory.
struct NoServer: Error, CustomStringConvertible {
    let dataDirectory: String

    var description: String {
        "No Clary server runs on \(dataDirectory). Start one with `clary serve --data-dir \(dataDirectory)`, "
            + "or name the directory of a running one with --data-dir."
    }
}
