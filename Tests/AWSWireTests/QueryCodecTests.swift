import AWSWire
import Testing

private struct Request: WireShape, Equatable {
    var roleArn: String?
    var seconds: Int?
    var isActive: Bool?
    var names: [String]?
    var tags: [Tag]?

    enum CodingKeys: String, CodingKey {
        case roleArn = "RoleArn"
        case seconds = "Seconds"
        case isActive = "IsActive"
        case names = "Names"
        case tags = "Tags"
    }

    func validate(_ checker: inout ConstraintChecker) {}
}

private struct Tag: Codable, Equatable {
    var key: String?
    var value: String?

    enum CodingKeys: String, CodingKey {
        case key = "Key"
        case value = "Value"
    }
}

private struct Reply: WireShape {
    var role: String?
    var created: Timestamp?
    var isTruncated: Bool?
    var tags: [Tag]?
    var details: [String: String]?

    enum CodingKeys: String, CodingKey {
        case role = "Role"
        case created = "CreateDate"
        case isTruncated = "IsTruncated"
        case tags = "Tags"
        case details = "Details"
    }

    func validate(_ checker: inout ConstraintChecker) {}
}

@Suite struct QueryCodecTests {
    private func decode(_ form: String) throws -> Request {
        try QueryCodec.decode(Request.self, from: Array(form.utf8))
    }

    @Test func `a form is read into a shape`() throws {
        let request = try decode(
            "Action=X&Version=1&RoleArn=arn%3Aaws%3Aiam+x%C3%A9&Seconds=900&IsActive=true&Names.member.2=b"
                + "&Names.member.10=c&Names.member.1=a&Tags.member.1.Key=k&Tags.member.1.Value=&Tags.member.2.Key=l"
        )
        #expect(
            request
                == Request(
                    roleArn: "arn:aws:iam xé",
                    seconds: 900,
                    isActive: true,
                    names: ["a", "b", "c"],
                    tags: [Tag(key: "k", value: ""), Tag(key: "l")]
                )
        )
    }

    @Test func `a list without a value is empty`() throws {
        #expect(try decode("Names=&Tags=") == Request(names: [], tags: []))
        #expect(try decode("") == Request())
    }

    @Test(arguments: [
        "Seconds=many", "Seconds=1.5", "IsActive=yes", "Names.member.x=a", "Names.1=a", "RoleArn.member.1=a",
        "RoleArn=%", "RoleArn=%4", "RoleArn=%zz", "RoleArn=%FF",
        "a." + String(repeating: "b.", count: 1000) + "=1",
    ])
    func `a form that does not fit is refused`(form: String) {
        #expect(throws: ServiceError.self) { try decode(form) }
    }

    @Test func `too many fields are refused`() {
        #expect(throws: ServiceError.self) { try decode(String(repeating: "a=b&", count: 20_000)) }
    }

    @Test func `a reply has a result and metadata`() throws {
        let reply = Reply(
            role: "a<b",
            created: Timestamp(seconds: 1_577_836_800.9),
            isTruncated: false,
            tags: [Tag(key: "k", value: "v")],
            details: ["x": "y"]
        )
        let bytes = try QueryCodec.encode(reply, operation: "GetRole", namespace: "urn:iam", requestID: "id")
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <GetRoleResponse xmlns="urn:iam"><GetRoleResult><Role>a&lt;b</Role>\
                <CreateDate>2020-01-01T00:00:00Z</CreateDate><IsTruncated>false</IsTruncated>\
                <Tags><member><Key>k</Key><Value>v</Value></member></Tags>\
                <Details><entry><key>x</key><value>y</value></entry></Details></GetRoleResult>\
                <ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetRoleResponse>
                """
        )
    }

    @Test func `an operation without output has only metadata`() throws {
        let bytes = try QueryCodec.encode(
            EmptyShape(),
            operation: "TagRole",
            namespace: "urn:iam",
            requestID: "id"
        )
        let root = try XMLElement.parse(bytes)
        #expect(root.children.map(\.name) == ["ResponseMetadata"])
    }

    @Test func `an error names its side, code and message`() throws {
        let error = ServiceError("NoSuchEntity", "The role", status: 404)
        let root = try XMLElement.parse(
            QueryCodec.errorDocument(error, namespace: "urn:iam", requestID: "id")
        )
        #expect(root.name == "ErrorResponse")
        #expect(root["Error"]?.children.map(\.text) == ["Sender", "NoSuchEntity", "The role"])
        #expect(root["RequestId"]?.text == "id")
    }
}
