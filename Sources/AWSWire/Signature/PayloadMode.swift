/// What `x-amz-content-sha256` says about a body.
package enum PayloadMode: Sendable, Hashable {
    /// The body is exactly the bytes with this SHA-256 (64 lower-case hex digits).
    case hashed(String)
    /// The body is taken as it comes.
    case unsigned
    /// The body comes in `aws-chunked` framing.
    case chunked(ChunkedForm)

    /// Reads the value of the header; `nil` for one that means nothing.
    package init?(header: String) {
        switch header {
        case "UNSIGNED-PAYLOAD": self = .unsigned
        case "STREAMING-UNSIGNED-PAYLOAD-TRAILER": self = .chunked(.unsignedWithTrailer)
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": self = .chunked(.signed)
        case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": self = .chunked(.signedWithTrailer)
        default:
            guard header.utf8.count == 64, Hex.decode(header) != nil else { return nil }
            self = .hashed(header.lowercased())
        }
    }
}

/// The kinds of `aws-chunked` bodies.
package enum ChunkedForm: Sendable, Hashable {
    /// Trailers follow; nothing in the body is signed.
    case unsignedWithTrailer
    /// Each chunk is signed; no trailers.
    case signed
    /// Each chunk and the trailers are signed.
    case signedWithTrailer

    package var hasTrailer: Bool { self != .signed }
    package var isSigned: Bool { self != .unsignedWithTrailer }
}
