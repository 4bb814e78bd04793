import AWSWire
import ControlPlane
import Foundation
import Gateway
import Policies
import Resources
import Testing

@Suite struct AccessTests {
    private static let trust =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#

    private static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    /// A user with the policies, and the key they call with.
    private static func user(
        _ name: String,
        in temporary: TemporaryIdentities,
        allowing statement: String? = nil
    ) async throws -> Caller {
        _ = try await temporary.identities.addUser(name)
        let key = try await temporary.identities.addKey(to: name)
        if let statement {
            let document = #"{"Version":"2012-10-17","Statement":["# + statement + "]}"
            try await temporary.identities.changeUser(name) { $0.inlinePolicies = ["p": document] }
        }
        let credential = try #require(temporary.identities.credential(for: key.accessKeyID))
        #expect(credential.principalARN == "arn:aws:iam::000000000000:user/\(name)")
        return TemporaryIdentities.caller(credential)
    }

    @Test func `the owner may do everything, a user without policies nothing`() async throws {
        let temporary = try await TemporaryIdentities()
        let access = Access(
            "sagemaker:CreateTrainingJob",
            on: "arn:aws:sagemaker:us-east-1:000000000000:training-job/j"
        )
        let owner = TemporaryIdentities.caller(temporary.identities.owner)
        #expect(temporary.identities.refusal(of: access, by: owner) == nil)
        let ada = try await Self.user("ada", in: temporary)
        #expect(
            temporary.identities.refusal(of: access, by: ada)
                == .denied(
                    """
                    User: arn:aws:iam::000000000000:user/ada is not authorized to perform: \
                    sagemaker:CreateTrainingJob on resource: \
                    arn:aws:sagemaker:us-east-1:000000000000:training-job/j because no identity-based policy allows \
                    the sagemaker:CreateTrainingJob action
                    """
                )
        )
    }

    @Test func `an explicit deny is told as one`() async throws {
        let temporary = try await TemporaryIdentities()
        let eve = try await Self.user(
            "eve",
            in: temporary,
            allowing:
                #"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"}"#
        )
        let refusal = temporary.identities.refusal(
            of: Access("s3:GetObject", on: "arn:aws:s3:::b/k"),
            by: eve
        )
        #expect(
            refusal?.message
                == #"User: arn:aws:iam::000000000000:user/eve is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::b/k" with an explicit deny in an identity-based policy"#
        )
        #expect(temporary.identities.refusal(of: Access("iam:ListUsers", on: "*"), by: eve) == nil)
    }

    @Test func `a removed user's key is dead, and a restart changes nothing`() async throws {
        let temporary = try await TemporaryIdentities()
        let ada = try await Self.user("ada", in: temporary)
        #expect(try await temporary.reopened().credential(for: ada.accessKeyID)?.authority == .user("ada"))
        try await temporary.identities.removeUser("ada")
        #expect(temporary.identities.credential(for: ada.accessKeyID) == nil)
        #expect(try await temporary.reopened().credential(for: ada.accessKeyID) == nil)
    }

    @Test func `a role is passed only by those who may, and only where it trusts the service`() async throws {
        let temporary = try await TemporaryIdentities()
        let iam = IAMService.make(identities: temporary.identities)
        let create = "Action=CreateRole&RoleName=R&AssumeRolePolicyDocument=\(Self.encode(Self.trust))"
        #expect(await temporary.call(iam, create).error == nil)
        let access = Access.passing("arn:aws:iam::000000000000:role/R")
        let without = try await Self.user("without", in: temporary)
        #expect(
            temporary.identities.refusal(of: access, by: without)?.message.contains("iam:PassRole") == true
        )
        let allowed = try await Self.user(
            "allowed",
            in: temporary,
            allowing:
                #"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"sagemaker.amazonaws.com"}}}"#
        )
        #expect(temporary.identities.refusal(of: access, by: allowed) == nil)

        let other = Self.trust.replacing("sagemaker.", with: "ec2.")
        let update = "Action=UpdateAssumeRolePolicy&RoleName=R&PolicyDocument=\(Self.encode(other))"
        #expect(await temporary.call(iam, update).error == nil)
        guard case .unusableRole = temporary.identities.refusal(of: access, by: allowed) else {
            Issue.record("A role that does not trust the service was passed.")
            return
        }
    }

    @Test func `a role that is not here is for the owner alone, one that was deleted for nobody`()
        async throws
    {
        let temporary = try await TemporaryIdentities()
        let owner = TemporaryIdentities.caller(temporary.identities.owner)
        let all = try await Self.user(
            "all",
            in: temporary,
            allowing: #"{"Effect":"Allow","Action":"*","Resource":"*"}"#
        )
        let cloud = "arn:aws:iam::123456789012:role/service-role/Cloud"
        #expect(temporary.identities.refusal(of: .passing(cloud), by: owner) == nil)
        #expect(temporary.identities.refusal(of: .passing(cloud), by: all) != nil)
        _ = try await temporary.identities.importRole(cloud)
        #expect(temporary.identities.refusal(of: .passing(cloud), by: all) == nil)

        let iam = IAMService.make(identities: temporary.identities)
        let create = "Action=CreateRole&RoleName=R&AssumeRolePolicyDocument=\(Self.encode(Self.trust))"
        #expect(await temporary.call(iam, create).error == nil)
        #expect(await temporary.call(iam, "Action=DeleteRole&RoleName=R").error == nil)
        let deleted = "arn:aws:iam::000000000000:role/R"
        #expect(temporary.identities.refusal(of: .passing(deleted), by: owner) != nil)
        let scope = Scope(account: .standard, region: .standard)
        let ghost = temporary.identities.principal(actingAs: deleted, sessionName: "SageMaker", scope: scope)
        #expect(ghost.authority == .nobody)
    }

    @Test func `the standard role reads and writes data and administers nothing`() async throws {
        let temporary = try await TemporaryIdentities()
        let scope = Scope(account: .standard, region: .standard)
        let job = temporary.identities.principal(
            actingAs: "arn:aws:iam::000000000000:role/ClaryExecutionRole",
            sessionName: "SageMaker",
            scope: scope
        )
        for action in ["s3:GetObject", "s3:PutObject", "logs:PutLogEvents", "sagemaker:InvokeEndpoint"] {
            #expect(temporary.identities.refusal(of: Access(action, on: "*"), by: job) == nil)
        }
        for action in ["iam:CreateUser", "sagemaker:CreateTrainingJob", "clary:Shutdown", "sts:AssumeRole"] {
            #expect(temporary.identities.refusal(of: Access(action, on: "*"), by: job) != nil)
        }
    }

    @Test func `a session named like the owner's is not the owner`() async throws {
        let temporary = try await TemporaryIdentities()
        let role = try #require(RoleARN("arn:aws:iam::000000000000:role/ClaryExecutionRole"))
        let session = try await temporary.identities.issueSession(
            assuming: role,
            sessionName: "owner",
            seconds: 900
        )
        #expect(session.principalARN == temporary.identities.owner.principalARN)
        let caller = TemporaryIdentities.caller(session)
        #expect(temporary.identities.refusal(of: Access("iam:CreateUser", on: "*"), by: caller) != nil)
    }

    @Test func `a role is assumed by those whom its trust policy names`() async throws {
        let temporary = try await TemporaryIdentities()
        let (iam, sts) = (
            IAMService.make(identities: temporary.identities),
            STSHandlers(identities: temporary.identities).service
        )
        let named = Self.trust.replacing(
            #"{"Service":"sagemaker.amazonaws.com"}"#,
            with: #"{"AWS":"arn:aws:iam::000000000000:user/ada"}"#
        ).replacing(
            #""Action":"sts:AssumeRole""#,
            with: #""Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"ex"}}"#
        )
        let create = "Action=CreateRole&RoleName=R&AssumeRolePolicyDocument=\(Self.encode(named))"
        #expect(await temporary.call(iam, create).error == nil)
        let ada = try await Self.user("ada", in: temporary)
        let eve = try await Self.user("eve", in: temporary)
        let assume = "Action=AssumeRole&RoleSessionName=me&RoleArn=arn:aws:iam::000000000000:role/R"
        let adaKey = temporary.identities.credential(for: ada.accessKeyID)
        let eveKey = temporary.identities.credential(for: eve.accessKeyID)
        #expect(await temporary.call(sts, assume + "&ExternalId=ex", as: adaKey).error == nil)
        #expect(await temporary.call(sts, assume, as: adaKey).error?.code == "AccessDenied")
        #expect(
            await temporary.call(sts, assume + "&ExternalId=ex", as: eveKey).error?.code == "AccessDenied"
        )
    }

    @Test func `every operation of the identity services has an action`() async throws {
        let temporary = try await TemporaryIdentities()
        let services = [
            IAMService.make(identities: temporary.identities),
            STSHandlers(identities: temporary.identities).service,
        ]
        let free: Set = ["sts:GetCallerIdentity", "sts:GetSessionToken"]
        for service in services {
            #expect(!service.offered.isEmpty)
            for operation in service.offered {
                let permission = try #require(service.permission(of: operation))
                #expect(permission.action == "\(service.name):\(operation)")
                #expect(permission.isAsked != free.contains(permission.action), "\(permission.action)")
            }
        }
        for (call, action) in PlatformCall.actions { #expect(action.hasPrefix("clary:"), "\(call)") }
    }

    @Test func `an administrator of policies but not of users cannot be mistaken for one`() async throws {
        let temporary = try await TemporaryIdentities()
        let iam = IAMService.make(identities: temporary.identities)
        let reader = try await Self.user("reader", in: temporary)
        try await temporary.identities.changeUser("reader") {
            $0.attachedPolicies = [ManagedPolicies.prefix + "ReadOnlyAccess"]
        }
        let key = temporary.identities.credential(for: reader.accessKeyID)
        #expect(await temporary.call(iam, "Action=ListUsers", as: key).error == nil)
        let error = await temporary.call(iam, "Action=CreateUser&UserName=x", as: key).error
        #expect(error?.code == "AccessDenied")
        #expect(error?.status == 403)
    }
}
