import NIOCore
import Proxy

/// Where a server listens and how its connections are protected there.
///
/// Beyond loopback there is no server without either: the keys' signatures protect requests from being changed, but
/// data, models and answers could be read by everybody on the way.
package struct ServerReach: Sendable, Equatable {
    /// What protects the connections.
    package enum Protection: Sendable, Equatable {
        case nothing
        /// A certificate of Clary's own authority; `names` are asked for beside those that are known.
        case authority(names: [String])
        /// PEM files of the user's own.
        case certificate(file: String, key: String)
    }

    package let host: String
    package let protection: Protection
    private let acceptsPlain: Bool

    /// Reads what `clary serve` was told.
    ///
    /// - Parameters:
    ///   - host: A host name or address.
    ///   - wantsTLS: Whether TLS was asked for.
    ///   - acceptsPlain: Whether plain connections beyond loopback were asked for.
    ///   - certificate: The certificate's file.
    ///   - key: Its key's file.
    ///   - names: Further names of the server.
    /// - Throws: `UnsafeReach` with a sentence for a combination that is unsafe or means nothing.
    package init(
        host: String,
        wantsTLS: Bool = false,
        acceptsPlain: Bool = false,
        certificate: String? = nil,
        key: String? = nil,
        names: [String] = []
    ) throws(UnsafeReach) {
        self.host = host
        self.acceptsPlain = acceptsPlain
        guard !host.isEmpty else { throw UnsafeReach("--host: give an address of this machine.") }
        guard wantsTLS || certificate == nil && key == nil && names.isEmpty else {
            throw UnsafeReach("--tls-certificate, --tls-key and --tls-name belong to --tls.")
        }
        guard !(wantsTLS && acceptsPlain) else {
            throw UnsafeReach("--tls and --insecure contradict each other. Give one of them.")
        }
        switch (wantsTLS, certificate, key) {
        case (false, _, _): protection = .nothing
        case (true, nil, nil): protection = .authority(names: names)
        case (true, let certificate?, let key?):
            guard names.isEmpty else {
                throw UnsafeReach("--tls-name is for Clary's own certificate; yours has its names already.")
            }
            protection = .certificate(file: certificate, key: key)
        case (true, _, _):
            throw UnsafeReach("--tls-certificate and --tls-key belong together. Give both or neither.")
        }
        try check(host, name: "--host \(host)")
    }

    /// Refuses a socket that a service manager opened further than was asked for.
    ///
    /// - Parameter host: The address that it is bound to.
    /// - Throws: `UnsafeReach` if other machines reach it and its connections would not be encrypted.
    package func check(socketBoundTo host: String) throws(UnsafeReach) {
        try check(host, name: "The socket on \(host) that this server was given")
    }

    private func check(_ host: String, name: String) throws(UnsafeReach) {
        guard hasTLS || acceptsPlain || Self.isLoopback(host) else {
            throw UnsafeReach(
                """
                \(name) is reached from other machines, and connections would not be encrypted. Give --tls (with \
                Clary's own certificate, or yours with --tls-certificate and --tls-key), or --insecure if the \
                network between is trusted by everybody who uses it.
                """
            )
        }
    }

    /// Whether only this machine reaches the server.
    package var isLoopback: Bool { Self.isLoopback(host) }

    private static func isLoopback(_ host: String) -> Bool {
        host.lowercased() == "localhost" || NetworkAddress(host)?.isLoopback == true
    }

    package var hasTLS: Bool { protection != .nothing }

    /// Whether plain HTTP to 127.0.0.1 reaches the port.
    package var answersPlainLoopback: Bool { !hasTLS && ["127.0.0.1", "0.0.0.0"].contains(host) }

    /// The host by which this machine calls the port: where it listens on every address, a loopback one.
    package var localHost: String {
        guard NetworkAddress(host)?.isWildcard == true else { return host }
        return host.contains(":") ? "::1" : "127.0.0.1"
    }

    /// The names and addresses that a certificate of Clary's carries: the ones that were given first.
    ///
    /// - Parameters:
    ///   - machine: This machine's own name.
    ///   - addresses: This machine's addresses; they count where the server listens on all of them.
    /// - Returns: Each once, in lower case.
    package func certificateNames(machine: String, addresses: [String]) -> [String] {
        var names: [String] = []
        if case .authority(let given) = protection { names = given }
        let isWildcard = NetworkAddress(host)?.isWildcard == true
        names += isWildcard ? [] : [host]
        names += [machine] + (isWildcard ? addresses : []) + ["localhost", "127.0.0.1", "::1"]
        var seen: Set<String> = []
        // A certificate cannot carry other characters.
        return names.map { $0.lowercased() }.filter { name in
            !name.isEmpty && name.utf8.allSatisfy { (33...126).contains($0) } && seen.insert(name).inserted
        }
    }

    /// Addresses of this machine that others may reach it by.
    package static func machineAddresses() -> [String] {
        // Without them the certificate has the names that were given.
        guard let devices = try? System.enumerateDevices() else { return [] }
        return devices.compactMap(\.address?.ipAddress).filter { text in
            guard let address = NetworkAddress(text) else { return false }
            return !address.isLoopback && !text.hasPrefix("fe80:") && !text.hasPrefix("169.254.")
        }
    }
}

/// A way to listen that is refused; the message says what to give instead.
package struct UnsafeReach: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
