import Gateway
import NIOCore

/// A payload in unsigned `aws-chunked` form with a checksum at its end, which the sender tells us last.
///
/// All chunks but the last have one size, so that the length is known before the first byte is.
struct TrailingChunks: AsyncSequence, Sendable {
    /// Bytes of the whole, framing included.
    let encodedLength: Int
    private let payload: PayloadStream
    private let trailer: String

    private static let chunk = 1 << 20

    /// Fails for a trailer whose value has no length that we know.
    ///
    /// - Parameters:
    ///   - payload: The bytes.
    ///   - length: How many there are.
    ///   - trailer: Lower-case name of the checksum's header.
    init?(_ payload: PayloadStream, length: Int, trailer: String) {
        guard let value = Self.valueLength(trailer) else { return nil }
        self.payload = payload
        self.trailer = trailer
        let (full, rest) = length.quotientAndRemainder(dividingBy: Self.chunk)
        var total = full * Self.framed(Self.chunk)
        if rest > 0 { total += Self.framed(rest) }
        encodedLength = total + "0\r\n".utf8.count + trailer.utf8.count + 1 + value + "\r\n\r\n".utf8.count
    }

    /// Characters of a checksum in base64.
    private static func valueLength(_ trailer: String) -> Int? {
        switch trailer {
        case "x-amz-checksum-crc32", "x-amz-checksum-crc32c": 8
        case "x-amz-checksum-crc64nvme": 12
        case "x-amz-checksum-sha1": 28
        case "x-amz-checksum-sha256": 44
        default: nil
        }
    }

    private static func framed(_ count: Int) -> Int {
        String(count, radix: 16).utf8.count + 2 + count + 2
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(payload: payload, source: payload.makeAsyncIterator(), trailer: trailer)
    }

    /// Collects pieces into chunks.
    struct Iterator: AsyncIteratorProtocol {
        fileprivate let payload: PayloadStream
        fileprivate var source: PayloadStream.Iterator
        fileprivate let trailer: String
        private var gathered = ByteBuffer()
        private var isAtEnd = false

        fileprivate init(payload: PayloadStream, source: PayloadStream.Iterator, trailer: String) {
            self.payload = payload
            self.source = source
            self.trailer = trailer
        }

        mutating func next() async throws -> ByteBuffer? {
            guard !isAtEnd else { return nil }
            while gathered.readableBytes < TrailingChunks.chunk {
                guard var piece = try await source.next() else { return last() }
                gathered.writeBuffer(&piece)
            }
            var framed = ByteBuffer()
            append(TrailingChunks.chunk, to: &framed)
            gathered.discardReadBytes()
            return framed
        }

        /// What is left, the empty chunk and the trailer.
        private mutating func last() -> ByteBuffer {
            isAtEnd = true
            var framed = ByteBuffer()
            if gathered.readableBytes > 0 { append(gathered.readableBytes, to: &framed) }
            framed.writeString("0\r\n\(trailer):\(payload.trailers[trailer] ?? "")\r\n\r\n")
            return framed
        }

        private mutating func append(_ count: Int, to framed: inout ByteBuffer) {
            framed.writeString("\(String(count, radix: 16))\r\n")
            if var chunk = gathered.readSlice(length: count) { framed.writeBuffer(&chunk) }
            framed.writeString("\r\n")
        }
    }
}
