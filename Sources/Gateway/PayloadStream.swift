import AWSWire
import HTTPServing
package import NIOCore
import Synchronization

/// The real bytes of a request body, checked on their way: a payload that does not match what was signed or announced
/// throws before its end is reported.
///
/// Nothing that was read may be committed before `next()` has returned `nil`. It is read once.
package struct PayloadStream: AsyncSequence, Sendable {
    package typealias Element = ByteBuffer

    /// Length of the real bytes as the head announces it; `nil` if it announces none.
    package let declaredLength: Int?

    /// Trailers by lower-case name; empty until the end has been read.
    package var trailers: [String: String] { ending.trailers }

    private let source: BodyStream
    private let check: PayloadCheck
    private let ending = PayloadEnding()

    init(_ source: BodyStream, check: PayloadCheck, declaredLength: Int?) {
        self.source = source
        self.check = check
        self.declaredLength = declaredLength
    }

    /// A payload that is already there and was checked.
    package init(_ buffer: ByteBuffer) {
        self.init(BodyStream(buffer), check: .none, declaredLength: buffer.readableBytes)
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(
            source: source.makeAsyncIterator(),
            check: check,
            declaredLength: declaredLength,
            ending: ending
        )
    }

    /// The whole payload.
    ///
    /// - Parameter limit: Bytes accepted at most.
    /// - Returns: All bytes; the trailers are there by then.
    /// - Throws: `BodyTooLarge`, or what is wrong with the payload.
    package func collect(upTo limit: Int) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        var iterator = makeAsyncIterator()
        while var chunk = try await iterator.next() {
            guard whole.readableBytes + chunk.readableBytes <= limit else { throw BodyTooLarge(limit: limit) }
            if whole.readableBytes == 0 { whole = chunk } else { whole.writeBuffer(&chunk) }
        }
        return whole
    }

    package struct Iterator: AsyncIteratorProtocol {
        private var source: BodyStream.Iterator
        private var check: PayloadCheck
        private let declaredLength: Int?
        private let ending: PayloadEnding
        private var received = 0
        private var ready: CircularBuffer<ByteBuffer> = []
        private var failure: ServiceError?
        private var isFinished = false

        fileprivate init(
            source: BodyStream.Iterator,
            check: PayloadCheck,
            declaredLength: Int?,
            ending: PayloadEnding
        ) {
            self.source = source
            self.check = check
            self.declaredLength = declaredLength
            self.ending = ending
        }

        /// The next bytes, never empty.
        ///
        /// - Throws: `ServiceError` if the payload is not the announced one; the same again if it is asked again.
        package mutating func next() async throws -> ByteBuffer? {
            if let failure { throw failure }
            while !isFinished {
                if let buffer = ready.popFirst() { return buffer }
                do {
                    guard let piece = try await source.next() else {
                        try await finish()
                        break
                    }
                    try await take(piece)
                } catch let error as ServiceError {
                    failure = error
                    ready.removeAll()
                    throw error
                } catch is BodyEndedEarly {
                    failure = .incompleteBody
                    throw ServiceError.incompleteBody
                }
            }
            return ready.popFirst()
        }

        private mutating func take(_ piece: ByteBuffer) async throws(ServiceError) {
            guard piece.readableBytes > 0 else { return }
            switch check {
            case .none:
                received += piece.readableBytes
                ready.append(piece)
            case .hash(let expected, var stage):
                await stage.update(piece)
                check = .hash(expected, stage)
                received += piece.readableBytes
                ready.append(piece)
            case .chunked(var decoder):
                // Taken out while it is changed, so that its state is not copied.
                check = .none
                try decode(piece, &decoder)
                check = .chunked(decoder)
            }
        }

        private mutating func decode(
            _ piece: ByteBuffer,
            _ decoder: inout ChunkedDecoder
        ) throws(ServiceError) {
            var ranges: [Range<Int>] = []
            do throws(ChunkedError) {
                try piece.withUnsafeReadableBytes { (bytes) throws(ChunkedError) in
                    try decoder.decode(Span(_unsafeBytes: bytes)) { ranges.append($0) }
                }
            } catch {
                throw error.serviceError
            }
            for range in ranges {
                guard
                    let slice = piece.getSlice(at: piece.readerIndex + range.lowerBound, length: range.count)
                else {
                    throw .internalFailure("A chunk lies outside of its piece.")
                }
                received += range.count
                ready.append(slice)
            }
        }

        private mutating func finish() async throws(ServiceError) {
            switch check {
            case .none: break
            case .hash(let expected, var stage):
                let actual = Hex.encode(await stage.finish())
                guard ConstantTime.areEqual(Array(actual.utf8), Array(expected.utf8)) else {
                    throw ServiceError(
                        "XAmzContentSHA256Mismatch",
                        "The provided 'x-amz-content-sha256' header does not match what was computed.",
                        members: ["ClientComputedContentSHA256": expected, "S3ComputedContentSHA256": actual]
                    )
                }
            case .chunked(let decoder):
                do {
                    try decoder.finish()
                } catch {
                    throw error.serviceError
                }
                ending.set(decoder.trailers)
            }
            if let declaredLength, received != declaredLength { throw .incompleteBody }
            isFinished = true
        }
    }
}

/// What a payload is checked against.
enum PayloadCheck: Sendable {
    case none
    /// SHA-256 in lower-case hex digits, and the hash of what has come so far.
    case hash(String, HashingStage)
    case chunked(ChunkedDecoder)
}

/// Carries the trailers from the iterator that meets them to the stream that is asked for them.
private final class PayloadEnding: Sendable {
    private let found = Mutex<[String: String]>([:])

    var trailers: [String: String] { found.withLock { $0 } }

    func set(_ trailers: [String: String]) { found.withLock { $0 = trailers } }
}

extension ServiceError {
    /// The body ended before its announced length, or is longer.
    static var incompleteBody: ServiceError {
        ServiceError(
            "IncompleteBody",
            "You did not provide the number of bytes specified by the Content-Length HTTP header"
        )
    }
}

extension ChunkedError {
    /// As S3 answers it.
    var serviceError: ServiceError {
        switch self {
        case .malformed(let text):
            ServiceError("InvalidRequest", "The body is not in aws-chunked form. \(text)")
        case .malformedTrailer:
            ServiceError(
                "MalformedTrailerError",
                "The request contained trailing data that was not well-formed or did not conform to our published "
                    + "schema."
            )
        case .wrongLength, .incomplete: .incompleteBody
        case .badSignature:
            ServiceError(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and "
                    + "signing method.",
                status: 403
            )
        }
    }
}
