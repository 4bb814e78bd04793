import Crypto
package import Foundation
import NIOCore
package import NIOSSL
import SwiftASN1
import Synchronization
package import X509

/// A certificate authority of Clary's own: a key in the data directory and leaves that are made on demand.
///
/// There are two: the proxy's, which may sign names below `amazonaws.com` only (a critical name constraint, RFC 5280
/// section 4.2.1.10), so that a client that trusts it trusts nothing else by it, and the server's.
package final class CertificateAuthority: Sendable {
    /// What an authority may sign.
    package enum Scope: Sendable {
        /// Stand-ins for AWS's hosts.
        case awsHosts
        /// The names and addresses of this server.
        case server
    }

    /// The authority's certificate.
    package let certificate: Certificate
    private let key: P256.Signing.PrivateKey
    /// One key serves all leaves: it never leaves this process.
    private let leafKey = P256.Signing.PrivateKey()
    private let leaves = Mutex<[String: Leaf]>([:])

    private struct Leaf {
        let context: NIOSSLContext
        let expiry: Date
    }

    private static let day: TimeInterval = 86_400
    /// Hosts remembered at most; bucket names make the number of possible hosts unbounded.
    private static let leafLimit = 256

    private init(certificate: Certificate, key: P256.Signing.PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// Loads the authority of a data directory, or makes it if there is none or it ends within 30 days.
    ///
    /// - Parameters:
    ///   - folder: Holds `ca-key.pem` (mode 0600) and `ca.pem`.
    ///   - scope: What it may sign; written into a new one.
    ///   - now: The present.
    /// - Returns: An authority that is good for 30 days at least.
    /// - Throws: `UnusableFile` if a file cannot be understood, or the file system's error.
    package static func open(
        folder: String,
        scope: Scope = .awsHosts,
        now: Date = .now
    ) throws -> CertificateAuthority {
        let keyPath = folder + "/ca-key.pem"
        let certificatePath = folder + "/ca.pem"
        if FileManager.default.fileExists(atPath: keyPath),
            FileManager.default.fileExists(atPath: certificatePath)
        {
            let authority = try load(keyPath: keyPath, certificatePath: certificatePath)
            if authority.certificate.notValidAfter > now + 30 * day { return authority }
        }
        let authority = try make(scope: scope, now: now)
        try PrivateFile.write(Data(authority.key.pemRepresentation.utf8), to: keyPath)
        try PrivateFile.write(Data(try authority.certificatePEM().utf8), to: certificatePath, mode: 0o644)
        return authority
    }

    private static func load(keyPath: String, certificatePath: String) throws -> CertificateAuthority {
        let key: P256.Signing.PrivateKey
        do {
            key = try P256.Signing.PrivateKey(
                pemRepresentation: String(contentsOfFile: keyPath, encoding: .utf8)
            )
        } catch { throw UnusableFile(path: keyPath, problem: "\(error)") }
        let certificate: Certificate
        do {
            certificate = try Certificate(
                pemEncoded: String(contentsOfFile: certificatePath, encoding: .utf8)
            )
        } catch { throw UnusableFile(path: certificatePath, problem: "\(error)") }
        guard certificate.publicKey == Certificate.PublicKey(key.publicKey) else {
            throw UnusableFile(path: certificatePath, problem: "it belongs to another key than ca-key.pem")
        }
        return CertificateAuthority(certificate: certificate, key: key)
    }

    private static func make(scope: Scope, now: Date) throws -> CertificateAuthority {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let name = try DistinguishedName {
            OrganizationName("Clary")
            CommonName(scope.commonName)
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: publicKey,
            notValidBefore: now - day,
            notValidAfter: now + 3650 * day,
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true))
                if scope == .awsHosts {
                    Critical(
                        NameConstraints(
                            permittedDNSDomains: ["amazonaws.com"],
                            // An address of all zeros with a mask of all zeros: every address.
                            excludedIPRanges: [
                                ASN1OctetString(contentBytes: ArraySlice(repeating: 0, count: 8)),
                                ASN1OctetString(contentBytes: ArraySlice(repeating: 0, count: 32)),
                            ]
                        )
                    )
                }
                SubjectKeyIdentifier(hash: publicKey)
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
        return CertificateAuthority(certificate: certificate, key: key)
    }

    /// The authority's certificate as clients' bundles want it.
    package func certificatePEM() throws -> String { try certificate.serializeAsPEM().pemString + "\n" }

    /// A certificate for one host or address, or several.
    ///
    /// - Parameters:
    ///   - hosts: Names and addresses; what lies outside the authority's constraint is worthless.
    ///   - now: The present.
    /// - Returns: A certificate that is good for 90 days.
    /// - Throws: The encoder's or the signature's error.
    package func leaf(for hosts: [String], now: Date = .now) throws -> Certificate {
        let publicKey = Certificate.PublicKey(leafKey.publicKey)
        return try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: publicKey,
            notValidBefore: now - CertificateAuthority.day,
            notValidAfter: now + 90 * CertificateAuthority.day,
            issuer: certificate.subject,
            subject: try DistinguishedName { CommonName("Clary stand-in") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(hosts.map { GeneralName(host: $0) })
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier
                )
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
    }

    /// TLS settings of a server that answers as each of `hosts`; made once, and anew before the certificate ends.
    package func serverContext(for hosts: [String], now: Date = .now) throws -> NIOSSLContext {
        let name = hosts.joined(separator: ",")
        let known = leaves.withLock { $0[name] }
        if let known, known.expiry > now + CertificateAuthority.day { return known.context }
        let leaf = try leaf(for: hosts, now: now)
        let context = try NIOSSLContext.server(
            chain: [try NIOSSLCertificate(leaf), try NIOSSLCertificate(certificate)],
            key: try NIOSSLPrivateKey(bytes: Array(leafKey.pemRepresentation.utf8), format: .pem)
        )
        leaves.withLock { leaves in
            if leaves.count >= CertificateAuthority.leafLimit { leaves.removeAll() }
            leaves[name] = Leaf(context: context, expiry: leaf.notValidAfter)
        }
        return context
    }
}

extension CertificateAuthority.Scope {
    fileprivate var commonName: String {
        switch self {
        case .awsHosts: "Clary stand-in for AWS hosts on this machine"
        case .server: "Clary server authority"
        }
    }
}

extension NIOSSLContext {
    /// TLS 1.2 and above, HTTP/1.1.
    ///
    /// - Parameters:
    ///   - chain: The server's certificate first.
    ///   - key: Its private key.
    /// - Returns: The settings of a server.
    /// - Throws: The library's error, for a key that does not belong to the certificate too.
    package static func server(chain: [NIOSSLCertificate], key: NIOSSLPrivateKey) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        // Clients that keep an idle connection answer no farewell, and a server that ends would wait for each.
        configuration.shutdownTimeout = .milliseconds(200)
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}

extension GeneralName {
    /// The entry of a certificate for a host name or an address.
    package init(host: String) {
        if let address = NetworkAddress(host) {
            self = .ipAddress(ASN1OctetString(contentBytes: address.bytes[...]))
        } else {
            self = .dnsName(host)
        }
    }
}

extension Certificate {
    /// The certificate as DER.
    package func derBytes() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(self)
        return serializer.serializedBytes
    }
}

extension NIOSSLCertificate {
    fileprivate convenience init(_ certificate: Certificate) throws {
        try self.init(bytes: certificate.derBytes(), format: .der)
    }
}
