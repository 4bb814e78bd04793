import AWSWire
import Foundation
import Testing

private struct Document: WireShape, Equatable {
    var name: String?
    var count: Int?
    var weight: Double?
    var enabled: Bool?
    var time: Timestamp?
    var blob: Data?
    var items: [Item]?
    var tags: [String: String]?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case count = "Count"
        case weight = "Weight"
        case enabled = "Enabled"
        case time = "Time"
        case blob = "Blob"
        case items = "Items"
        case tags = "Tags"
    }

    func validate(_ checker: inout ConstraintChecker) {}
}

private struct Item: Codable, Equatable {
    var value: Int?

    enum CodingKeys: String, CodingKey {
        case value = "Value"
    }
}

@Suite struct JSONCodecTests {
    private func decode(_ text: String) throws -> Document {
        try JSONCodec.decode(Document.self, from: Array(text.utf8))
    }

    private func failure(_ text: String) -> ServiceError? {
        do throws(ServiceError) {
            _ = try JSONCodec.decode(Document.self, from: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func `a shape is written as the services write it`() throws {
        let document = Document(
            name: "a\"\\/\n\u{1}é😀",
            count: 3,
            weight: 1,
            enabled: false,
            time: Timestamp(seconds: 1_712_345_678.12345),
            blob: Data([0, 255]),
            items: [Item(value: 1), Item()],
            tags: ["b": "2", "a": "1"]
        )
        #expect(
            String(decoding: try JSONCodec.encode(document), as: UTF8.self)
                == #"{"Name":"a\"\\/\n\u0001é😀","Count":3,"Weight":1.0,"Enabled":false,"Time":1712345678.123,"#
                + #""Blob":"AP8=","Items":[{"Value":1},{}],"Tags":{"a":"1","b":"2"}}"#
        )
    }

    @Test func `what is written is read back`() throws {
        let document = Document(
            name: "x",
            count: .max,
            weight: 0.1,
            enabled: true,
            time: Timestamp(seconds: 1.5),
            blob: Data("y".utf8),
            items: [],
            tags: [:]
        )
        #expect(try JSONCodec.decode(Document.self, from: JSONCodec.encode(document)) == document)
        #expect(String(decoding: try JSONCodec.encode(EmptyShape()), as: UTF8.self) == "{}")
    }

    @Test func `unknown members, nulls and an empty body are no error`() throws {
        #expect(try decode(#"{"Name": null, "Unknown": [{"a": 1e3}], "Count" : 2 }"#) == Document(count: 2))
        #expect(try decode("") == Document())
    }

    @Test func `of a member that occurs twice the last counts`() throws {
        #expect(try decode(#"{"Name":"a","Name":"b"}"#).name == "b")
    }

    @Test func `times are numbers, texts of numbers or ISO dates`() throws {
        #expect(try decode(#"{"Time": 1712345678}"#).time?.seconds == 1_712_345_678)
        #expect(try decode(#"{"Time": 1712345678.25}"#).time?.seconds == 1_712_345_678.25)
        #expect(try decode(#"{"Time": "1712345678.25"}"#).time?.seconds == 1_712_345_678.25)
        #expect(try decode(#"{"Time": "2024-04-05T19:34:38Z"}"#).time?.seconds == 1_712_345_678)
        #expect(try decode(#"{"Time": "2024-04-05T19:34:38.250Z"}"#).time?.seconds == 1_712_345_678.25)
        #expect(failure(#"{"Time": "yesterday"}"#)?.message == "'yesterday' is not a timestamp at Time")
    }

    @Test func `whole numbers in any spelling are integers`() throws {
        #expect(try decode(#"{"Count": 1e2}"#).count == 100)
        #expect(try decode(#"{"Count": -0}"#).count == 0)
        #expect(try decode(#"{"Weight": 7}"#).weight == 7)
        #expect(try decode(#"{"Weight": "Infinity"}"#).weight == .infinity)
    }

    @Test(arguments: [
        (#"{"Count": "1"}"#, "STRING_VALUE can not be converted to an Integer at Count"),
        (#"{"Count": 1.5}"#, "NUMBER_VALUE 1.5 can not be converted to an Integer at Count"),
        (
            #"{"Count": 9223372036854775808}"#,
            "NUMBER_VALUE 9.223372036854775807e+18 can not be converted to an Integer at Count"
        ),
        (#"{"Name": 1}"#, "NUMBER_VALUE can not be converted to a String at Name"),
        (#"{"Enabled": "true"}"#, "STRING_VALUE can not be converted to a Boolean at Enabled"),
        (#"{"Items": {}}"#, "Start of structure or map can not be converted to a list at Items"),
        (
            #"{"Items": [{"Value": []}]}"#,
            "Start of list can not be converted to an Integer at Items.1.member.Value"
        ),
        (#"{"Items": [7]}"#, "NUMBER_VALUE can not be converted to a structure or map at Items.1.member"),
        (#"{"Tags": {"k": 1}}"#, "NUMBER_VALUE can not be converted to a String at Tags.k"),
        (#"{"Blob": "?"}"#, "The value of Blob is not base64"),
        ("[]", "The request body is not a JSON object."),
    ])
    func `a value of the wrong type is named`(text: String, message: String) {
        let error = failure(text)
        #expect(error?.code == "SerializationException")
        #expect(error?.status == 400)
        // The digits of a large number depend on how it is printed: the rest must be as said.
        let found = error?.message.replacing(/9\.22[0-9]*e\+18/, with: "9.223372036854775807e+18")
        #expect(found == message)
    }

    @Test(arguments: [
        "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]", "{'a':1}", "nul", "01", "1.", "-", "1e", "+1",
        "\"a",
        "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\u{1}\"", "{} {}", "1e999", "\u{FEFF}{}", "NaN", "// x\n{}",
    ])
    func `what is not JSON is refused`(text: String) throws {
        let error = try #require(failure(text))
        #expect(error.code == "SerializationException")
        #expect(error.message.hasPrefix("The request body is not JSON"))
    }

    @Test func `deep nesting and broken encodings are refused`() {
        #expect(
            failure(String(repeating: "[", count: 1_000_000))?.message.contains("nested too deeply") == true
        )
        #expect(
            failure(String(repeating: "{\"a\":", count: 100_000))?.message.contains("nested too deeply")
                == true
        )
        #expect(throws: ServiceError.self) {
            try JSONCodec.decode(Document.self, from: [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D])
        }
    }

    @Test func `an error carries both spellings of its message and its members`() {
        let error = ServiceError(
            "ModelError",
            "a",
            status: 424,
            members: ["OriginalStatusCode": "500", "LogStreamArn": "x"]
        )
        #expect(
            String(decoding: JSONCodec.errorDocument(error), as: UTF8.self)
                == #"{"__type":"ModelError","message":"a","Message":"a","LogStreamArn":"x","OriginalStatusCode":500}"#
        )
    }
}
