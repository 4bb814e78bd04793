import AWSWire
import Foundation
import Gateway
import HTTPTypes
import NIOCore
import ObjectStore

extension ChecksumAlgorithm {
    /// `x-amz-checksum-crc32` and so on.
    var header: String { "x-amz-checksum-\(rawValue.lowercased())" }

    /// The name of the value in documents: `ChecksumCRC32` and so on.
    var element: String { "Checksum\(rawValue)" }

    /// Reads a name as clients write it.
    ///
    /// - Throws: `NotImplemented` for one of S3's that is missing here, `InvalidRequest` for any other text.
    init(named name: String) throws(ServiceError) {
        if let algorithm = ChecksumAlgorithm(rawValue: name.uppercased()) {
            self = algorithm
        } else if ["SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128"].contains(name.uppercased()) {
            throw .notImplemented("The checksum algorithm \(name)")
        } else {
            throw .invalidRequest(
                """
                Checksum algorithm provided is unsupported. Please try again with any of the valid types: \
                [\(ChecksumAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))]
                """
            )
        }
    }
}

/// What the checksum headers beside a document are about.
enum ChecksumSubject {
    case ofDocument
    /// The object that the document describes.
    case ofObject
}

/// What a request says about the digests of its body.
struct AnnouncedChecksum {
    /// The checksum to compute; `nil` if the client speaks of none.
    let algorithm: ChecksumAlgorithm?
    /// The 16 bytes of `Content-MD5`.
    private let md5: Data?
    /// Base64 of the digest, from a header.
    private let value: String?
    /// Name of the trailer that will carry the digest.
    private let trailer: String?

    /// Reads the headers.
    init(_ request: S3Request) throws(ServiceError) {
        md5 = try Self.md5(request)
        let prefix = "x-amz-checksum-"
        let others: Set = ["algorithm", "mode", "type"]
        let headers = request.headers.filter { field in
            let name = field.name.canonicalName
            return name.hasPrefix(prefix) && !others.contains(String(name.dropFirst(prefix.count)))
        }
        trailer = (request.header("x-amz-trailer") ?? "").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces).lowercased() }.first { $0.hasPrefix(prefix) }
        guard headers.count + (trailer == nil ? 0 : 1) <= 1 else {
            throw .invalidRequest(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
            )
        }
        let name = headers.first?.name.canonicalName ?? trailer
        let declared =
            request.header("x-amz-sdk-checksum-algorithm") ?? request.header("x-amz-checksum-algorithm")
        if let name {
            algorithm = try ChecksumAlgorithm(named: String(name.dropFirst(prefix.count)))
        } else {
            algorithm = try declared.map { (text) throws(ServiceError) in try ChecksumAlgorithm(named: text) }
        }
        value = headers.first?.value
        if let value, let algorithm { try algorithm.check(value) }
    }

    private static func md5(_ request: S3Request) throws(ServiceError) -> Data? {
        guard let text = request.header("content-md5") else { return nil }
        guard let bytes = Data(base64Encoded: text), bytes.count == 16 else {
            throw ServiceError("InvalidDigest", "The Content-MD5 you specified was invalid.")
        }
        return bytes
    }

    /// What the store shall check, once the body has ended and its trailers are known.
    ///
    /// - Parameters:
    ///   - length: Bytes that the client announced.
    ///   - trailers: By lower-case name.
    /// - Returns: What to compare with the bytes that came.
    /// - Throws: `InvalidRequest` for a trailer that did not come, `BadDigest` for one that is no digest.
    func digests(length: Int?, trailers: [String: String]) throws(ServiceError) -> AnnouncedDigests {
        var value = value
        if let trailer, let algorithm {
            guard let text = trailers[trailer] else {
                throw .invalidRequest("The trailer \(trailer) was announced and did not come.")
            }
            try algorithm.check(text)
            value = text
        }
        return AnnouncedDigests(length: length, md5: md5, checksum: value)
    }

    /// Checks a body that is already there.
    func verify(_ body: ByteBuffer, trailers: [String: String]) throws {
        let announced = try digests(length: nil, trailers: trailers)
        try announced.verify(body, algorithm)
    }
}

extension ChecksumAlgorithm {
    /// A value must have the length of a digest.
    fileprivate func check(_ value: String) throws(ServiceError) {
        guard Data(base64Encoded: value)?.count == byteCount else {
            throw ServiceError("BadDigest", "Value for \(header) header is invalid.")
        }
    }
}

extension HTTPFields {
    /// Names the checksum of a stored object.
    mutating func set(_ checksum: ObjectChecksum?) {
        guard let checksum else { return }
        set(checksum.algorithm.header, checksum.value)
        set("x-amz-checksum-type", checksum.form.rawValue)
    }
}
