package import Foundation
package import NIOCore
import NIOSSL
import Proxy
import SwiftASN1
import X509

/// The TLS of a server's port: its certificate, and what others need to believe it.
package struct ServerTLS: Sendable {
    /// File with the certificates that a client must trust to verify the server's.
    package let trustFile: String
    /// The certificate of Clary's own authority as PEM; `nil` if the certificate is the user's.
    package let authority: String?
    /// The names and addresses that the certificate is good for; a user's may have `*.` in front.
    package let names: [String]
    private let source: Source

    private enum Source {
        case authority(CertificateAuthority)
        case own(NIOSSLContext)
    }

    /// Loads or makes what the reach asks for; `nil` for one without TLS.
    ///
    /// - Parameters:
    ///   - reach: Where the server listens.
    ///   - dataDirectory: Holds `tls/`: the authority's key and certificate.
    ///   - now: The present.
    /// - Throws: `UnusableFile` for a file that is no certificate, no key, of another key or past its end.
    package init?(_ reach: ServerReach, dataDirectory: String, now: Date = .now) throws {
        let folder = dataDirectory + "/tls"
        switch reach.protection {
        case .nothing: return nil
        case .authority:
            let authority = try CertificateAuthority.open(folder: folder, scope: .server, now: now)
            names = reach.certificateNames(
                machine: ProcessInfo.processInfo.hostName,
                addresses: ServerReach.machineAddresses()
            )
            trustFile = folder + "/ca.pem"
            self.authority = try authority.certificatePEM()
            source = .authority(authority)
            _ = try authority.serverContext(for: names, now: now)
        case .certificate(let file, let key):
            let chain = try Self.read(file)
            guard let leaf = chain.first else {
                throw UnusableFile(path: file, problem: "it holds no certificate")
            }
            guard leaf.notValidAfter > now else {
                throw UnusableFile(path: file, problem: "the certificate ended on \(leaf.notValidAfter)")
            }
            source = .own(try Self.context(chain, file: file, key: key))
            names = Self.names(of: leaf)
            trustFile = folder + "/own-chain.pem"
            authority = nil
            // Not the file itself: some keep the key in it too.
            let text = try chain.map { try $0.serializeAsPEM().pemString + "\n" }.joined()
            try PrivateFile.write(Data(text.utf8), to: trustFile, mode: 0o644)
        }
    }

    /// What people compare before they trust Clary's own authority; `nil` if the certificate is the user's.
    package var fingerprint: Fingerprint? {
        get throws { try authority.map { try Fingerprint(ofPEM: $0) } }
    }

    /// Decrypts one connection; a certificate of Clary's that soon ends is renewed first.
    package func handler() throws -> any ChannelHandler {
        switch source {
        case .own(let context): NIOSSLServerHandler(context: context)
        case .authority(let authority):
            NIOSSLServerHandler(context: try authority.serverContext(for: names))
        }
    }

    /// Whether clients that call the server by this name or address accept the certificate.
    package func covers(_ host: String) -> Bool {
        let host = host.lowercased()
        return names.contains { name in
            guard name.hasPrefix("*.") else { return name == host }
            // A star stands for one label (RFC 6125, section 6.4.3).
            guard let dot = host.firstIndex(of: ".") else { return false }
            return host[dot...] == name.dropFirst() && NetworkAddress(host) == nil
        }
    }

    /// The host by which this machine calls the server, which the certificate covers if it covers any that leads here.
    package func localHost(_ reach: ServerReach) -> String {
        let candidates = [reach.localHost, "localhost", "127.0.0.1", ProcessInfo.processInfo.hostName]
        return (candidates + names).first { covers($0) && !$0.hasPrefix("*") } ?? reach.localHost
    }

    /// The host by which other machines call the server: of Clary's own names the first, which somebody chose.
    package func publicHost(_ reach: ServerReach) -> String {
        if authority == nil, covers(reach.host) { return reach.host }
        return names.first { !$0.hasPrefix("*") } ?? reach.localHost
    }

    // MARK: A certificate of the user's

    private static func read(_ file: String) throws -> [Certificate] {
        let text: String
        do { text = try String(contentsOfFile: file, encoding: .utf8) } catch {
            throw UnusableFile(path: file, problem: (error as NSError).localizedDescription)
        }
        do {
            return try PEMDocument.parseMultiple(pemString: text)
                .filter { $0.discriminator == Certificate.defaultPEMDiscriminator }
                .map { try Certificate(pemDocument: $0) }
        } catch { throw UnusableFile(path: file, problem: "it is no PEM certificate (\(error))") }
    }

    private static func context(_ chain: [Certificate], file: String, key: String) throws -> NIOSSLContext {
        let loaded: NIOSSLPrivateKey
        do { loaded = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
            throw UnusableFile(path: key, problem: "it is no PEM key that is readable without a password")
        }
        do {
            return try NIOSSLContext.server(
                chain: chain.map { try NIOSSLCertificate(bytes: $0.derBytes(), format: .der) },
                key: loaded
            )
        } catch {
            throw UnusableFile(path: file, problem: "it does not go with the key \(key) (\(error))")
        }
    }

    /// The names of a certificate, addresses in their usual spelling.
    static func names(of certificate: Certificate) -> [String] {
        // A certificate without them is good for no name.
        let alternatives = (try? certificate.extensions.subjectAlternativeNames).map(Array.init) ?? []
        return alternatives.compactMap { name in
            switch name {
            case .dnsName(let text): text.lowercased()
            case .ipAddress(let address): NetworkAddress(bytes: Array(address.bytes))?.description
            default: nil
            }
        }
    }
}
