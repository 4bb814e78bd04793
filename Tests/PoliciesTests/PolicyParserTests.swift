import Policies
import Testing

@Suite struct PolicyParserTests {
    private static func message(_ text: String, _ form: Policy.Form) -> String? {
        do {
            _ = try Policy(parsing: text, as: form)
            return nil
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ("nonsense", "This policy contains invalid Json"),
        ("[]", "This policy contains invalid Json"),
        (#"{"Version":"2012-10-17"}"#, "Missing required field Statement"),
        (#"{"Version":"2012-10-17","Statement":[]}"#, "Syntax errors in policy."),
        (#"{"Version":"2013-01-01","Statement":[]}"#, "Syntax errors in policy."),
        (
            #"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#,
            "Policy document must be version 2012-10-17 or greater."
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*"}]}"#,
            "Missing required field Resource"
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*"}]}"#,
            "Missing required field Action"
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Action":"s3:*","Resource":"*"}]}"#,
            "Missing required field Effect"
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"s3:*","Resource":"*"}]}"#,
            "Syntax errors in policy."
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Actions":"s3:*","Resource":"*"}]}"#,
            "Syntax errors in policy."
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3","Resource":"*"}]}"#,
            "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}]}"#,
            #"Resource bucket must be in ARN format or "*"."#
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}]}"#,
            "Policy document should not specify a principal."
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringIs":{"a:b":"c"}}}]}"#,
            "Invalid Condition type : StringIs."
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#,
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
        ),
    ])
    func `a malformed identity policy is refused in IAM's words`(text: String, message: String) {
        #expect(Self.message(text, .identity) == message)
    }

    @Test(arguments: [
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}"#,
            "Missing required field Principal"
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}]}"#,
            "AssumeRole policy may only specify STS AssumeRole actions."
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:*","Resource":"*"}]}"#,
            "Has prohibited field Resource"
        ),
        (
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"me"},"Action":"sts:*"}]}"#,
            #"Invalid principal in policy: "AWS":"me""#
        ),
    ])
    func `a malformed trust policy is refused in IAM's words`(text: String, message: String) {
        #expect(Self.message(text, .trust) == message)
    }

    @Test(arguments: ManagedPolicies.arns)
    func `every built-in policy can be read`(arn: String) throws {
        let document = try #require(ManagedPolicies.document(of: arn))
        #expect(Self.message(document, .identity) == nil)
    }
}
