import Resources
import Testing

@Suite struct IdentifierTests {
    @Test(arguments: ["us-east-1", "us-gov-west-1", "ap-southeast-12", "cn-north-1"])
    func `real regions are accepted`(text: String) {
        #expect(Region(text)?.description == text)
    }

    @Test(arguments: ["", "us-east", "us--1", "US-EAST-1", "us-east-123", "a-b-c-d-1", "us-east-1/"])
    func `other texts are no regions`(text: String) {
        #expect(Region(text) == nil)
    }

    @Test func `an account has twelve digits`() {
        #expect(AccountID("123456789012")?.description == "123456789012")
        #expect(AccountID("12345678901") == nil)
        #expect(AccountID("12345678901x") == nil)
    }

    @Test func `an ARN carries the partition and the name in lower case`() throws {
        let scope = Scope(account: .standard, region: try #require(Region("cn-north-1")))
        let arn = scope.sageMakerARN("training-job", "My-Job")
        #expect(arn == "arn:aws-cn:sagemaker:cn-north-1:000000000000:training-job/my-job")
    }

    @Test(arguments: [
        ("s3://b/k/x", "b", "k/x"), ("s3://b", "b", ""), ("s3://b/", "b", ""), ("s3://b//x", "b", "/x"),
    ])
    func `an S3 address is split at its first slash`(uri: String, bucket: String, key: String) {
        #expect(S3Location(uri: uri) == S3Location(bucket: bucket, key: key))
    }

    @Test(arguments: ["", "s3://", "s3:///k", "https://b/k", "S3://b/k"])
    func `other texts are no S3 addresses`(uri: String) {
        #expect(S3Location(uri: uri) == nil)
    }

    @Test(arguments: ["", "a", "a/"])
    func `a component follows exactly one slash`(key: String) {
        let joined = S3Location(bucket: "b", key: key).appending("c")
        #expect(joined.key == (key.isEmpty ? "c" : "a/c"))
    }
}
