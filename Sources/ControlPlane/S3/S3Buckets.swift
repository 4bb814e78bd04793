import AWSWire
import Gateway
import HTTPServing
import HTTPTypes
import ObjectStore
import Resources

/// Operations on buckets.
extension S3Service {
    func listBuckets(_ request: S3Request) throws -> ServerResponse {
        let prefix = request.parameter("prefix")
        let limit = try request.number("max-buckets", in: 1...10_000)
        let region = request.parameter("bucket-region")
        let token = request.parameter("continuation-token")
        let after = try token.map { try ContinuationToken(parsing: $0).position }
        let matching = store.buckets(of: request.account).filter { bucket in
            bucket.name.hasPrefix(prefix ?? "") && after.map { $0 < bucket.name } ?? true
                && region.map { $0 == bucket.region.description } ?? true
        }
        let page = matching.prefix(limit ?? .max)
        let next =
            page.count < matching.count ? page.last.map { ContinuationToken(position: $0.name).text } : nil
        return .document(
            XMLElement("ListAllMyBucketsResult") {
                XMLElement.owner(request.account)
                XMLElement("Buckets") {
                    for bucket in page {
                        XMLElement("Bucket") {
                            XMLElement("Name", bucket.name)
                            XMLElement.time("CreationDate", bucket.created)
                            XMLElement("BucketRegion", bucket.region.description)
                        }
                    }
                }
                XMLElement.optional("ContinuationToken", next)
                XMLElement.optional("Prefix", prefix)
            }
        )
    }

    func createBucket(_ request: S3Request) async throws -> ServerResponse {
        let (settings, list) = try newSettings(request)
        let region = try await requestedRegion(request)
        var headers = HTTPFields()
        headers.set("Location", "/\(request.bucketName)")
        do {
            _ = try await store.createBucket(
                request.bucketName,
                in: Scope(account: request.account, region: region),
                versioning: settings["object-lock"] == nil ? .off : .enabled,
                settings: settings
            )
        } catch ObjectStoreError.bucketExists(let bucket) where bucket.account == request.account {
            // Taken for the first one, the call would leave a list that it did not ask for.
            guard bucket.accessList.isSame(as: list) else {
                throw ServiceError(
                    "BucketAlreadyExists",
                    "The bucket exists already, with another access control list. PutBucketAcl changes it.",
                    status: 409,
                    members: ["BucketName": bucket.name]
                )
            }
            // In its oldest region S3 takes the second call for the first.
            guard bucket.region == .standard, region == .standard else {
                throw ServiceError(
                    "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.",
                    status: 409,
                    members: ["BucketName": bucket.name]
                )
            }
        }
        return .empty(headers: headers)
    }

    /// The region that the document asks for; it must fit the one that the request was signed for.
    private func requestedRegion(_ request: S3Request) async throws -> Region {
        let signed = request.call.caller.scope.region
        let document = try await request.optionalDocument("CreateBucketConfiguration", limit: 64 << 10)
        for unknown in document?.children ?? [] where unknown.name != "LocationConstraint" {
            throw ServiceError.notImplemented("\(unknown.name) of CreateBucketConfiguration")
        }
        guard let constraint = document?["LocationConstraint"]?.text, !constraint.isEmpty else {
            guard signed == .standard else { throw Self.incompatible("unspecified") }
            return signed
        }
        guard let region = Region(constraint == "EU" ? "eu-west-1" : constraint), region != .standard else {
            throw ServiceError(
                "InvalidLocationConstraint",
                "The specified location-constraint is not valid",
                members: ["LocationConstraint": constraint]
            )
        }
        guard signed == .standard || signed == region else { throw Self.incompatible(constraint) }
        return region
    }

    private static func incompatible(_ constraint: String) -> ServiceError {
        ServiceError(
            "IllegalLocationConstraintException",
            """
            The \(constraint) location constraint is incompatible for the region specific endpoint this request was \
            sent to.
            """
        )
    }

    func headBucket(_ request: S3Request) throws -> ServerResponse {
        let bucket = try bucket(request)
        var headers = HTTPFields()
        headers.set("x-amz-bucket-region", bucket.region.description)
        headers.set("x-amz-access-point-alias", "false")
        headers.set("Content-Type", "application/xml")
        return ServerResponse(status: .ok, headers: headers, body: .head(length: 0))
    }

    func deleteBucket(_ request: S3Request) async throws -> ServerResponse {
        try await store.delete(try bucket(request))
        return .empty(.noContent)
    }

    /// The settings that a new bucket asks for in its headers, and its access control list.
    private func newSettings(_ request: S3Request) throws -> ([String: String], AccessList) {
        var settings: [String: String] = [:]
        if let text = request.header("x-amz-object-ownership") {
            guard let ownership = ObjectOwnership(rawValue: text) else {
                throw ServiceError.invalidArgument(
                    "Invalid x-amz-object-ownership header: \(text)",
                    name: "x-amz-object-ownership",
                    value: text
                )
            }
            settings["ownershipControls"] = ownership.document.documentText
        }
        if request.header("x-amz-bucket-object-lock-enabled")?.lowercased() == "true" {
            settings["object-lock"] =
                XMLElement(
                    "ObjectLockConfiguration",
                    children: [XMLElement("ObjectLockEnabled", "Enabled")]
                ).documentText
        }
        let owner = request.account.canonicalID
        let list = try listReader.list(request, owner: owner, bucketOwner: owner)
        if let list {
            if settings["ownershipControls"]?.contains("BucketOwnerEnforced") == true, !list.isPrivate {
                throw ServiceError(
                    "InvalidBucketAclWithObjectOwnership",
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
                )
            }
            settings["acl"] = try list.stored
        }
        return (settings, list ?? .owned(by: owner))
    }
}
