import AWSWire
import ExternalStore
import Testing

@Suite struct AccessKeyFileTests {
    private static let text = """
        # what a person wrote
        [default]
        aws_access_key_id = A
        aws_secret_access_key=B=C
        region = eu-west-1

        [ team ]
          aws_access_key_id=D
        aws_secret_access_key = E
        aws_session_token = F
        """

    @Test func `a profile's key is found, whatever the spaces`() throws {
        let own = try AccessKeyFile.key(in: Self.text, profile: "default", path: "f")
        #expect(own == SigningCredential(accessKeyID: "A", secretAccessKey: "B=C"))
        let team = try AccessKeyFile.key(in: Self.text, profile: "team", path: "f")
        #expect(team == SigningCredential(accessKeyID: "D", secretAccessKey: "E", sessionToken: "F"))
    }

    @Test(arguments: [
        ("other", "f has no profile [other]."),
        ("half", "f has no aws_secret_access_key in its profile [half]."),
    ])
    func `what is missing is named`(profile: String, message: String) {
        let text = Self.text + "\n[half]\naws_access_key_id = X\naws_secret_access_key =\n"
        let error = #expect(throws: MissingAccessKey.self) {
            _ = try AccessKeyFile.key(in: text, profile: profile, path: "f")
        }
        #expect(error?.description == message)
    }
}

@Suite struct ExternalEndpointTests {
    @Test(arguments: [
        ("http://minio:9000", "http://minio:9000", "minio:9000"),
        ("https://s3.example.com/", "https://s3.example.com", "s3.example.com"),
        ("https://s3.example.com:443", "https://s3.example.com", "s3.example.com"),
        ("http://[::1]:80", "http://[::1]", "[::1]"),
    ])
    func `an address has a scheme and a host`(text: String, address: String, host: String) throws {
        let endpoint = try ExternalEndpoint(text, region: "us-east-1")
        #expect(endpoint.address == address)
        #expect(endpoint.host == host)
    }

    @Test(arguments: ["", "s3.example.com", "ftp://x", "http://", "http://x/b", "http://u@x", "http://x?y"])
    func `anything else is refused`(text: String) {
        #expect(throws: UnusableEndpoint.self) { _ = try ExternalEndpoint(text, region: "us-east-1") }
    }
}
