import Foundation
import Glibc

/// Where a container engine listens on this machine.
package enum EngineSocket {
    /// Sockets that may be there, the likeliest first: `DOCKER_HOST` of a process's environment names one, `XDG_RUNTIME_DIR`
    /// holds those of a user's own engines.
    package static func candidates(environment: [String: String]) -> [String] {
        let runtime = environment["XDG_RUNTIME_DIR"] ?? "/run/user/\(getuid())"
        let named = environment["DOCKER_HOST"].flatMap { path(of: $0) }
        let paths = [
            named, "/var/run/docker.sock", "\(runtime)/podman/podman.sock", "\(runtime)/docker.sock",
            "/run/podman/podman.sock",
        ]
        return paths.compactMap(\.self)
    }

    /// The path in `unix:///path`, or a path itself; `nil` for another kind of address: directories of this machine can
    /// only be shown to containers of this machine.
    package static func path(of address: String) -> String? {
        if address.hasPrefix("/") { return address }
        guard address.hasPrefix("unix://") else { return nil }
        let path = String(address.dropFirst("unix://".count))
        return path.hasPrefix("/") ? path : nil
    }

    /// The first of them that may be used.
    package static func find(environment: [String: String]) -> String? {
        candidates(environment: environment).first { path in
            var facts = stat()
            return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFSOCK
                && access(path, R_OK | W_OK) == 0
        }
    }
}
