import AWSWire
import Testing

@Suite struct JSONMisfitsTests {
    private struct Shape: Codable, Equatable {
        var name: String?
        var count: Int?
        var flag: Bool?
        var names: [String]?
        var inner: [Part]?
        var map: [String: String]?
        var time: Timestamp?

        struct Part: Codable, Equatable {
            var size: Int?
        }
    }

    private func read(_ text: String, atMost most: Int = 10) throws -> (Shape, [MisfitValue]) {
        try JSONCodec.decode(Shape.self, from: JSONCodec.tree(of: Array(text.utf8)), atMost: most)
    }

    @Test func `every value of a wrong type is told, and the others are read`() throws {
        let (shape, misfits) = try read(
            """
            {"name": 5, "count": "two", "flag": true, "names": ["a", 1, "b"], "inner": [{"size": 1}, "x", {"size": []}],
             "map": {"a": "b", "c": 1.5}, "time": {}}
            """
        )
        #expect(
            Set(misfits.map(\.path)) == [
                "name", "count", "names[1]", "inner[1]", "inner[2].size", "map.c", "time",
            ]
        )
        #expect(misfits.first { $0.path == "inner[2].size" }?.location == "inner.3.member.size")
        let count = try #require(misfits.first { $0.path == "count" })
        #expect(count.found == .string("two"))
        #expect(count.wanted == .integer(0))
        #expect(shape.flag == true)
        #expect(shape.names == ["a", "", "b"])
        #expect(shape.inner?.first == .init(size: 1))
        #expect(shape.map == ["a": "b", "c": ""])
    }

    @Test func `a document that fits has none`() throws {
        let (shape, misfits) = try read(#"{"name": "n", "time": 1.5, "other": {}, "count": null}"#)
        #expect(misfits == [])
        #expect(shape == Shape(name: "n", time: Timestamp(seconds: 1.5)))
    }

    @Test func `too many are refused, and so is what is no structure`() {
        #expect(throws: ServiceError.self) { try read(#"{"name": 1, "count": ""}"#, atMost: 1) }
        #expect(throws: ServiceError.self) { try read("[]") }
    }
}
