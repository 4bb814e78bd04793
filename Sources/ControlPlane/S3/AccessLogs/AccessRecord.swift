import AWSWire
import Foundation
import Gateway
import HTTPTypes
import ObjectStore
import Synchronization

/// What the handling of a request finds out and its line in an access log tells.
final class RequestNotes: Sendable {
    /// Those of the request that the task handles; `nil` where no log wants them.
    @TaskLocal static var current: RequestNotes?

    private let state = Mutex<State>(State())

    private struct State {
        var usedList = false
        var deleted: [(key: String, version: String?, error: String?)] = []
    }

    /// Notes that an access control list was what let the caller in.
    func noteList() { state.withLock { $0.usedList = true } }

    /// Notes one of the keys of a DeleteObjects.
    func noteDeletion(_ key: String, _ version: String?, error: String?) {
        state.withLock { $0.deleted.append((key, version, error)) }
    }

    var usedList: Bool { state.withLock(\.usedList) }
    var deleted: [(key: String, version: String?, error: String?)] { state.withLock(\.deleted) }
}

/// One request, as a line of an access log: the fields of S3's server access log format, in their order.
struct AccessRecord {
    let request: S3Request
    let bucket: Bucket
    let operation: String
    let status: Int
    let error: String?
    let bytesSent: Int?
    let objectSize: Int?
    let version: String?
    let began: Date
    let ended: Date
    let usedList: Bool

    /// The line of the request itself.
    var line: String { line(operation, request.hasKey ? request.keyName : nil, version, status, error) }

    /// The line of one of the keys that the request deletes.
    func deletion(_ key: String, _ version: String?, error: String?) -> String {
        line("REST.POST.DELETE_MULTI_OBJECT", key, version, error == nil ? 204 : 403, error)
    }

    private func line(
        _ operation: String,
        _ key: String?,
        _ version: String?,
        _ status: Int,
        _ error: String?
    ) -> String {
        let caller = request.call.caller
        let hasHeader = request.call.head.headerFields.value("authorization") != nil
        let time = Int(ended.timeIntervalSince(began) * 1000)
        let isTLS = caller.isEncrypted
        let fields: [String?] = [
            bucket.account.canonicalID, bucket.name, "[\(Self.clock(began))]",
            caller.source.isEmpty ? nil : caller.source, caller.isAnonymous ? nil : caller.principalARN,
            caller.requestID, operation, key.map { PercentEncoding.encode($0, slash: .kept) },
            "\"\(requestLine)\"", "\(status)", error, bytesSent.map { "\($0)" }, objectSize.map { "\($0)" },
            "\(time)", "\(time)", Self.quoted(request.header("referer")),
            Self.quoted(request.header("user-agent")), version, caller.requestID,
            caller.isAnonymous ? nil : "SigV4", isTLS ? "TLS" : nil,
            caller.isAnonymous ? nil : hasHeader ? "AuthHeader" : "QueryString",
            request.call.head.authority, isTLS ? "TLSv1.3" : nil, nil, usedList ? "Yes" : nil,
        ]
        return fields.map { $0.flatMap { $0.isEmpty ? nil : $0 } ?? "-" }.joined(separator: " ")
    }

    /// What was asked for, without signatures and keys.
    private var requestLine: String {
        let query = request.call.query.filter { !$0.name.lowercased().hasPrefix("x-amz-") }
            .filter { !["Signature", "AWSAccessKeyId", "Expires"].contains($0.name) }
            .map { item in
                let name = PercentEncoding.encode(item.name, slash: .encoded)
                return item.value.isEmpty
                    ? name : "\(name)=\(PercentEncoding.encode(item.value, slash: .encoded))"
            }
        let path = request.call.path.filter { !"\"[] ".contains($0) }
        return
            "\(request.method.rawValue) \(path)\(query.isEmpty ? "" : "?" + query.joined(separator: "&")) HTTP/1.1"
    }

    private static func quoted(_ text: String?) -> String? {
        text.map { "\"\($0.filter { !"\"[]\\".contains($0) })\"" }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `06/Feb/2030:00:00:38 +0000`.
    private static func clock(_ date: Date) -> String {
        let time = CivilTime(date)
        return
            "\(time.day.digits(2))/\(months[time.month - 1])/\(time.year.digits(4)):\(time.hour.digits(2)):"
            + "\(time.minute.digits(2)):\(time.second.digits(2)) +0000"
    }
}

extension S3Operation {
    /// What an access log calls the operation.
    var logName: String {
        switch self {
        case .listBuckets: "REST.GET.SERVICE"
        case .createBucket: "REST.PUT.BUCKET"
        case .headBucket: "REST.HEAD.BUCKET"
        case .deleteBucket: "REST.DELETE.BUCKET"
        case .listObjects, .listObjectsV2: "REST.GET.BUCKET"
        case .listObjectVersions: "REST.GET.BUCKETVERSIONS"
        case .listMultipartUploads: "REST.GET.UPLOADS"
        case .deleteObjects: "REST.POST.MULTI_OBJECT_DELETE"
        case .postObject: "REST.POST.BUCKET"
        case .getBucketSetting(let setting): "REST.GET.\(setting.logName)"
        case .putBucketSetting(let setting): "REST.PUT.\(setting.logName)"
        case .deleteBucketSetting(let setting): "REST.DELETE.\(setting.logName)"
        case .getObject: "REST.GET.OBJECT"
        case .headObject: "REST.HEAD.OBJECT"
        case .putObject, .copyObject: "REST.PUT.OBJECT"
        case .deleteObject: "REST.DELETE.OBJECT"
        case .getObjectACL: "REST.GET.ACL"
        case .putObjectACL: "REST.PUT.ACL"
        case .getObjectAttributes: "REST.GET.ATTRIBUTES"
        case .getObjectTagging: "REST.GET.OBJECT_TAGGING"
        case .putObjectTagging: "REST.PUT.OBJECT_TAGGING"
        case .deleteObjectTagging: "REST.DELETE.OBJECT_TAGGING"
        case .getObjectRetention: "REST.GET.RETENTION"
        case .putObjectRetention: "REST.PUT.RETENTION"
        case .getObjectLegalHold: "REST.GET.LEGAL_HOLD"
        case .putObjectLegalHold: "REST.PUT.LEGAL_HOLD"
        case .createMultipartUpload: "REST.POST.UPLOADS"
        case .uploadPart, .uploadPartCopy: "REST.PUT.PART"
        case .listParts: "REST.GET.UPLOAD"
        case .completeMultipartUpload: "REST.POST.UPLOAD"
        case .abortMultipartUpload: "REST.DELETE.UPLOAD"
        case .preflight: "REST.OPTIONS.PREFLIGHT"
        }
    }
}

extension BucketConfiguration {
    fileprivate var logName: String {
        switch self {
        case .logging: "LOGGING_STATUS"
        case .policy: "BUCKETPOLICY"
        case .objectLock: "OBJECT_LOCK_CONFIGURATION"
        default: rawValue.uppercased()
        }
    }
}
