import AWSWire
import ControlPlane
import Foundation
import Testing

@Suite struct IAMTests {
    private static let trust = encode(
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"#
            + #""Action":"sts:AssumeRole"}]}"#
    )

    private static func encode(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    @Test func `the standard role trusts the service`() async throws {
        let temporary = try await TemporaryIdentities()
        let service = IAMService.make(identities: temporary.identities)
        let role = await temporary.call(service, "Action=GetRole&RoleName=ClaryExecutionRole").result?["Role"]
        #expect(role?["Arn"]?.text == "arn:aws:iam::000000000000:role/ClaryExecutionRole")
        #expect(role?["CreateDate"]?.text == "2023-11-14T22:13:20Z")
        let document = role?["AssumeRolePolicyDocument"]?.text
        #expect(document?.hasPrefix("%7B%22Version%22%3A") == true)
        #expect(document?.removingPercentEncoding?.contains("\"sagemaker.amazonaws.com\"") == true)
    }

    @Test func `a role is made, found, tagged, changed and deleted`() async throws {
        let temporary = try await TemporaryIdentities()
        let service = IAMService.make(identities: temporary.identities)
        let form =
            "Action=CreateRole&RoleName=R&Path=%2Fteam%2F&Description=d&MaxSessionDuration=7200"
            + "&Tags.member.1.Key=a&Tags.member.1.Value=b&AssumeRolePolicyDocument=\(Self.trust)"
        let made = await temporary.call(service, form).result?["Role"]
        #expect(made?["Arn"]?.text == "arn:aws:iam::000000000000:role/team/R")
        #expect(await temporary.call(service, form).error?.code == "EntityAlreadyExists")

        let other = "Action=TagRole&RoleName=R&Tags.member.1.Key=c&Tags.member.1.Value="
        #expect(await temporary.call(service, other).error == nil)
        let document = #"{"Statement":{"Effect":"Deny","Principal":"*","Action":"sts:*"}}"#
        let trust = "Action=UpdateAssumeRolePolicy&RoleName=R&PolicyDocument=\(Self.encode(document))"
        #expect(await temporary.call(service, trust).error == nil)
        let role = await temporary.call(service, "Action=GetRole&RoleName=R").result?["Role"]
        #expect(role?["AssumeRolePolicyDocument"]?.text.removingPercentEncoding == document)
        #expect(role?["MaxSessionDuration"]?.text == "7200")
        #expect(role?["Tags"]?.children.map { $0.children.map(\.text) } == [["a", "b"], ["c", ""]])

        #expect(await temporary.call(service, "Action=DeleteRole&RoleName=R").error == nil)
        let error = await temporary.call(service, "Action=GetRole&RoleName=R").error
        #expect(error == ServiceError("NoSuchEntity", "The role with name R cannot be found.", status: 404))
    }

    @Test(arguments: [
        ("Action=CreateRole&RoleName=R&AssumeRolePolicyDocument=nonsense", "MalformedPolicyDocument"),
        ("Action=CreateRole&RoleName=R&AssumeRolePolicyDocument=%7B%7D", "MalformedPolicyDocument"),
        ("Action=DeleteRole&RoleName=ClaryExecutionRole", "UnmodifiableEntity"),
        ("Action=DeleteRole&RoleName=Missing", "NoSuchEntity"),
        ("Action=TagRole&RoleName=Missing&Tags.member.1.Key=c&Tags.member.1.Value=", "NoSuchEntity"),
        ("Action=ListRoles&Marker=x", "ValidationError"),
        (
            "Action=AttachRolePolicy&RoleName=ClaryExecutionRole&PolicyArn=arn:aws:iam::000000000000:policy/Own",
            "NoSuchEntity"
        ),
        (
            "Action=DetachRolePolicy&RoleName=ClaryExecutionRole&PolicyArn=arn:aws:iam::aws:policy/Other",
            "NoSuchEntity"
        ),
        (
            "Action=SimulatePrincipalPolicy&PolicySourceArn=arn:aws:iam::000000000000:role/Missing&ActionNames.member.1=s3:GetObject",
            "NoSuchEntity"
        ),
        (
            "Action=SimulatePrincipalPolicy&PolicySourceArn=arn:aws:s3:::some-bucket-name&ActionNames.member.1=s3:GetObject",
            "InvalidInput"
        ),
    ])
    func `what cannot be done is refused`(form: String, code: String) async throws {
        let temporary = try await TemporaryIdentities()
        let service = IAMService.make(identities: temporary.identities)
        #expect(await temporary.call(service, form).error?.code == code)
    }

    @Test func `roles are listed in pages`() async throws {
        let temporary = try await TemporaryIdentities()
        let service = IAMService.make(identities: temporary.identities)
        for name in ["A", "B"] {
            let form = "Action=CreateRole&RoleName=\(name)&AssumeRolePolicyDocument=\(Self.trust)"
            #expect(await temporary.call(service, form).error == nil)
        }
        let first = await temporary.call(service, "Action=ListRoles&MaxItems=2").result
        #expect(first?["Roles"]?.children.compactMap { $0["RoleName"]?.text } == ["A", "B"])
        #expect(first?["IsTruncated"]?.text == "true")
        let marker = try #require(first?["Marker"]?.text)
        let second = await temporary.call(service, "Action=ListRoles&MaxItems=2&Marker=\(marker)").result
        #expect(second?["Roles"]?.children.compactMap { $0["RoleName"]?.text } == ["ClaryExecutionRole"])
        #expect(second?["IsTruncated"]?.text == "false")
    }

    @Test func `policies are attached, listed and hold their role`() async throws {
        let temporary = try await TemporaryIdentities()
        let service = IAMService.make(identities: temporary.identities)
        let create = "Action=CreateRole&RoleName=R&AssumeRolePolicyDocument=\(Self.trust)"
        #expect(await temporary.call(service, create).error == nil)
        let policy = "RoleName=R&PolicyArn=arn:aws:iam::aws:policy/AmazonS3FullAccess"
        #expect(await temporary.call(service, "Action=AttachRolePolicy&\(policy)").error == nil)
        let list = await temporary.call(service, "Action=ListAttachedRolePolicies&RoleName=R").result
        #expect(
            list?["AttachedPolicies"]?.children.compactMap { $0["PolicyName"]?.text } == [
                "AmazonS3FullAccess"
            ]
        )
        #expect(await temporary.call(service, "Action=DeleteRole&RoleName=R").error?.code == "DeleteConflict")
        #expect(await temporary.call(service, "Action=DetachRolePolicy&\(policy)").error == nil)
        #expect(await temporary.call(service, "Action=DeleteRole&RoleName=R").error == nil)
    }

    @Test func `a simulation says what the role's policies say`() async throws {
        let temporary = try await TemporaryIdentities()
        let service = IAMService.make(identities: temporary.identities)
        let form =
            "Action=SimulatePrincipalPolicy&PolicySourceArn=arn:aws:iam::000000000000:role/ClaryExecutionRole"
            + "&ActionNames.member.1=ecr:GetAuthorizationToken&ActionNames.member.2=s3:PutObject&ActionNames.member.3=iam:CreateUser"
            + "&ActionNames.member.4=ec2:DescribeVpcs"
        let reply = await temporary.call(service, form).result
        let results = reply?["EvaluationResults"]?.children ?? []
        #expect(
            results.map { $0["EvalActionName"]?.text } == [
                "ecr:GetAuthorizationToken", "s3:PutObject", "iam:CreateUser", "ec2:DescribeVpcs",
            ]
        )
        #expect(
            results.map { $0["EvalDecision"]?.text } == ["allowed", "allowed", "implicitDeny", "allowed"]
        )
        #expect(results.allSatisfy { $0["EvalResourceName"]?.text == "*" })
        #expect(reply?["IsTruncated"]?.text == "false")
    }
}
