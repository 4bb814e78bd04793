import ControlPlane
import Foundation
import Gateway
import Resources
import Testing

@Suite struct IdentityStoreTests {
    @Test func `the owner's key is made once and kept in a file of its owner`() async throws {
        let temporary = try await TemporaryIdentities()
        let owner = temporary.identities.owner
        #expect(owner.accessKeyID.wholeMatch(of: /AKIA[A-Z2-7]{16}/) != nil)
        #expect(owner.secretAccessKey.count == 40)
        #expect(owner.principalARN == "arn:aws:sts::000000000000:assumed-role/ClaryExecutionRole/owner")
        #expect(temporary.identities.credential(for: owner.accessKeyID) == owner)
        #expect(temporary.identities.credential(for: "AKIAUNKNOWN") == nil)

        let attributes = try FileManager.default.attributesOfItem(atPath: temporary.credentialsFile)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let data = try #require(FileManager.default.contents(atPath: temporary.credentialsFile))
        let file = try JSONDecoder().decode([String: String].self, from: data)
        #expect(file == ["accessKeyId": owner.accessKeyID, "secretAccessKey": owner.secretAccessKey])

        #expect(try await temporary.reopened().owner == owner)
    }

    @Test func `a credentials file that was lost or opened to others is made anew`() async throws {
        let temporary = try await TemporaryIdentities()
        let before = try #require(FileManager.default.contents(atPath: temporary.credentialsFile))
        try FileManager.default.removeItem(atPath: temporary.credentialsFile)
        _ = try await temporary.reopened()
        #expect(FileManager.default.contents(atPath: temporary.credentialsFile) == before)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644],
            ofItemAtPath: temporary.credentialsFile
        )
        _ = try await temporary.reopened()
        let attributes = try FileManager.default.attributesOfItem(atPath: temporary.credentialsFile)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test func `a session lives through a restart until it expires`() async throws {
        let temporary = try await TemporaryIdentities()
        let role = try #require(RoleARN("arn:aws:iam::000000000000:role/path/Worker"))
        let session = try await temporary.identities.issueSession(
            assuming: role,
            sessionName: "job",
            seconds: 900
        )
        #expect(session.accessKeyID.hasPrefix("ASIA"))
        #expect(session.expiration == TemporaryIdentities.now + 900)
        #expect(session.principalARN == "arn:aws:sts::000000000000:assumed-role/Worker/job")
        #expect(temporary.identities.credential(for: session.accessKeyID) == session)
        let later = try await temporary.reopened(at: TemporaryIdentities.now + 899)
        #expect(later.credential(for: session.accessKeyID) == session)
        let afterwards = try await temporary.reopened(at: TemporaryIdentities.now + 901)
        #expect(afterwards.credential(for: session.accessKeyID) == nil)
    }

    @Test(arguments: [
        "", "role/R", "arn:aws:iam::1:role/R", "arn:aws:iam::000000000000:user/R",
        "arn:aws:iam::000000000000:role/",
    ])
    func `what is no role's ARN is not read as one`(text: String) {
        #expect(RoleARN(text) == nil)
    }
}
