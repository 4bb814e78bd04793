import AWSWire
import Gateway
import ObjectStore

/// What each operation needs. The switch has no default: an operation without an action does not compile.
extension S3Operation {
    /// The actions and resources of a call.
    ///
    /// DeleteObjects and PostObject name their keys in the body and ask for each of them there.
    func accesses(_ request: S3Request) throws -> [Access] {
        let bucket = S3Names.bucket(request.bucketName)
        let object = S3Names.object(request.bucketName, request.keyName)
        let context = Self.context(request)
        func on(_ name: String, _ resource: String) -> Access {
            Access("s3:\(name)", on: resource, context: context)
        }
        /// With a version named, an action of its own.
        func versioned(_ start: String, _ end: String = "") -> Access {
            let version = request.parameter("versionId") == nil ? "" : "Version"
            return on("\(start)\(version)\(end)", object)
        }
        switch self {
        case .listBuckets: return [Access("s3:ListAllMyBuckets", on: "arn:aws:s3:::*")]
        case .createBucket: return [on("CreateBucket", bucket)]
        case .headBucket: return [on("ListBucket", bucket)]
        case .deleteBucket: return [on("DeleteBucket", bucket)]
        case .listObjects, .listObjectsV2: return [on("ListBucket", bucket)]
        case .listObjectVersions: return [on("ListBucketVersions", bucket)]
        case .listMultipartUploads: return [on("ListBucketMultipartUploads", bucket)]
        case .deleteObjects, .postObject, .preflight: return []
        case .getBucketSetting(let setting): return [on("Get\(setting.actionName)", bucket)]
        case .putBucketSetting(let setting): return [on("Put\(setting.actionName)", bucket)]
        case .deleteBucketSetting(let setting):
            return [on(setting == .policy ? "DeleteBucketPolicy" : "Put\(setting.actionName)", bucket)]
        case .getObject, .headObject: return [versioned("GetObject")]
        case .putObject, .createMultipartUpload, .uploadPart, .completeMultipartUpload:
            return [on("PutObject", object)] + Self.writing(request, object, context)
        case .copyObject, .uploadPartCopy:
            let source = try CopySource(request)
            let action = source.version == nil ? "s3:GetObject" : "s3:GetObjectVersion"
            let read = Access(action, on: S3Names.object(source.bucket, source.key.description))
            return [on("PutObject", object), read] + Self.writing(request, object, context)
        case .deleteObject: return [versioned("DeleteObject")]
        case .getObjectACL: return [versioned("GetObject", "Acl")]
        case .putObjectACL: return [versioned("PutObject", "Acl")]
        case .getObjectAttributes: return [versioned("GetObject", "Attributes"), versioned("GetObject")]
        case .getObjectTagging: return [versioned("GetObject", "Tagging")]
        case .putObjectTagging: return [versioned("PutObject", "Tagging")]
        case .deleteObjectTagging: return [versioned("DeleteObject", "Tagging")]
        case .getObjectRetention: return [on("GetObjectRetention", object)]
        case .putObjectRetention: return [on("PutObjectRetention", object)]
        case .getObjectLegalHold: return [on("GetObjectLegalHold", object)]
        case .putObjectLegalHold: return [on("PutObjectLegalHold", object)]
        case .listParts: return [on("ListMultipartUploadParts", object)]
        case .abortMultipartUpload: return [on("AbortMultipartUpload", object)]
        }
    }

    /// What a write asks for beside the object itself.
    private static func writing(
        _ request: S3Request,
        _ object: String,
        _ context: [String: [String]]
    ) -> [Access] {
        var accesses: [Access] = []
        if request.header("x-amz-tagging") != nil {
            accesses.append(Access("s3:PutObjectTagging", on: object, context: context))
        }
        if request.header("x-amz-object-lock-mode") != nil {
            accesses.append(Access("s3:PutObjectRetention", on: object, context: context))
        }
        if request.header("x-amz-object-lock-legal-hold") != nil {
            accesses.append(Access("s3:PutObjectLegalHold", on: object, context: context))
        }
        return accesses
    }

    /// The condition keys of a call: what stands in its parameters and headers.
    static func context(_ request: S3Request) -> [String: [String]] {
        var context: [String: [String]] = [:]
        if !request.hasKey { context["s3:prefix"] = [request.parameter("prefix") ?? ""] }
        context["s3:delimiter"] = request.parameter("delimiter").map { [$0] }
        context["s3:max-keys"] = request.parameter("max-keys").map { [$0] }
        context["s3:versionid"] = request.parameter("versionId").map { [$0] }
        context["aws:referer"] = request.header("referer").map { [$0] }
        context["aws:useragent"] = request.header("user-agent").map { [$0] }
        for name in headerKeys { context["s3:\(name)"] = request.header(name).map { [$0] } }
        context["s3:object-lock-mode"] = request.header("x-amz-object-lock-mode").map { [$0] }
        if let source = request.header("x-amz-copy-source") {
            let path = PercentEncoding.decode(source[...]) ?? source
            context["s3:x-amz-copy-source"] = [path.hasPrefix("/") ? String(path.dropFirst()) : path]
        }
        if let text = request.header("x-amz-tagging"), let tags = try? ObjectHeaders.tags(text) {
            context["s3:requestobjecttagkeys"] = tags.keys.sorted()
            for (name, value) in tags { context["s3:requestobjecttag/\(name.lowercased())"] = [value] }
        }
        return context
    }

    private static let headerKeys = [
        "x-amz-acl", "x-amz-grant-read", "x-amz-grant-write", "x-amz-grant-read-acp", "x-amz-grant-write-acp",
        "x-amz-grant-full-control", "x-amz-metadata-directive", "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-server-side-encryption-customer-algorithm",
        "x-amz-storage-class", "x-amz-website-redirect-location", "x-amz-content-sha256",
    ]
}
