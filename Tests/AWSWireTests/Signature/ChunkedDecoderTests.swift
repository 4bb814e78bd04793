import AWSWire
import Testing

@Suite struct ChunkedDecoderTests {
    private let hello = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"

    @Test func `the body that botocore sends for hello is read`() throws {
        let (data, trailers) = try decode(hello)
        #expect(data == "hello")
        #expect(trailers == ["x-amz-checksum-crc32": "NhCmhg=="])
    }

    @Test(arguments: [1, 2, 3, 7])
    func `pieces may be cut anywhere`(size: Int) throws {
        let text = "5\r\nhello\r\n0a\r\n0123456789\r\n0\r\nx-amz-checksum-crc32: NhCmhg== \r\n\r\n"
        let (data, trailers) = try decode(text, piece: size, length: 15)
        #expect(data == "hello0123456789")
        #expect(trailers == ["x-amz-checksum-crc32": "NhCmhg=="])
    }

    @Test func `data may look like framing`() throws {
        // The data is a last chunk, an end and the start of another chunk.
        #expect(
            try decode("8\r\n0\r\n\r\n5\r\n\r\n0\r\n\r\n", length: 8, announced: []).0 == "0\r\n\r\n5\r\n"
        )
    }

    @Test func `an empty object has no chunk but the last`() throws {
        #expect(try decode("0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", length: 0).0 == "")
    }

    @Test(arguments: [
        "", "5", "5\r\n", "5\r\nhel", "5\r\nhello", "5\r\nhello\r\n", "5\r\nhello\r\n0",
        "5\r\nhello\r\n0\r\n", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n",
    ])
    func `a body that ends early is refused`(text: String) {
        #expect(throws: ChunkedError.incomplete) { try decode(text) }
    }

    @Test(arguments: [
        "-5\r\nhello\r\n", "g\r\n", "\r\n", " 5\r\n", "+5\r\n", "0x5\r\n", "5 \r\n", "11111111111111111\r\n",
        "5\r\nhelloX\r\n", "5\r\nhelloworld\r\n0\r\n\r\n", "5\u{0}\r\n",
        "5;" + String(repeating: "a", count: 300) + "\r\n",
    ])
    func `broken framing is refused`(text: String) {
        #expect {
            try decode(text)
        } throws: {
            if case .malformed = $0 as? ChunkedError { true } else { false }
        }
    }

    @Test func `a chunk header without an end does not fill the memory`() {
        #expect(throws: ChunkedError.self) { try decode(String(repeating: "0", count: 10_000)) }
    }

    @Test(arguments: ["7fffffffffffffff\r\n", "ffffffffffffffff\r\n", "8000000000000000\r\n", "6\r\n"])
    func `a chunk larger than the announced length is refused at its header`(text: String) {
        #expect(throws: ChunkedError.self) { try decode(text) }
    }

    @Test func `less data than announced is refused`() {
        #expect(throws: ChunkedError.wrongLength) { try decode(hello, length: 6) }
    }

    @Test func `bytes after the end are refused`() {
        #expect(throws: ChunkedError.self) { try decode(hello + "x") }
    }

    @Test(arguments: [
        "0\r\n\r\n", "0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n", "0\r\nno colon\r\n\r\n", "0\r\n:x\r\n\r\n",
        "0\r\nx-amz-checksum-crc32:a\r\nx-amz-checksum-crc32:b\r\n\r\n",
    ])
    func `trailers other than the announced ones are refused`(text: String) {
        #expect(throws: ChunkedError.malformedTrailer) { try decode(text, length: 0) }
    }

    @Test func `a trailer line without an end does not fill the memory`() {
        #expect(throws: ChunkedError.self) {
            try decode("0\r\nx-amz-checksum-crc32:" + String(repeating: "a", count: 5000), length: 0)
        }
    }

    // MARK: Signed chunks

    /// AWS's own example ("Signature calculation: transferring payload in multiple chunks"): 66,560 letters, in chunks
    /// of 64 KiB and 1 KiB.
    @Test func `the documented example verifies`() throws {
        let chunks = try exampleChunks()
        let (data, _) = try decode(chunks.joined(), .signed, signing: example(), piece: 4096, length: 66_560)
        #expect(data.utf8.count == 66_560)
    }

    @Test func `swapped, repeated, dropped and changed chunks are refused`() throws {
        let chunks = try exampleChunks()
        let (first, second, last) = (chunks[0], chunks[1], chunks[2])
        let changed = first.replacing("aaa\r\n", with: "aab\r\n")
        let resigned = second.replacing("chunk-signature=0", with: "chunk-signature=1")
        for forged in [
            [second, first, last], [first, first, last], [first, last], [changed, second, last],
            [first, resigned, last], [last],
        ] {
            #expect(throws: ChunkedError.badSignature) {
                try decode(forged.joined(), .signed, signing: example(), length: nil)
            }
        }
    }

    @Test func `a signed body needs its signatures`() throws {
        for text in ["5\r\nhello\r\n", "5;chunk-signature=00\r\nhello\r\n", "5;signature=x\r\nhello\r\n"] {
            #expect(throws: ChunkedError.self) {
                try decode(text, .signed, signing: example(), length: nil)
            }
        }
    }

    @Test func `a signed body has no trailers unless its form says so`() throws {
        let text = try exampleChunks().joined().dropLast() + "x-amz-checksum-crc32:AAAAAA==\r\n\r\n"
        #expect(throws: ChunkedError.malformedTrailer) {
            try decode(String(text), .signed, signing: example(), length: nil)
        }
    }

    /// AWS's own example of the form with a trailer, with its CRC32C.
    @Test func `signed trailers verify, also with the line end of the documentation`() throws {
        for end in ["\r\n", "\n\r\n"] {
            let (_, trailers) = try decode(
                try trailerExample(lineEnd: end),
                .signedWithTrailer,
                signing: trailerSeed(),
                piece: 1000,
                length: 66_560,
                announced: ["x-amz-checksum-crc32c"]
            )
            #expect(trailers == ["x-amz-checksum-crc32c": "sOO8/Q=="])
        }
    }

    @Test func `a changed or unsigned trailer is refused`() throws {
        let text = try trailerExample(lineEnd: "\r\n")
        let signature = try #require(text.firstRange(of: "x-amz-trailer-signature"))
        for forged in [
            text.replacing("sOO8/Q==", with: "sOO8/A=="),
            text.replacing("trailer-signature:d8", with: "trailer-signature:d9"),
            String(text[..<signature.lowerBound]) + "x-amz-trailer-signature:\r\n\r\n",
        ] {
            #expect(throws: ChunkedError.badSignature) {
                try decode(
                    forged,
                    .signedWithTrailer,
                    signing: trailerSeed(),
                    length: 66_560,
                    announced: ["x-amz-checksum-crc32c"]
                )
            }
        }
        #expect(throws: ChunkedError.incomplete) {
            try decode(
                String(text[..<signature.lowerBound]) + "\r\n",
                .signedWithTrailer,
                signing: trailerSeed(),
                length: 66_560,
                announced: ["x-amz-checksum-crc32c"]
            )
        }
    }

    private func exampleChunks() throws -> [String] {
        [
            "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
                + String(repeating: "a", count: 65_536) + "\r\n",
            "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
                + String(repeating: "a", count: 1024) + "\r\n",
            "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n",
        ]
    }

    private func trailerExample(lineEnd: String) throws -> String {
        "10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
            + String(repeating: "a", count: 65_536) + "\r\n"
            + "400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
            + String(repeating: "a", count: 1024) + "\r\n"
            + "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
            + "x-amz-checksum-crc32c:sOO8/Q==\(lineEnd)"
            + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
    }

    private func example() throws -> ChunkSigning {
        try seed("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
    }

    private func trailerSeed() throws -> ChunkSigning {
        try seed("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e")
    }

    private func seed(_ signature: String) throws -> ChunkSigning {
        let message = SignedMessage(
            method: "PUT",
            target: "/examplebucket/chunkObject.txt",
            headers: [
                .init(name: "x-amz-date", value: "20130524T000000Z"),
                .init(
                    name: "authorization",
                    value:
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + "SignedHeaders=host,Signature=\(signature)"
                ),
            ]
        )
        let claim = try #require(try SignatureClaim(message))
        return SignatureVerifier().chunkSigning(claim, secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    }

    private func decode(
        _ text: String,
        _ form: ChunkedForm = .unsignedWithTrailer,
        signing: ChunkSigning? = nil,
        piece: Int = .max,
        length: Int? = 5,
        announced: Set<String>? = nil
    ) throws -> (String, [String: String]) {
        var decoder = ChunkedDecoder(
            form,
            signing: signing,
            decodedLength: length,
            announced: announced ?? (form == .unsignedWithTrailer ? ["x-amz-checksum-crc32"] : [])
        )
        let bytes = Array(text.utf8)
        var data: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let part = Array(bytes[start..<min(bytes.count, piece == .max ? .max : start + piece)])
            try decoder.decode(part.span) { data.append(contentsOf: part[$0]) }
            start += part.count
        }
        try decoder.finish()
        return (String(decoding: data, as: UTF8.self), decoder.trailers)
    }
}
