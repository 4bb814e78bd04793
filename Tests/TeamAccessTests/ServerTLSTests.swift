import Crypto
import Foundation
import Proxy
import SwiftASN1
import TeamAccess
import Testing
import X509

@Suite struct ServerTLSTests {
    @Test func `Clary's own certificate covers the names of the reach and no other`() throws {
        try withFolder { folder in
            let reach = try ServerReach(host: "10.0.0.5", wantsTLS: true, names: ["clary.example"])
            let tls = try #require(try ServerTLS(reach, dataDirectory: folder))
            for host in ["10.0.0.5", "clary.example", "Clary.Example", "localhost", "127.0.0.1", "::1"] {
                #expect(tls.covers(host))
            }
            #expect(!tls.covers("10.0.0.6") && !tls.covers("x.clary.example"))
            #expect(tls.localHost(reach) == "10.0.0.5")
            #expect(tls.publicHost(reach) == "clary.example")
        }
    }

    @Test func `the authority is made once, its key for the owner only, and may sign any name`() throws {
        try withFolder { folder in
            let reach = try ServerReach(host: "0.0.0.0", wantsTLS: true)
            let first = try #require(try ServerTLS(reach, dataDirectory: folder))
            let second = try #require(try ServerTLS(reach, dataDirectory: folder))
            #expect(try first.fingerprint == second.fingerprint)
            let text = try String(contentsOfFile: first.trustFile, encoding: .utf8)
            #expect(text == first.authority)
            let certificate = try Certificate(pemEncoded: text)
            #expect(try certificate.extensions.nameConstraints == nil)
            #expect(try certificate.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
            let key = try FileManager.default.attributesOfItem(atPath: folder + "/tls/ca-key.pem")
            #expect(key[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `a leaf carries names and addresses and verifies by each`() async throws {
        let folder = try makeFolder()
        defer { removeFolder(folder) }
        let authority = try CertificateAuthority.open(folder: folder, scope: .server)
        let leaf = try authority.leaf(for: ["clary.example", "10.0.0.5", "::1"])
        for (name, address) in [("clary.example", nil), (nil, "10.0.0.5"), (nil, "::1")]
            as [(String?, String?)]
        {
            var verifier = Verifier(rootCertificates: CertificateStore([authority.certificate])) {
                RFC5280Policy()
                ServerIdentityPolicy(serverHostname: name, serverIP: address)
            }
            let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore())
            guard case .validCertificate = result else {
                Issue.record("does not verify by \(name ?? address ?? ""): \(result)")
                continue
            }
        }
    }

    @Test func `a certificate of one's own is used, and its key is not copied`() throws {
        try withFolder { folder in
            let (file, key) = try makeOwn(in: folder, hosts: ["*.example.org", "192.0.2.7"])
            let reach = try ServerReach(host: "0.0.0.0", wantsTLS: true, certificate: file, key: key)
            let tls = try #require(try ServerTLS(reach, dataDirectory: folder + "/data"))
            #expect(try tls.authority == nil && tls.fingerprint == nil)
            #expect(tls.covers("a.example.org") && tls.covers("192.0.2.7"))
            #expect(!tls.covers("example.org") && !tls.covers("a.b.example.org"))
            #expect(tls.localHost(reach) == "192.0.2.7")
            let trusted = try String(contentsOfFile: tls.trustFile, encoding: .utf8)
            #expect(trusted.contains("BEGIN CERTIFICATE") && !trusted.contains("PRIVATE"))
        }
    }

    @Test func `files that are no certificate, no key, of another key or too old are named`() throws {
        try withFolder { folder in
            let (file, key) = try makeOwn(in: folder, hosts: ["a"])
            let (_, otherKey) = try makeOwn(in: folder + "/other", hosts: ["b"])
            let noKey = folder + "/nonsense"
            try Data("nonsense".utf8).write(to: URL(filePath: noKey))
            func problem(_ file: String, _ key: String, now: Date = .now) throws -> String? {
                let reach = try ServerReach(host: "::", wantsTLS: true, certificate: file, key: key)
                do {
                    _ = try ServerTLS(reach, dataDirectory: folder + "/data", now: now)
                    return nil
                } catch let error as UnusableFile { return error.path }
            }
            #expect(try problem(file, key) == nil)
            #expect(try problem(noKey, key) == noKey)
            #expect(try problem(folder + "/none", key) == folder + "/none")
            #expect(try problem(file, noKey) == noKey)
            #expect(try problem(file, otherKey) == file)
            #expect(try problem(file, key, now: .now + 100 * 86_400) == file)
        }
    }
}

@Suite struct FingerprintTests {
    private let digits = String(repeating: "0aF1", count: 16)

    @Test func `the usual spellings are the same`() throws {
        let plain = try #require(Fingerprint(parsing: digits))
        #expect(Fingerprint(parsing: "SHA256:" + digits.lowercased()) == plain)
        #expect(Fingerprint(parsing: " \(plain)\n") == plain)
        #expect(plain.description.hasPrefix("0A:F1:0A:"))
    }

    @Test(arguments: ["", "0a", String(repeating: "g", count: 64), String(repeating: "é", count: 32)])
    func `anything else is none`(text: String) { #expect(Fingerprint(parsing: text) == nil) }

    @Test func `a text without a certificate has none`() {
        #expect(throws: (any Error).self) { try Fingerprint(ofPEM: "nonsense") }
    }
}

/// Files with a certificate and a key, as a user may bring them; good for 90 days.
private func makeOwn(in folder: String, hosts: [String]) throws -> (file: String, key: String) {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let name = try DistinguishedName { CommonName("own") }
    let certificate = try Certificate(
        version: .v3,
        serialNumber: Certificate.SerialNumber(),
        publicKey: key.publicKey,
        notValidBefore: .now - 86_400,
        notValidAfter: .now + 90 * 86_400,
        issuer: name,
        subject: name,
        signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
            SubjectAlternativeNames(hosts.map { GeneralName(host: $0) })
        },
        issuerPrivateKey: key
    )
    let files = (file: folder + "/own.pem", key: folder + "/own-key.pem")
    try Data(try certificate.serializeAsPEM().pemString.utf8).write(to: URL(filePath: files.file))
    try Data(try key.serializeAsPEM().pemString.utf8).write(to: URL(filePath: files.key))
    return files
}

private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try makeFolder()
    defer { removeFolder(folder) }
    try body(folder)
}

private func makeFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "clary-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
}

private func removeFolder(_ folder: String) {
    do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
}
