import AWSWire
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore

/// PutObject and DeleteObject.
extension S3Service {
    /// Largest body of one request: 5 GiB, as in S3; larger objects come in parts.
    static let bodyLimit = 5 << 30

    func putObject(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let key = try request.key
        let stored = try newHeaders(request, in: bucket)
        let checksum = try AnnouncedChecksum(request)
        let condition = try WriteCondition(request)
        let length = try checkedBodyLength(request)
        // A write that cannot succeed is refused before its body is read.
        try await check(condition, key, in: bucket)
        var upload = try await store.upload(
            key,
            in: bucket,
            headers: stored,
            length: length,
            checksum: checksum.algorithm,
            cipher: try cipher(of: stored, request)
        )
        var size = 0
        for try await chunk in request.call.body {
            size += chunk.readableBytes
            guard size <= Self.bodyLimit else {
                throw ObjectStoreError.tooLarge(size: size, limit: Self.bodyLimit)
            }
            try await upload.write(chunk)
        }
        let announced = try checksum.digests(length: length, trailers: request.call.body.trailers)
        let record = try await upload.finish(announced, if: condition)
        return .empty(headers: writtenHeaders(record, request))
    }

    /// The length of a body that one request may have.
    func checkedBodyLength(_ request: S3Request) throws -> Int? {
        let length = request.call.body.declaredLength
        if let length, length > Self.bodyLimit {
            throw ObjectStoreError.tooLarge(size: length, limit: Self.bodyLimit)
        }
        return length
    }

    /// Looks early whether a condition can hold; the commit looks again.
    func check(_ condition: WriteCondition, _ key: ObjectKey, in bucket: Bucket) async throws {
        guard condition != .none else { return }
        do {
            try condition.check(try await store.head(key, in: bucket), key: key)
        } catch ObjectStoreError.deleted(let marker, _) {
            try condition.check(nil, key: marker.key)
        } catch ObjectStoreError.noSuchKey(let key) {
            try condition.check(nil, key: key)
        }
    }

    /// Headers that tell a writer what was stored.
    func writtenHeaders(_ record: ObjectRecord, _ request: S3Request) -> HTTPFields {
        var headers = HTTPFields()
        headers.set("ETag", "\"\(record.eTag)\"")
        headers.set(record.checksum)
        headers.setEncryption(of: record.headers, request)
        if record.version != .null { headers.set("x-amz-version-id", record.version.description) }
        headers.set("x-amz-expiration", expiry(of: record))
        return headers
    }

    private func bucketKeepsVersions(_ record: ObjectRecord) -> Bool {
        guard let bucket = try? store.bucket(record.bucket) else { return false }
        return bucket.versioning != .off
    }

    /// Names the version of what was read or changed.
    func versionHeaders(_ record: ObjectRecord) -> HTTPFields {
        var headers = HTTPFields()
        if bucketKeepsVersions(record) { headers.set("x-amz-version-id", record.version.description) }
        return headers
    }

    /// When a lifecycle ends an object, as replies tell it.
    func expiry(of record: ObjectRecord) -> String? {
        guard let bucket = try? store.bucket(record.bucket), bucket.settings["lifecycle"] != nil,
            let (date, rule) = bucket.lifecycle?.expiry(of: record)
        else { return nil }
        return "expiry-date=\"\(HTTPDate.text(date))\", rule-id=\"\(rule)\""
    }

    /// What is stored beside the bytes of a new object: what the request asks for and what the bucket adds.
    func newHeaders(_ request: S3Request, in bucket: Bucket) throws -> ObjectHeaders {
        var headers = try ObjectHeaders(request)
        let owner = objectOwner(request, in: bucket)
        headers.owner = owner == bucket.account.canonicalID ? nil : owner
        headers.grants = try newList(request, in: bucket)?.grants
        try checkCustomerKeys(request, in: bucket)
        if headers.encryption == nil, headers.customerEncryption == nil,
            let encryption = bucket.defaultEncryption
        {
            headers.encryption = encryption.algorithm
            headers.encryptionKey = encryption.key
        }
        try lock(&headers, request, in: bucket)
        return headers
    }
}
