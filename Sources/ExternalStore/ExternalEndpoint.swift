import Foundation

/// The address of an S3 service: scheme, host and port, and the region that signatures name.
package struct ExternalEndpoint: Sendable, Equatable, CustomStringConvertible {
    /// `http://host[:port]` or `https://host[:port]`, without a slash at the end.
    package let address: String
    /// Value of the `Host` header: without the port where it is the scheme's own, as clients sign it.
    package let host: String
    package let region: String

    /// Parses what an administrator wrote.
    ///
    /// - Parameters:
    ///   - text: Such as `https://s3.example.com:9000`.
    ///   - region: Such as `us-east-1`.
    /// - Throws: `UnusableEndpoint` for anything but a scheme, a host and perhaps a port.
    package init(_ text: String, region: String) throws(UnusableEndpoint) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let name = parts.encodedHost, !name.isEmpty
        else { throw UnusableEndpoint(text: text, reason: "write it as http://HOST:PORT or https://HOST") }
        guard ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil, parts.user == nil
        else {
            throw UnusableEndpoint(text: text, reason: "it may not have a path, a query or a user")
        }
        let usual = scheme == "http" ? 80 : 443
        host = parts.port.flatMap { $0 == usual ? nil : "\(name):\($0)" } ?? name
        address = "\(scheme)://\(host)"
        self.region = region
    }

    package var description: String { address }
}

/// An address that no S3 service can have.
package struct UnusableEndpoint: Error, Equatable, CustomStringConvertible {
    let text: String
    let reason: String

    package var description: String { "'\(text)' is no address of an S3 service: \(reason)." }
}
