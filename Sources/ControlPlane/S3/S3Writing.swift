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
        try refuseAccessControl(request)
        let stored = try ObjectHeaders(request)
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
            checksum: checksum.algorithm
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
        return .empty(headers: writtenHeaders(record))
    }

    func deleteObject(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        try checkVersion(request)
        try await store.delete(request.key, in: bucket, if: try WriteCondition(request))
        return .empty(.noContent)
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
        } catch ObjectStoreError.noSuchKey where condition == .absent {
            // Which is the condition.
        }
    }

    /// Headers that tell a writer what was stored.
    func writtenHeaders(_ record: ObjectRecord) -> HTTPFields {
        var headers = HTTPFields()
        headers.set("ETag", "\"\(record.eTag)\"")
        headers.set(record.checksum)
        headers.setEncryption(of: record.headers)
        return headers
    }
}
