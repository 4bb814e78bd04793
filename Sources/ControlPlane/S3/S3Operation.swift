import AWSWire
import Gateway
import HTTPTypes

/// What a call wants: decided by method, level (account, bucket, object) and sub-resource.
enum S3Operation: Equatable {
    case listBuckets
    case createBucket, headBucket, deleteBucket
    case listObjects, listObjectsV2, listObjectVersions, listMultipartUploads, deleteObjects, postObject
    case getBucketSetting(BucketConfiguration)
    case putBucketSetting(BucketConfiguration)
    case deleteBucketSetting(BucketConfiguration)
    case getObject, headObject, putObject, copyObject, deleteObject
    case getObjectACL, putObjectACL, getObjectAttributes
    case getObjectTagging, putObjectTagging, deleteObjectTagging
    case getObjectRetention, putObjectRetention, getObjectLegalHold, putObjectLegalHold
    case createMultipartUpload, uploadPart, uploadPartCopy, listParts, completeMultipartUpload
    case abortMultipartUpload
    /// The question of a browser before a call from another origin.
    case preflight

    /// Finds the operation.
    ///
    /// - Throws: `NotImplemented` (501, which clients do not retry) for one that is known but not built, and for a
    ///   parameter without a meaning: taking it for a plain read or write could destroy data.
    init(_ request: S3Request) throws(ServiceError) {
        self = try Self.find(request).operation
    }

    /// The operation's name in the API.
    static func name(_ request: S3Request) throws(ServiceError) -> String { try find(request).name }

    private static func find(_ request: S3Request) throws(ServiceError) -> Found {
        if request.method == .options { return Found(.preflight, "Preflight") }
        let level: Level = request.hasKey ? .object : request.hasBucket ? .bucket : .account
        let parameters = Set(request.call.query.map(\.name).filter { !isIgnored($0) })
        let subresources = parameters.intersection(Self.subresources)
        guard subresources.count <= 1 || subresources == ["partNumber", "uploadId"] else {
            throw ServiceError(
                "InvalidArgument",
                "Conflicting values provided: \(subresources.sorted().joined(separator: ", "))"
            )
        }
        let subresource = subresources.contains("uploadId") ? "uploadId" : subresources.first
        let isCopy = request.header("x-amz-copy-source") != nil
        guard
            let found = Self.find(
                level,
                request.method,
                subresource,
                hasPart: parameters.contains("partNumber"),
                isCopy: isCopy
            )
        else { throw Self.refusal(level, request.method, subresource) }
        // Listings of a bucket are old: clients of all kinds send them parameters of their own.
        let isTolerant = [.listObjects, .listObjectsV2, .listObjectVersions].contains(found.operation)
        if !isTolerant, let unknown = parameters.subtracting(found.parameters).sorted().first {
            throw .notImplemented("The parameter '\(unknown)' of \(found.name)")
        }
        return found
    }

    private enum Level { case account, bucket, object }

    /// An operation with its name and the parameters that it understands.
    private struct Found {
        let operation: S3Operation
        let name: String
        let parameters: Set<String>

        init(_ operation: S3Operation, _ name: String, _ parameters: Set<String> = []) {
            self.operation = operation
            self.name = name
            self.parameters = parameters
        }
    }

    private static let listing: Set = ["prefix", "delimiter", "encoding-type", "max-keys"]
    private static let reading: Set = [
        "versionId", "partNumber", "response-cache-control", "response-content-disposition",
        "response-content-encoding", "response-content-language", "response-content-type", "response-expires",
    ]

    private static func find(
        _ level: Level,
        _ method: HTTPRequest.Method,
        _ subresource: String?,
        hasPart: Bool,
        isCopy: Bool
    ) -> Found? {
        switch level {
        case .account:
            guard method == .get, subresource == nil else { return nil }
            return Found(
                .listBuckets,
                "ListBuckets",
                ["max-buckets", "prefix", "continuation-token", "bucket-region"]
            )
        case .bucket: return bucket(method, subresource)
        case .object: return object(method, subresource, hasPart: hasPart, isCopy: isCopy)
        }
    }

    private static func bucket(_ method: HTTPRequest.Method, _ subresource: String?) -> Found? {
        switch (method, subresource) {
        case (.put, nil): return Found(.createBucket, "CreateBucket")
        case (.head, nil): return Found(.headBucket, "HeadBucket")
        case (.delete, nil): return Found(.deleteBucket, "DeleteBucket")
        case (.post, nil): return Found(.postObject, "PostObject")
        case (.post, "delete"): return Found(.deleteObjects, "DeleteObjects", ["delete"])
        case (.get, nil): return Found(.listObjects, "ListObjects", listing.union(["marker"]))
        case (.get, "list-type"):
            let own: Set = ["list-type", "continuation-token", "start-after", "fetch-owner"]
            return Found(.listObjectsV2, "ListObjectsV2", listing.union(own))
        case (.get, "versions"):
            let own: Set = ["versions", "key-marker", "version-id-marker"]
            return Found(.listObjectVersions, "ListObjectVersions", listing.union(own))
        case (.get, "uploads"):
            return Found(
                .listMultipartUploads,
                "ListMultipartUploads",
                [
                    "uploads", "prefix", "delimiter", "encoding-type", "max-uploads", "key-marker",
                    "upload-id-marker",
                ]
            )
        case (_, let name?):
            guard let setting = BucketConfiguration(rawValue: name) else { return nil }
            switch method {
            case .get: return Found(.getBucketSetting(setting), "Get\(setting.operationName)", [name])
            case .put where setting.isWritable:
                return Found(.putBucketSetting(setting), "Put\(setting.operationName)", [name])
            case .delete where setting.isRemovable:
                return Found(.deleteBucketSetting(setting), "Delete\(setting.operationName)", [name])
            default: return nil
            }
        default: return nil
        }
    }

