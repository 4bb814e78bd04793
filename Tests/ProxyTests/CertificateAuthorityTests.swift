import Foundation
import Proxy
import SwiftASN1
import Testing
import X509

@Suite struct CertificateAuthorityTests {
    @Test func `the authority may sign names below amazonaws only, and no further authority`() async throws {
        try await withTemporaryFolder { folder in
            let certificate = try CertificateAuthority.open(folder: folder).certificate
            let names = try #require(try certificate.extensions.nameConstraints)
            #expect(Array(names.permittedDNSDomains) == ["amazonaws.com"])
            #expect(Array(names.excludedIPRanges).map(\.bytes.count) == [8, 32])
            #expect(certificate.extensions[oid: .X509ExtensionID.nameConstraints]?.critical == true)
            #expect(try certificate.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
        }
    }

    @Test func `a leaf carries its host and verifies for a client that trusts the authority`() async throws {
        try await withTemporaryFolder { folder in
            let authority = try CertificateAuthority.open(folder: folder)
            let leaf = try authority.leaf(for: ["a.b.s3.us-east-1.amazonaws.com"])
            var verifier = Verifier(rootCertificates: CertificateStore([authority.certificate])) {
                RFC5280Policy()
                ServerIdentityPolicy(serverHostname: "a.b.s3.us-east-1.amazonaws.com", serverIP: nil)
            }
            guard
                case .validCertificate = await verifier.validate(
                    leaf: leaf,
                    intermediates: CertificateStore()
                )
            else {
                Issue.record("the leaf does not verify")
                return
            }
        }
    }

    @Test func `a leaf for a host outside amazonaws is worthless`() async throws {
        try await withTemporaryFolder { folder in
            let authority = try CertificateAuthority.open(folder: folder)
            let leaf = try authority.leaf(for: ["bank.example"])
            var verifier = Verifier(rootCertificates: CertificateStore([authority.certificate])) {
                RFC5280Policy()
                ServerIdentityPolicy(serverHostname: "bank.example", serverIP: nil)
            }
            guard
                case .couldNotValidate = await verifier.validate(
                    leaf: leaf,
                    intermediates: CertificateStore()
                )
            else {
                Issue.record("the name constraint does not hold")
                return
            }
        }
    }

    @Test func `the authority survives a restart, its key readable by the owner only`() async throws {
        try await withTemporaryFolder { folder in
            let first = try CertificateAuthority.open(folder: folder)
            let second = try CertificateAuthority.open(folder: folder)
            #expect(first.certificate == second.certificate)
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/ca-key.pem")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `an authority that soon ends is replaced`() async throws {
        try await withTemporaryFolder { folder in
            let old = try CertificateAuthority.open(folder: folder, now: .now - 3640 * 86_400)
            #expect(try CertificateAuthority.open(folder: folder).certificate != old.certificate)
        }
    }

    @Test func `a broken key file is named`() async throws {
        try await withTemporaryFolder { folder in
            _ = try CertificateAuthority.open(folder: folder)
            try Data("nonsense".utf8).write(to: URL(filePath: folder + "/ca-key.pem"))
            #expect { try CertificateAuthority.open(folder: folder) } throws: { error in
                (error as? UnusableFile)?.path == folder + "/ca-key.pem"
            }
        }
    }
}

/// Runs a test with a folder of its own.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = try makeTemporaryFolder()
    defer { removeTemporaryFolder(folder) }
    return try await body(folder)
}

private func makeTemporaryFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "clary-proxy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
}

private func removeTemporaryFolder(_ folder: String) {
    do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
}
