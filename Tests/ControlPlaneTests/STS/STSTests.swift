import AWSWire
import ControlPlane
import Gateway
import Testing

@Suite struct STSTests {
    @Test func `the owner is an assumed role`() async throws {
        let temporary = try await TemporaryIdentities()
        let service = STSHandlers(identities: temporary.identities).service
        let reply = await temporary.call(service, "Action=GetCallerIdentity&Version=2011-06-15").result
        #expect(reply?["Account"]?.text == "000000000000")
        #expect(reply?["Arn"]?.text == "arn:aws:sts::000000000000:assumed-role/ClaryExecutionRole/owner")
        #expect(reply?["UserId"]?.text.wholeMatch(of: /AROA[A-Z2-7]{17}:owner/) != nil)
    }

    @Test func `assuming a role gives credentials that act as it`() async throws {
        let temporary = try await TemporaryIdentities()
        let service = STSHandlers(identities: temporary.identities).service
        let form =
            "Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/ClaryExecutionRole&RoleSessionName=me"
            + "&DurationSeconds=900"
        let reply = try #require(await temporary.call(service, form).result)
        let key = try #require(reply["Credentials"]?["AccessKeyId"]?.text)
        let credential = try #require(temporary.identities.credential(for: key))
        #expect(reply["Credentials"]?["SecretAccessKey"]?.text == credential.secretAccessKey)
        #expect(reply["Credentials"]?["SessionToken"]?.text == credential.sessionToken)
        #expect(reply["Credentials"]?["Expiration"]?.text == "2023-11-14T22:28:20Z")
        #expect(reply["AssumedRoleUser"]?["Arn"]?.text == credential.principalARN)
        #expect(credential.principalARN == "arn:aws:sts::000000000000:assumed-role/ClaryExecutionRole/me")
        let identity = await temporary.call(service, "Action=GetCallerIdentity", as: credential).result
        #expect(identity?["Arn"]?.text == credential.principalARN)
    }

    @Test(arguments: [
        ("arn:aws:iam::000000000000:role/Missing", "", "AccessDenied", 403),
        ("arn:aws:iam::111111111111:role/ClaryExecutionRole", "", "AccessDenied", 403),
        ("arn:aws:iam::000000000000:user/Somebody", "", "ValidationError", 400),
        (
            "arn:aws:iam::000000000000:role/ClaryExecutionRole", "&DurationSeconds=43201",
            "ValidationError", 400
        ),
        ("arn:aws:iam::000000000000:role/ClaryExecutionRole", "&Policy=%7B%7D", "ValidationError", 400),
    ])
    func `a role that cannot be assumed is refused`(
        arn: String,
        more: String,
        code: String,
        status: Int
    ) async throws {
        let temporary = try await TemporaryIdentities()
        let service = STSHandlers(identities: temporary.identities).service
        let error = await temporary.call(
            service,
            "Action=AssumeRole&RoleArn=\(arn)&RoleSessionName=me\(more)"
        ).error
        #expect(error?.code == code)
        #expect(error?.status == status)
    }

    @Test func `only long-lived keys get session tokens`() async throws {
        let temporary = try await TemporaryIdentities()
        let service = STSHandlers(identities: temporary.identities).service
        let reply = try #require(await temporary.call(service, "Action=GetSessionToken").result)
        let key = try #require(reply["Credentials"]?["AccessKeyId"]?.text)
        let session = try #require(temporary.identities.credential(for: key))
        #expect(session.principalARN == temporary.identities.owner.principalARN)
        #expect(session.expiration == TemporaryIdentities.now + 43_200)
        let error = await temporary.call(service, "Action=GetSessionToken", as: session).error
        #expect(error?.code == "AccessDenied")
    }

    @Test func `an operation that is not built is named in a client error`() async throws {
        let temporary = try await TemporaryIdentities()
        let service = STSHandlers(identities: temporary.identities).service
        let error = await temporary.call(service, "Action=GetFederationToken").error
        #expect(error?.status == 400)
        #expect(error?.message.contains("GetFederationToken") == true)
    }
}
