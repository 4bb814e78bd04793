import Foundation
import Glibc
import Proxy

/// The exports of `clary env` in the shell that started a server: they are for clients, and the server goes without them.
///
/// With them it would be its own upstream proxy, and uv and container engines would fetch through it.
struct ShellExports: Sendable {
    /// What this process was started with and has put away; `nil` if nothing led to Clary.
    ///
    /// Read it first before there is a second thread: it changes the environment.
    static let putAway = ShellExports()

    /// `host:port` of the proxy that was there before the exports.
    private let proxy: String?

    /// Puts the exports away if `arguments` (program name first) ask for a server.
    static func putAwayIfAsked(_ arguments: [String]) {
        if arguments.count > 1, arguments[1] == "serve" { _ = putAway }
    }

    private init?() {
        let environment = ClientEnvironment(leavingForServer: ProcessInfo.processInfo.environment)
        guard !environment.changes.isEmpty else { return nil }
        for change in environment.changes {
            if let value = change.value { setenv(change.name, value, 1) } else { unsetenv(change.name) }
        }
        let left = ProcessInfo.processInfo.environment
        // Without user and password, which nobody wants in a log.
        proxy = (left["HTTPS_PROXY"] ?? left["https_proxy"]).flatMap { URLComponents(string: $0) }
            .flatMap { parts in parts.host.map { "\($0):\(parts.port ?? 80)" } }
    }

    /// What the server's log says about it.
    var notice: String {
        let way = proxy.map { "through the proxy of before, \($0)" } ?? "without a proxy, as before them"
        return "The exports of `clary env` in this environment are for clients: "
            + "the server and what it starts connect \(way)."
    }
}
