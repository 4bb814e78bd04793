import Crypto

/// Takes the `aws-chunked` framing off a body, piece by piece, and checks what is signed in it.
///
/// ```
/// hex-size[;chunk-signature=64 hex]\r\n <size bytes> \r\n  …  0[;…]\r\n  [name:value\r\n …]  \r\n
/// ```
///
/// Memory is bounded by one line. Data goes out before the signature of its chunk is checked, so nothing may be
/// committed before `finish` has returned.
package struct ChunkedDecoder: Sendable {
    private enum State {
        case chunkHeader
        case data(left: Int, signature: String)
        case dataEnd
        case trailer
        case ended
    }

    /// Trailers by lower-case name; complete once `finish` has returned.
    package private(set) var trailers: [String: String] = [:]

    private let form: ChunkedForm
    private let decodedLength: Int?
    private let announced: Set<String>
    private var signing: ChunkSigning?
    private var state = State.chunkHeader
    private var line: [UInt8] = []
    private var hasher = SHA256()
    private var decoded = 0
    private var signedTrailer: [UInt8] = []
    private var trailerSignature: String?

    /// Longest header of a chunk, in bytes: a 16-digit size and a signature need 97.
    private static let maximumChunkHeader = 256
    /// Longest line of the trailer, in bytes.
    private static let maximumTrailerLine = 1024
    /// More trailers than this are an attack.
    private static let maximumTrailers = 8

    /// - Parameters:
    ///   - form: What is signed, and whether trailers follow.
    ///   - signing: The chain that the request's signature starts; needed exactly for the signed forms.
    ///   - decodedLength: Announced length of the data (`x-amz-decoded-content-length`).
    ///   - announced: Lower-case names of the trailers that must come (`x-amz-trailer`).
    package init(
        _ form: ChunkedForm,
        signing: ChunkSigning?,
        decodedLength: Int?,
        announced: Set<String>
    ) {
        precondition(
            form.isSigned == (signing != nil),
            "a signed body needs its key, an unsigned one has none"
        )
        self.form = form
        self.signing = signing
        self.decodedLength = decodedLength
        self.announced = announced
    }

    /// Takes the next bytes of the body in.
    ///
    /// - Parameters:
    ///   - bytes: Any piece of the body.
    ///   - emit: Called with the parts of `bytes` that are data, in order.
    /// - Throws: `ChunkedError` as soon as the body cannot become a good one.
    package mutating func decode(
        _ bytes: Span<UInt8>,
        emit: (Range<Int>) -> Void
    ) throws(ChunkedError) {
        var offset = 0
        while offset < bytes.count {
            switch state {
            case .chunkHeader:
                guard let text = try takeLine(bytes, &offset, limit: Self.maximumChunkHeader) else { return }
                try startChunk(text)
            case .data(let left, let signature):
                let end = offset + min(left, bytes.count - offset)
                if form.isSigned { hash(bytes, offset..<end) }
                emit(offset..<end)
                let rest = left - (end - offset)
                offset = end
                if rest > 0 {
                    state = .data(left: rest, signature: signature)
                } else {
                    try checkChunk(signature)
                    state = .dataEnd
                }
            case .dataEnd:
                guard let text = try takeLine(bytes, &offset, limit: 2) else { return }
                guard text.isEmpty else { throw .malformed("A chunk is longer than it says.") }
                state = .chunkHeader
            case .trailer:
                guard let text = try takeLine(bytes, &offset, limit: Self.maximumTrailerLine) else { return }
                try takeTrailer(text)
            case .ended:
                throw .malformed("Bytes follow the last chunk.")
            }
        }
    }

    /// Says that the body has ended.
    ///
    /// - Throws: `ChunkedError` if it ended too early.
    package func finish() throws(ChunkedError) {
        guard case .ended = state else { throw .incomplete }
    }

    /// The next line without its end; `nil` if it is not there yet.
    ///
    /// A line ends with `\n`; a `\r` before it goes too.
    private mutating func takeLine(
        _ bytes: Span<UInt8>,
        _ offset: inout Int,
        limit: Int
    ) throws(ChunkedError) -> String? {
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: "\n") {
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                defer { line.removeAll(keepingCapacity: true) }
                guard let text = String(validating: line, as: UTF8.self) else {
                    throw .malformed("A line of the framing is not text.")
                }
                return text
            }
            guard line.count < limit else { throw .malformed("A line of the framing is too long.") }
            line.append(byte)
        }
        return nil
    }

    private mutating func startChunk(_ header: String) throws(ChunkedError) {
        let parts = header.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
        guard let digits = parts.first, (1...16).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ Hex.value(of: $0) != nil }), let size = Int(digits, radix: 16)
        else { throw .malformed("A chunk does not start with its size in hexadecimal.") }
        let signature = try chunkSignature(parts.count == 2 ? parts[1] : nil)
        let (total, overflow) = decoded.addingReportingOverflow(size)
        guard !overflow, total <= decodedLength ?? .max else { throw .wrongLength }
        decoded = total
        hasher = SHA256()
        if size > 0 {
            state = .data(left: size, signature: signature)
        } else {
            guard total == decodedLength ?? total else { throw .wrongLength }
            try checkChunk(signature)
            state = .trailer
        }
    }

    /// The signature in a chunk's extension; empty text for an unsigned body.
    private func chunkSignature(_ field: Substring?) throws(ChunkedError) -> String {
        guard form.isSigned else { return "" }  // Other extensions of a chunk mean nothing.
        let prefix = "chunk-signature="
        guard let field, field.hasPrefix(prefix) else { throw .malformed("A chunk has no signature.") }
        let signature = field.dropFirst(prefix.count)
        guard signature.utf8.count == 64 else { throw .malformed("A chunk's signature is not 64 digits.") }
        return String(signature)
    }

    private mutating func hash(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        bytes.extracting(range).withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }

    private mutating func checkChunk(_ signature: String) throws(ChunkedError) {
        guard form.isSigned else { return }
        let hash = Hex.encode(hasher.finalize())
        guard let expected = signing?.signChunk(hash: hash),
            ConstantTime.areEqual(Array(expected.utf8), Array(signature.utf8))
        else { throw .badSignature }
    }

    private mutating func takeTrailer(_ line: String) throws(ChunkedError) {
        guard !line.isEmpty else {
            // Some senders put an empty line between the signed trailers and their signature.
            if form == .signedWithTrailer, trailerSignature == nil, !trailers.isEmpty { return }
            return try end()
        }
        guard form.hasTrailer, trailerSignature == nil, trailers.count < Self.maximumTrailers,
            let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), colon != line.startIndex
        else { throw .malformedTrailer }
        let name = line[..<colon].lowercased()
        let value = String(line[line.utf8.index(after: colon)...].trimmingBlanks)
        if form == .signedWithTrailer, name == "x-amz-trailer-signature" {
            trailerSignature = value
            return
        }
        guard announced.contains(name), trailers.updateValue(value, forKey: name) == nil else {
            throw .malformedTrailer
        }
        signedTrailer.append(contentsOf: "\(name):\(value)\n".utf8)
    }

    private mutating func end() throws(ChunkedError) {
        guard announced.allSatisfy({ trailers[$0] != nil }) else { throw .malformedTrailer }
        if form == .signedWithTrailer {
            let hash = Hex.encode(SHA256.hash(data: signedTrailer))
            guard let expected = signing?.signTrailer(hash: hash), let trailerSignature,
                ConstantTime.areEqual(Array(expected.utf8), Array(trailerSignature.utf8))
            else { throw .badSignature }
        }
        state = .ended
    }
}

/// What is wrong with an `aws-chunked` body.
package enum ChunkedError: Error, Equatable, Sendable {
    /// The framing is broken; the text says where.
    case malformed(String)
    /// The trailer is broken, or not the announced one.
    case malformedTrailer
    /// The data is longer or shorter than announced.
    case wrongLength
    /// A chunk or the trailer carries another signature than ours.
    case badSignature
    /// The body ended before its last chunk.
    case incomplete
}
