import Crypto
package import Foundation
package import NIOSSL
import SwiftASN1
import Synchronization
package import X509

/// The proxy's own certificate authority: a key in the data directory and a leaf per host, made on demand.
///
/// The authority may sign names below `amazonaws.com` only (a critical name constraint, RFC 5280 section
/// 4.2.1.10), so a client that trusts it trusts nothing else by it.
package final class CertificateAuthority: Sendable {
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
    ///   - now: The present.
    /// - Returns: An authority that is good for 30 days at least.
    /// - Throws: `UnusableFile` if a file cannot be understood, or the file system's error.
    package static func open(folder: String, now: Date = .now) throws -> CertificateAuthority {
        let keyPath = folder + "/ca-key.pem"
        let certificatePath = folder + "/ca.pem"
        if FileManager.default.fileExists(atPath: keyPath),
            FileManager.default.fileExists(atPath: certificatePath)
        {
            let authority = try load(keyPath: keyPath, certificatePath: certificatePath)
            if authority.certificate.notValidAfter > now + 30 * day { return authority }
        }
        let authority = try make(now: now)
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

    private static func make(now: Date) throws -> CertificateAuthority {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let name = try DistinguishedName {
            OrganizationName("Clary")
            CommonName("Clary stand-in for AWS hosts on this machine")
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
                SubjectKeyIdentifier(hash: publicKey)
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
        return CertificateAuthority(certificate: certificate, key: key)
    }

    /// The authority's certificate as clients' bundles want it.
    package func certificatePEM() throws -> String { try certificate.serializeAsPEM().pemString + "\n" }

    /// A certificate for one host.
    ///
    /// - Parameters:
    ///   - host: A name below `amazonaws.com`; the authority's constraint makes any other one worthless.
    ///   - now: The present.
    /// - Returns: A certificate that is good for 90 days.
    /// - Throws: The encoder's or the signature's error.
    package func leaf(for host: String, now: Date = .now) throws -> Certificate {
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
                SubjectAlternativeNames([.dnsName(host)])
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(
                    keyIdentifier: SubjectKeyIdentifier(hash: certificate.publicKey).keyIdentifier
                )
            },
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
    }

    /// TLS settings of a server that answers as `host`; made once per host.
    package func serverContext(for host: String, now: Date = .now) throws -> NIOSSLContext {
        let known = leaves.withLock { $0[host] }
        if let known, known.expiry > now + CertificateAuthority.day { return known.context }
        let leaf = try leaf(for: host, now: now)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [
                .certificate(try NIOSSLCertificate(leaf)), .certificate(try NIOSSLCertificate(certificate)),
            ],
            privateKey: .privateKey(
                try NIOSSLPrivateKey(bytes: Array(leafKey.pemRepresentation.utf8), format: .pem)
            )
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        let context = try NIOSSLContext(configuration: configuration)
        leaves.withLock { leaves in
            if leaves.count >= CertificateAuthority.leafLimit { leaves.removeAll() }
            leaves[host] = Leaf(context: context, expiry: leaf.notValidAfter)
        }
        return context
    }
}

extension NIOSSLCertificate {
    fileprivate convenience init(_ certificate: Certificate) throws {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        try self.init(bytes: serializer.serializedBytes, format: .der)
    }
}
