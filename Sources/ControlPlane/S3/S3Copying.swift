import AWSWire
import Foundation
import HTTPServing
import HTTPTypes
import ObjectStore

/// The source of a copy, from `x-amz-copy-source`.
struct CopySource {
    let bucket: String
    let key: ObjectKey
    /// `nil` for the latest.
    let version: VersionID?

    /// Reads the header: `bucket/key`, percent-encoded, perhaps with a slash before and a version behind.
    init(_ request: S3Request) throws {
        let header = request.header("x-amz-copy-source") ?? ""
        let invalid = ServiceError.invalidArgument(
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
            name: "x-amz-copy-source",
            value: header
        )
        var path = header[...]
        var named: VersionID?
        if let version = path.range(of: "?versionId=", options: .backwards) {
            guard let parsed = VersionID(String(path[version.upperBound...])) else {
                throw ServiceError.invalidArgument(
                    "Invalid version id specified",
                    name: "x-amz-copy-source",
                    value: header
                )
            }
            named = parsed
            path = path[..<version.lowerBound]
        }
        version = named
        guard !path.hasPrefix("arn:") else {
            throw ServiceError.notImplemented("A copy source that is an ARN")
        }
        guard let decoded = PercentEncoding.decode(path) else { throw invalid }
        let rest = decoded.hasPrefix("/") ? decoded.dropFirst() : decoded[...]
        guard let slash = rest.firstIndex(of: "/"), slash > rest.startIndex else { throw invalid }
        let text = String(rest[rest.index(after: slash)...])
        guard !text.isEmpty else { throw invalid }
        bucket = String(rest[..<slash])
        key = try ObjectKey(text)
    }
}

/// CopyObject.
extension S3Service {
    func copyObject(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let key = try request.key
        let condition = try WriteCondition(request)
        let source = try await openSource(request)
        let record = source.record
        let headers = try copiedHeaders(request, of: record, to: bucket)
        // An older version that is copied to its key is restored.
        if record.bucket == bucket.name, record.key == key, record.isLatest,
            !changesSomething(request, bucket)
        {
            throw ServiceError.invalidRequest(
                """
                This copy request is illegal because it is trying to copy an object to itself without changing the \
                object's metadata, storage class, website redirect location or encryption attributes.
                """
            )
        }
        try await check(condition, key, in: bucket)
        let algorithm = try request.header("x-amz-checksum-algorithm").map {
            try ChecksumAlgorithm(named: $0)
        }
        let sourceCipher = try cipher(of: record.headers, request, of: .copySource)
        let cipher = try cipher(of: headers, request)
        let isChecksumNew =
            algorithm.map { record.checksum?.algorithm != $0 || record.checksum?.form != .fullObject }
            ?? false
        let copy: ObjectRecord
        if isChecksumNew || sourceCipher != nil || cipher != nil {
            // The new checksum or the other key need the bytes once.
            var upload = try await store.upload(
                key,
                in: bucket,
                headers: headers,
                length: record.size,
                checksum: algorithm ?? record.checksum?.algorithm,
                cipher: cipher
            )
            try await source.read(0..<record.size, with: sourceCipher) { try await upload.write($0) }
            copy = try await upload.finish(AnnouncedDigests(length: record.size), if: condition)
        } else {
            copy = try await store.copy(record, to: key, in: bucket, headers: headers, if: condition)
        }
        var responseHeaders = writtenHeaders(copy, request)
        responseHeaders[.eTag] = nil
        if (try? store.bucket(record.bucket))?.versioning != .off {
            responseHeaders.set("x-amz-copy-source-version-id", record.version.description)
        }
        return .document(
            XMLElement("CopyObjectResult") {
                XMLElement.time("LastModified", copy.modified)
                XMLElement.eTag(copy.eTag)
                checksumElements(copy.checksum)
            },
            headers: responseHeaders
        )
    }

    /// Opens the source of a copy, which the caller must be allowed to read and whose conditions must hold.
    func openSource(_ request: S3Request) async throws -> ObjectReader {
        let source = try CopySource(request)
        let bucket = try bucket(
            source.bucket,
            request,
            expectedOwner: "x-amz-source-expected-bucket-owner"
        )
        let reader: ObjectReader
        do {
            reader = try await store.open(source.key, version: source.version, in: bucket)
        } catch ObjectStoreError.deleted(_, isNamed: true) {
            throw ServiceError.invalidRequest(
                "The source of a copy request may not specifically refer to a delete marker by version id."
            )
        }
        switch Preconditions(request, prefix: "x-amz-copy-source-").evaluate(reader.record) {
        case .proceed: return reader
        case .failed(let condition): throw ServiceError.preconditionFailed("x-amz-copy-source-\(condition)")
        case .notModified: throw ServiceError.preconditionFailed("x-amz-copy-source-If-None-Match")
        }
    }

    /// Whether a copy of an object to itself asks for anything new.
    private func changesSomething(_ request: S3Request, _ bucket: Bucket) -> Bool {
        request.header("x-amz-metadata-directive") == "REPLACE"
            || request.header("x-amz-tagging-directive") == "REPLACE"
            || [
                "x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-server-side-encryption",
                "x-amz-server-side-encryption-customer-algorithm", "x-amz-checksum-algorithm",
            ].contains { request.header($0) != nil }
    }

    /// The headers of the copy: the source's or the request's, as the directives say.
    private func copiedHeaders(
        _ request: S3Request,
        of source: ObjectRecord,
        to bucket: Bucket
    ) throws -> ObjectHeaders {
        let own = try newHeaders(request, in: bucket)
        let takesMetadata = try Self.directive("x-amz-metadata-directive", request)
        let takesTags = try Self.directive("x-amz-tagging-directive", request)
        var headers = takesMetadata ? source.headers : own
        headers.tags = takesTags ? source.headers.tags : own.tags
        // These belong to the new object and never come along.
        headers.storageClass = own.storageClass
        headers.encryption = own.encryption
        headers.encryptionKey = own.encryptionKey
        headers.customerEncryption = own.customerEncryption
        headers.redirect = own.redirect
        headers.owner = own.owner
        headers.grants = own.grants
        headers.retention = own.retention
        headers.isHeld = own.isHeld
        return headers
    }

    /// Whether a directive says that the source's values are copied.
    private static func directive(_ name: String, _ request: S3Request) throws -> Bool {
        switch request.header(name) {
        case nil, "COPY": return true
        case "REPLACE": return false
        case let other?: throw ServiceError.invalidArgument("Unknown \(name)", name: name, value: other)
        }
    }

    @XMLElementsBuilder func checksumElements(_ checksum: ObjectChecksum?) -> [XMLElement] {
        if let checksum {
            XMLElement(checksum.algorithm.element, checksum.value)
            XMLElement("ChecksumType", checksum.form.rawValue)
        }
    }
}
