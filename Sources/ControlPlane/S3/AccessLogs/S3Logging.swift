import AWSWire
import Foundation
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore
import Resources

/// The access logs of buckets.
extension S3Service {
    private static let modified = "logging-modified"

    func loggingStatus(_ bucket: Bucket) throws -> ServerResponse {
        guard let text = bucket.settings[BucketConfiguration.logging.rawValue] else {
            return .document(XMLElement("BucketLoggingStatus"))
        }
        var headers = HTTPFields()
        headers.set("Last-Modified", bucket.settings[Self.modified])
        return .document(try XMLElement.parse(Array(text.utf8)), headers: headers)
    }

    /// Switches a bucket's access log on or off: only whoever owns the bucket can.
    func putLogging(_ request: S3Request, _ bucket: Bucket) async throws -> ServerResponse {
        let document = try await request.document("BucketLoggingStatus", limit: 64 << 10)
        guard request.canonicalID == bucket.account.canonicalID else { throw ServiceError.accessDenied }
        let setting = BucketConfiguration.logging.rawValue
        guard let target = try LoggingTarget(document) else {
            try await store.set(setting, to: nil, of: bucket)
            return .empty()
        }
        guard let place = try? store.bucket(target.bucket) else {
            throw ServiceError("NoSuchKey", "The target bucket for logging does not exist.", status: 404)
        }
        let reason: String? =
            if place.name == bucket.name {
                "A bucket cannot hold its own access log."
            } else if place.loggingTarget != nil {
                "The target bucket has an access log itself."
            } else if place.defaultEncryption?.algorithm != nil {
                "The target bucket has a default encryption."
            } else if place.settings[BucketConfiguration.requestPayment.rawValue]?.contains("Requester")
                == true
            {
                "The target bucket makes requesters pay."
            } else { nil }
        if let reason {
            throw ServiceError.invalidArgument(reason, name: "TargetBucket", value: target.bucket)
        }
        guard AccessLogs.takes(place, target.prefix, from: bucket.logSource, policies) else {
            throw ServiceError.accessDenied
        }
        let text = target.document.documentText
        if bucket.settings[setting] != text {
            try await store.set(Self.modified, to: HTTPDate.text(now()), of: bucket)
            try await store.set(setting, to: text, of: bucket)
        }
        return .empty()
    }

    /// Answers a request, and tells the access log of its bucket where there is one.
    func recorded(
        _ request: S3Request,
        _ answer: (S3Request) async throws -> ServerResponse
    ) async throws -> ServerResponse {
        guard let logs, request.hasBucket, let bucket = try? store.bucket(request.bucketName),
            let target = bucket.loggingTarget
        else { return try await answer(request) }
        let notes = RequestNotes()
        let began = now()
        func note(_ response: ServerResponse?, _ error: ServiceError?) async {
            let record = AccessRecord(
                request: request,
                bucket: bucket,
                operation: (try? S3Operation(request).logName) ?? "REST.\(request.method.rawValue).UNKNOWN",
                status: response?.status.code ?? error?.status ?? 500,
                error: error?.code,
                bytesSent: response?.sentLength,
                objectSize: response?.objectSize ?? request.call.body.declaredLength,
                version: response?.headers.value("x-amz-version-id"),
                began: began,
                ended: now(),
                usedList: notes.usedList
            )
            let deleted = notes.deleted.map { record.deletion($0.key, $0.version, error: $0.error) }
            await logs.add([record.line] + deleted, from: bucket.logSource, to: target)
        }
        do {
            let response = try await RequestNotes.$current.withValue(notes) { try await answer(request) }
            await note(response, nil)
            return response
        } catch {
            await note(nil, (error as? ObjectStoreError)?.serviceError ?? error as? ServiceError)
            throw error
        }
    }
}

extension Bucket {
    /// Where the bucket's access log goes; `nil` where it has none.
    var loggingTarget: LoggingTarget? {
        guard let text = settings[BucketConfiguration.logging.rawValue],
            let document = try? XMLElement.parse(Array(text.utf8))
        else { return nil }
        // What is stored was read when it came.
        return (try? LoggingTarget(document)) ?? nil
    }

    var logSource: AccessLogs.Source {
        AccessLogs.Source(bucket: name, account: account, region: region.description)
    }
}

extension ServerResponse {
    /// Bytes of the body that are sent.
    fileprivate var sentLength: Int? {
        switch body {
        case .bytes(let bytes): bytes.readableBytes
        case .stream(let length, _): length
        case .head: nil
        }
    }

    /// Bytes of the whole object, of which the reply may have a range.
    fileprivate var objectSize: Int? {
        if let range = headers.value("content-range"), let total = range.split(separator: "/").last {
            return Int(total)
        }
        switch body {
        case .stream(let length, _): return length
        case .head(let length): return length
        case .bytes: return nil
        }
    }
}
