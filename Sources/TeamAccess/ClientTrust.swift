package import NIOSSL

/// Whom a client believes to be the server it called.
package enum ClientTrust: Sendable, Equatable {
    /// Whom this machine trusts anyway.
    case system
    /// Whoever has a certificate of these authorities, given as PEM.
    case authorities(String)
    /// Whoever answers. Only for asking an unknown server for the certificate that people then compare.
    case nobodyYet

    /// Settings of a client.
    ///
    /// - Throws: The library's error for a text that holds no certificates.
    package func configuration() throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        switch self {
        case .system: break
        case .authorities(let text):
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(text.utf8)))
        case .nobodyYet: configuration.certificateVerification = .none
        }
        return configuration
    }
}
