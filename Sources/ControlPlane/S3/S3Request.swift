import AWSWire
import Gateway
import HTTPTypes
import NIOCore
import ObjectStore
import Resources

/// A call as S3 reads it: method, bucket, key, parameters.
struct S3Request: Sendable {
    let call: VerifiedCall
    /// The headers, and the parameters of a presigned URL that stand for headers.
    let headers: HTTPFields
    /// `nil` for calls about the account's buckets.
    private let bucketText: String?
    /// `nil` for calls about a bucket.
    private let keyText: String?

    /// Splits a path-style path: `/bucket/key`, where the key may hold anything, also slashes at both ends.
    ///
    /// - Throws: `ServiceError` if the decoded path is not UTF-8.
    init(_ call: VerifiedCall) throws(ServiceError) {
        self.call = call
        headers = call.query.reduce(into: call.head.headerFields) { headers, item in
            guard Self.standsForHeader(item.name), headers.value(item.name) == nil else { return }
            headers.set(item.name, item.value)
        }
        let path = call.path.drop { $0 != "/" }.dropFirst()
        let slash = path.firstIndex(of: "/")
        guard let bucket = PercentEncoding.decode(path[..<(slash ?? path.endIndex)]),
            let key = PercentEncoding.decode(slash.map { path[path.index(after: $0)...] } ?? "")
        else { throw ServiceError("InvalidURI", "Couldn't parse the specified URI.") }
        bucketText = bucket.isEmpty ? nil : bucket
        keyText = key.isEmpty ? nil : key
    }

    var method: HTTPRequest.Method { call.head.method }
    var account: AccountID { call.caller.scope.account }
    /// Canonical user id of the caller's account; `nil` for somebody without a key.
    var canonicalID: String? { call.caller.isAnonymous ? nil : account.canonicalID }
    var hasBucket: Bool { bucketText != nil }
    var hasKey: Bool { keyText != nil }

    /// The bucket's name; empty for calls that have none.
    var bucketName: String { bucketText ?? "" }

    /// The key as text; empty for calls that have none.
    var keyName: String { keyText ?? "" }

    /// The key.
    ///
    /// - Throws: `ObjectStoreError.emptyKey` or `.keyTooLong`.
    var key: ObjectKey { get throws { try ObjectKey(keyText ?? "") } }

    /// The version that is asked for; `nil` for the latest.
    ///
    /// - Throws: `NoSuchVersion` or `InvalidArgument` for a name that no version has.
    var version: VersionID? {
        get throws(ServiceError) {
            guard let text = parameter("versionId") else { return nil }
            guard let version = VersionID(text) else {
                throw .invalidArgument("Invalid version id specified", name: "versionId", value: text)
            }
            return version
        }
    }

    /// As `version`, where a bad name is somebody else's to report.
    var parsedVersion: VersionID? { parameter("versionId").flatMap { VersionID($0) } }

    /// The first value of a query parameter; empty text for one without a value, `nil` if it is absent.
    func parameter(_ name: String) -> String? { call.queryValue(name) }

    /// A header's value, without surrounding space.
    func header(_ name: String) -> String? { headers.value(name) }

    /// Whether a query parameter is a header that was signed into a presigned URL.
    static func standsForHeader(_ parameter: String) -> Bool {
        let name = parameter.lowercased()
        return name.hasPrefix("x-amz-") || name == "content-type" || name == "content-md5"
    }

    /// A query parameter that is a number.
    ///
    /// - Throws: `InvalidArgument` for anything but a number of the range.
    func number(_ name: String, in range: ClosedRange<Int>) throws(ServiceError) -> Int? {
        guard let text = parameter(name), !text.isEmpty else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .invalidArgument(
                "Provided \(name) not an integer or within integer range",
                name: name,
                value: text
            )
        }
        return number
    }

    /// Reads a document in the request's body, and checks it against the digests that came with it.
    ///
    /// - Parameters:
    ///   - root: Name of its root element.
    ///   - limit: Longest document in bytes.
    ///   - checksum: What the checksum headers are about; those of an object are not compared with the document.
    /// - Returns: The document's root.
    /// - Throws: `MalformedXML` for a document that is none, another one or too long, or the errors of the digests.
    func document(
        _ root: String,
        limit: Int,
        checksum: ChecksumSubject = .ofDocument
    ) async throws -> XMLElement {
        guard let document = try await optionalDocument(root, limit: limit, checksum: checksum) else {
            throw ServiceError.malformedXML
        }
        return document
    }

    /// The whole body, compared with the digests that came with it.
    func body(limit: Int, checksum: ChecksumSubject = .ofDocument) async throws -> ByteBuffer {
        var bytes = ByteBuffer()
        for try await chunk in call.body {
            guard bytes.readableBytes + chunk.readableBytes <= limit else { throw ServiceError.malformedXML }
            bytes.writeImmutableBuffer(chunk)
        }
        if checksum == .ofDocument { try AnnouncedChecksum(self).verify(bytes, trailers: call.body.trailers) }
        return bytes
    }

    /// As `document`, for bodies that may be empty.
    func optionalDocument(
        _ root: String,
        limit: Int,
        checksum: ChecksumSubject = .ofDocument
    ) async throws -> XMLElement? {
        let bytes = try await body(limit: limit, checksum: checksum)
        guard bytes.readableBytes > 0 else { return nil }
        do {
            let element = try XMLElement.parse(bytes.readableBytesView)
            guard element.name == root else { throw ServiceError.malformedXML }
            return element
        } catch is MalformedXML {
            throw ServiceError.malformedXML
        }
    }
}