    private static func object(
        _ method: HTTPRequest.Method,
        _ subresource: String?,
        hasPart: Bool,
        isCopy: Bool
    ) -> Found? {
        switch (method, subresource) {
        case (.get, nil), (.get, "partNumber"): return Found(.getObject, "GetObject", reading)
        case (.head, nil), (.head, "partNumber"): return Found(.headObject, "HeadObject", reading)
        case (.put, nil):
            return isCopy ? Found(.copyObject, "CopyObject") : Found(.putObject, "PutObject")
        case (.delete, nil): return Found(.deleteObject, "DeleteObject", ["versionId"])
        case (.get, "attributes"):
            return Found(.getObjectAttributes, "GetObjectAttributes", ["attributes", "versionId"])
        case (.post, "uploads"): return Found(.createMultipartUpload, "CreateMultipartUpload", ["uploads"])
        case (.put, "uploadId") where hasPart:
            let parameters: Set = ["uploadId", "partNumber"]
            return isCopy
                ? Found(.uploadPartCopy, "UploadPartCopy", parameters)
                : Found(.uploadPart, "UploadPart", parameters)
        case (.get, "uploadId") where !hasPart:
            return Found(
                .listParts,
                "ListParts",
                ["uploadId", "max-parts", "part-number-marker", "encoding-type"]
            )
        case (.post, "uploadId") where !hasPart:
            return Found(.completeMultipartUpload, "CompleteMultipartUpload", ["uploadId"])
        case (.delete, "uploadId") where !hasPart:
            return Found(.abortMultipartUpload, "AbortMultipartUpload", ["uploadId"])
        case (_, let name?):
            guard let (operation, text) = details["\(method.rawValue) \(name)"] else { return nil }
            return Found(operation, text, [name, "versionId"])
        default: return nil
        }
    }

    /// What is kept beside the bytes of an object.
    private static let details: [String: (S3Operation, String)] = [
        "GET acl": (.getObjectACL, "GetObjectAcl"), "PUT acl": (.putObjectACL, "PutObjectAcl"),
        "GET tagging": (.getObjectTagging, "GetObjectTagging"),
        "PUT tagging": (.putObjectTagging, "PutObjectTagging"),
        "DELETE tagging": (.deleteObjectTagging, "DeleteObjectTagging"),
        "GET retention": (.getObjectRetention, "GetObjectRetention"),
        "PUT retention": (.putObjectRetention, "PutObjectRetention"),
        "GET legal-hold": (.getObjectLegalHold, "GetObjectLegalHold"),
        "PUT legal-hold": (.putObjectLegalHold, "PutObjectLegalHold"),
    ]

    /// Parameters that say nothing about the operation: SDKs repeat its name in `x-id`, S3 leaves `x-…` to the callers'
    /// own logs, and presigned URLs carry headers.
    private static func isIgnored(_ name: String) -> Bool {
        name.lowercased().hasPrefix("x-") || S3Request.standsForHeader(name)
    }
}

// MARK: Refusals

extension S3Operation {
    /// Parameters that choose an operation.
    private static let subresources = Set(namesOfOthers.keys)
        .union(["list-type", "versions", "uploads", "uploadId", "partNumber", "delete", "attributes"])
        .union(BucketConfiguration.allCases.map(\.rawValue))

    /// What the sub-resources are called in the names of operations that are not built.
    private static let namesOfOthers = [
        "abac": "BucketAbac", "accelerate": "BucketAccelerateConfiguration", "acl": "Acl",
        "analytics": "BucketAnalyticsConfiguration", "append": "AppendObject", "cors": "BucketCors",
        "encryption": "BucketEncryption", "intelligent-tiering": "BucketIntelligentTieringConfiguration",
        "inventory": "BucketInventoryConfiguration", "legal-hold": "ObjectLegalHold",
        "lifecycle": "BucketLifecycleConfiguration", "logging": "BucketLogging",
        "metadataConfiguration": "BucketMetadataConfiguration",
        "metadataTable": "BucketMetadataTableConfiguration",
        "metrics": "BucketMetricsConfiguration", "notification": "BucketNotificationConfiguration",
        "object-lock": "ObjectLockConfiguration", "ownershipControls": "BucketOwnershipControls",
        "policy": "BucketPolicy", "policyStatus": "BucketPolicyStatus",
        "publicAccessBlock": "PublicAccessBlock",
        "renameObject": "RenameObject", "replication": "BucketReplication",
        "requestPayment": "BucketRequestPayment",
        "restore": "RestoreObject", "retention": "ObjectRetention", "select": "SelectObjectContent",
        "session": "CreateSession", "tagging": "BucketTagging", "torrent": "ObjectTorrent",
        "versioning": "BucketVersioning", "website": "BucketWebsite",
    ]

    private static func refusal(
        _ level: Level,
        _ method: HTTPRequest.Method,
        _ subresource: String?
    ) -> ServiceError {
        guard let subresource, let name = namesOfOthers[subresource] else {
            return ServiceError(
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
                status: 405,
                members: ["Method": method.rawValue]
            )
        }
        let verb: String? =
            switch method {
            case .get: "Get"
            case .put: "Put"
            case .delete: "Delete"
            default: nil
            }
        if method == .get, level == .object, subresource == "torrent" {
            return ServiceError("NoSuchKey", "There is no torrent of this object.", status: 404)
        }
        let isVerb = ["restore", "select", "session", "append", "renameObject"].contains(subresource)
        return .notImplemented(isVerb ? name : (verb ?? method.rawValue + " ") + name)
    }
}
