import AWSWire
import HTTPServing
import HTTPTypes

/// How the body of a raw call is read and checked, told from its head.
struct PayloadPlan {
    /// What stands for the body in the canonical request; `nil` if that is the hash of the body itself.
    let signedHash: String?
    /// The head without what only concerned the framing of the body.
    let head: HTTPRequest
    private let mode: PayloadMode
    private let declaredLength: Int?
    private let announcedTrailers: Set<String>

    /// - Throws: `ServiceError` if the head contradicts itself.
    init(_ admission: Admission, head: HTTPRequest) throws(ServiceError) {
        let announced = admission.announcedHash
        switch (announced, admission.claim?.form) {
        case (let announced?, .some):
            guard let mode = PayloadMode(header: announced) else {
                throw ServiceError(
                    "InvalidArgument",
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                        + "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid "
                        + "sha256 value.",
                    members: [
                        "ArgumentName": "x-amz-content-sha256",
                        "ArgumentValue": String(announced.prefix(128)),
                    ]
                )
            }
            self.mode = mode
            signedHash = announced
        case (nil, .query) where admission.family == .s3, (_, nil):
            mode = .unsigned
            signedHash = "UNSIGNED-PAYLOAD"
        case (nil, .header) where admission.family == .s3:
            throw ServiceError(
                "InvalidRequest",
                "Missing required header for this request: x-amz-content-sha256"
            )
        case (nil, .some):
            mode = .unsigned
            signedHash = nil
        }
        if admission.family == .other, mode == .unsigned, signedHash != nil {
            throw ServiceError(
                "InvalidSignatureException",
                "The body must be signed with its hash.",
                status: 403
            )
        }
        (self.head, declaredLength, announcedTrailers) = try Self.framing(mode, head)
    }

    /// Of a call without a signature: chunks may still carry a checksum behind them.
    ///
    /// - Throws: `ServiceError` if the head contradicts itself.
    init(anonymous head: HTTPRequest) throws(ServiceError) {
        let announced = HTTPField.Name("x-amz-content-sha256").flatMap { head.headerFields[$0] }
            .flatMap { PayloadMode(header: $0) }
        if case .chunked(let form)? = announced, !form.isSigned {
            mode = .chunked(form)
        } else {
            mode = .unsigned
        }
        signedHash = nil
        (self.head, declaredLength, announcedTrailers) = try Self.framing(mode, head)
    }

    /// The head without its framing, and what it announces of the body.
    private static func framing(
        _ mode: PayloadMode,
        _ head: HTTPRequest
    ) throws(ServiceError) -> (HTTPRequest, Int?, Set<String>) {
        guard case .chunked = mode else {
            return (head, head.headerFields[.contentLength].flatMap { Int($0) }, [])
        }
        guard let length = head.headerFields[.decodedContentLength] else {
            throw ServiceError(
                "MissingContentLength",
                "You must provide the x-amz-decoded-content-length HTTP header.",
                status: 411
            )
        }
        guard let length = Int(length), length >= 0 else {
            throw ServiceError(
                "InvalidArgument",
                "x-amz-decoded-content-length must be a number that is not negative."
            )
        }
        let trailers = Set(
            (head.headerFields[.trailerNames] ?? "").split(separator: ",").map {
                $0.filter { $0 != " " }.lowercased()
            }
        )
        return (withoutChunkedEncoding(head), length, trailers)
    }

    /// The body behind its checks.
    ///
    /// - Parameters:
    ///   - body: As the server receives it.
    ///   - signing: The chain of chunk signatures that the request starts.
    /// - Returns: The real bytes.
    func stream(_ body: BodyStream, signing: ChunkSigning?) -> PayloadStream {
        let check: PayloadCheck
        switch mode {
        case .unsigned: check = .none
        case .hashed(let hash): check = .hash(hash, HashingStage())
        case .chunked(let form):
            check = .chunked(
                ChunkedDecoder(
                    form,
                    signing: form.isSigned ? signing : nil,
                    decodedLength: declaredLength,
                    announced: announcedTrailers
                )
            )
        }
        return PayloadStream(body, check: check, declaredLength: declaredLength)
    }

    /// `aws-chunked` is a framing, not an encoding of the object; what else stands beside it is one.
    private static func withoutChunkedEncoding(_ head: HTTPRequest) -> HTTPRequest {
        guard let encodings = head.headerFields[.contentEncoding] else { return head }
        let rest = encodings.split(separator: ",")
            .map { $0.drop { $0 == " " } }
            .filter { $0.lowercased() != "aws-chunked" }
        var head = head
        head.headerFields[.contentEncoding] = rest.isEmpty ? nil : rest.joined(separator: ",")
        return head
    }
}
