import AWSWire
import Gateway
import HTTPTypes

/// What a call wants: decided by method, level (account, bucket, object) and sub-resource.
enum S3Operation: Equatable {
    case listBuckets
    case createBucket, headBucket, deleteBucket
    case listObjects, listObjectsV2, listObjectVersions, listMultipartUploads, deleteObjects
    /// One of the settings of a bucket that can be read here.
    case bucketConfiguration(BucketConfiguration)
    case deleteBucketConfiguration
    case getObject, headObject, putObject, copyObject, deleteObject
    case getObjectACL, getObjectAttributes, getObjectTagging, putObjectTagging, deleteObjectTagging
    case createMultipartUpload, uploadPart, uploadPartCopy, listParts, completeMultipartUpload
    case abortMultipartUpload

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
        if let unknown = parameters.subtracting(found.parameters).sorted().first {
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
        case (.get, let name?):
            guard let part = BucketConfiguration(rawValue: name) else { return nil }
            return Found(.bucketConfiguration(part), "GetBucket\(name)", [name])
        case (.delete, let name?):
            guard let part = BucketConfiguration(rawValue: name), part.isRemovable else { return nil }
            return Found(.deleteBucketConfiguration, "DeleteBucket\(name)", [name])
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
        case (.get, "acl"): return Found(.getObjectACL, "GetObjectAcl", ["acl", "versionId"])
        case (.get, "attributes"):
            return Found(.getObjectAttributes, "GetObjectAttributes", ["attributes", "versionId"])
        case (.get, "tagging"): return Found(.getObjectTagging, "GetObjectTagging", ["tagging", "versionId"])
        case (.put, "tagging"): return Found(.putObjectTagging, "PutObjectTagging", ["tagging", "versionId"])
        case (.delete, "tagging"):
            return Found(.deleteObjectTagging, "DeleteObjectTagging", ["tagging", "versionId"])
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
        default: return nil
        }
    }

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

    /// What the sub-resources that are not built are called in operation names.
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
            if level == .bucket, method == .post, subresource == nil { return .notImplemented("PostObject") }
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
        if name == "Acl" {
            return .notImplemented("\(verb ?? method.rawValue)\(level == .bucket ? "Bucket" : "Object")Acl")
        }
        let isVerb = ["restore", "select", "session", "append", "renameObject"].contains(subresource)
        return .notImplemented(isVerb ? name : (verb ?? method.rawValue + " ") + name)
    }
}
