import AWSWire
import Gateway
import ObjectStore

/// What each operation needs. The switch has no default: an operation without an action does not compile.
extension S3Operation {
    /// The actions and resources of a call.
    ///
    /// DeleteObjects names its keys in the body and asks for each of them there.
    func accesses(_ request: S3Request) throws -> [Access] {
        let bucket = S3Names.bucket(request.bucketName)
        let object = S3Names.object(request.bucketName, request.keyName)
        switch self {
        case .listBuckets: return [Access("s3:ListAllMyBuckets", on: "arn:aws:s3:::*")]
        case .createBucket: return [Access("s3:CreateBucket", on: bucket)]
        case .headBucket: return [Access("s3:ListBucket", on: bucket)]
        case .deleteBucket: return [Access("s3:DeleteBucket", on: bucket)]
        case .listObjects, .listObjectsV2:
            return [Access("s3:ListBucket", on: bucket, context: Self.listing(request))]
        case .listObjectVersions:
            return [Access("s3:ListBucketVersions", on: bucket, context: Self.listing(request))]
        case .listMultipartUploads: return [Access("s3:ListBucketMultipartUploads", on: bucket)]
        case .deleteObjects: return []
        case .bucketConfiguration(let part): return [Access("s3:Get\(part.actionName)", on: bucket)]
        case .deleteBucketConfiguration:
            let part = request.call.query.lazy.compactMap { BucketConfiguration(rawValue: $0.name) }.first
            let name = part == .policy ? "DeleteBucketPolicy" : "Put\(part?.actionName ?? "BucketTagging")"
            return [Access("s3:\(name)", on: bucket)]
        case .getObject, .headObject: return [Access("s3:GetObject", on: object)]
        case .putObject, .createMultipartUpload, .uploadPart, .completeMultipartUpload:
            let write = Access("s3:PutObject", on: object)
            guard request.header("x-amz-tagging") != nil else { return [write] }
            return [write, Access("s3:PutObjectTagging", on: object)]
        case .copyObject, .uploadPartCopy:
            let source = try CopySource(request)
            return [
                Access("s3:PutObject", on: object),
                Access("s3:GetObject", on: S3Names.object(source.bucket, source.key.description)),
            ]
        case .deleteObject: return [Access("s3:DeleteObject", on: object)]
        case .getObjectACL: return [Access("s3:GetObjectAcl", on: object)]
        case .getObjectAttributes:
            return [Access("s3:GetObjectAttributes", on: object), Access("s3:GetObject", on: object)]
        case .getObjectTagging: return [Access("s3:GetObjectTagging", on: object)]
        case .putObjectTagging: return [Access("s3:PutObjectTagging", on: object)]
        case .deleteObjectTagging: return [Access("s3:DeleteObjectTagging", on: object)]
        case .listParts: return [Access("s3:ListMultipartUploadParts", on: object)]
        case .abortMultipartUpload: return [Access("s3:AbortMultipartUpload", on: object)]
        }
    }

    /// The condition keys of a listing.
    private static func listing(_ request: S3Request) -> [String: [String]] {
        var context = ["s3:prefix": [request.parameter("prefix") ?? ""]]
        context["s3:delimiter"] = request.parameter("delimiter").map { [$0] }
        context["s3:max-keys"] = request.parameter("max-keys").map { [$0] }
        return context
    }
}

extension BucketConfiguration {
    /// What stands after `Get` in the action that reads the setting (service authorization reference).
    fileprivate var actionName: String {
        switch self {
        case .accelerate: "AccelerateConfiguration"
        case .acl: "BucketAcl"
        case .cors: "BucketCORS"
        case .encryption: "EncryptionConfiguration"
        case .lifecycle: "LifecycleConfiguration"
        case .location: "BucketLocation"
        case .logging: "BucketLogging"
        case .notification: "BucketNotification"
        case .ownershipControls: "BucketOwnershipControls"
        case .policy: "BucketPolicy"
        case .policyStatus: "BucketPolicyStatus"
        case .publicAccessBlock: "BucketPublicAccessBlock"
        case .replication: "ReplicationConfiguration"
        case .requestPayment: "BucketRequestPayment"
        case .tagging: "BucketTagging"
        case .versioning: "BucketVersioning"
        case .website: "BucketWebsite"
        case .objectLock: "BucketObjectLockConfiguration"
        }
    }
}
