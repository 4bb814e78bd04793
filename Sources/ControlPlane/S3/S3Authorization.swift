import AWSWire
import Foundation
import Gateway
import ObjectStore
import Policies
import Resources
import Synchronization

/// Bucket policies, read once each.
final class BucketPolicies: Sendable {
    private let known = Mutex<[String: Policy]>([:])

    /// The policy of a document.
    ///
    /// - Throws: `MalformedPolicy`.
    func policy(_ text: String) throws(MalformedPolicy) -> Policy {
        if let policy = known.withLock({ $0[text] }) { return policy }
        let policy = try Policy(parsing: text, as: .resource)
        known.withLock { known in
            if known.count >= 1000 { known = [:] }
            known[text] = policy
        }
        return policy
    }

    /// Whether a bucket's policy looks at the tags of its objects.
    func asksForTags(_ bucket: Bucket) -> Bool {
        guard let text = bucket.settings["policy"], let policy = try? policy(text) else { return false }
        return policy.mentions(conditionKeyPrefix: "s3:existingobjecttag/")
    }

    /// What a bucket's policy says.
    ///
    /// - Parameters:
    ///   - access: What is wanted.
    ///   - bucket: Whose policy.
    ///   - tags: Of the object that it is about.
    ///   - caller: Who wants it.
    /// - Returns: Implicitly denied where there is no policy.
    func decide(
        _ access: Access,
        on bucket: Bucket,
        tags: [String: String] = [:],
        by caller: Caller
    ) -> PolicyDecision {
        guard let text = bucket.settings["policy"], let policy = try? policy(text) else {
            return .implicitlyDenied
        }
        var context = access.context
        for (name, value) in tags { context["s3:existingobjecttag/\(name.lowercased())"] = [value] }
        context["aws:securetransport"] = ["\(caller.isConfidential)"]
        context["aws:currenttime"] = ["\(Int(Date().timeIntervalSince1970))"]
        context["aws:epochtime"] = context["aws:currenttime"]
        if !caller.source.isEmpty { context["aws:sourceip"] = [caller.source] }
        if !caller.isAnonymous {
            context["aws:principalarn"] = [caller.principalARN]
            context["aws:principalaccount"] = [caller.scope.account.description]
        }
        let request = AccessRequest(
            action: access.action,
            resource: access.resource,
            context: RequestContext(context)
        )
        return policy.decide(request, onBehalfOf: Self.party(caller))
    }

    /// Who somebody is to a bucket policy.
    private static func party(_ caller: Caller) -> TrustedParty {
        guard !caller.isAnonymous else { return .anonymous }
        var names = [caller.principalARN]
        if let role = caller.principalARN.firstMatch(of: /^arn:aws:sts::(\d{12}):assumed-role\/([^\/]+)\//) {
            names.append("arn:aws:iam::\(role.1):role/\(role.2)")
        }
        let account = caller.scope.account
        return .holder(canonical: account.canonicalID, account: account.description, arns: names)
    }
}

/// Whether a caller may, by everything that has a say: their own policies, the bucket's, and access control lists.
extension S3Service {
    /// Checks all of it.
    ///
    /// - Throws: `AccessDenied`.
    func authorize(_ accesses: [Access], _ request: S3Request) async throws {
        for access in accesses { try await authorize(access, request) }
    }

    func authorize(_ access: Access, _ request: S3Request) async throws {
        let caller = request.call.caller
        let place = ObjectPlace(access.resource)
        guard access.action != "s3:CreateBucket", let bucket = place.bucket.flatMap({ try? store.bucket($0) })
        else {
            if caller.isAnonymous,
                access.action == "s3:ListAllMyBuckets" || access.action == "s3:CreateBucket"
            {
                throw ServiceError.accessDenied
            }
            // That there is no such bucket, the handler says.
            if !caller.isAnonymous { try gatekeeper.check([access], by: caller, envelope: .s3) }
            return
        }
        let isOwn = !caller.isAnonymous && bucket.account == caller.scope.account
        let own = caller.isAnonymous ? nil : gatekeeper.refusal(of: access, by: caller)
        if case .explicitlyDenied? = own { throw Self.denial(own) }
        let policy = try await policyDecision(access, place, bucket, request)
        if policy == .explicitlyDenied, !(caller.authority == .owner && isOwn && Self.isRescue(access.action))
        {
            throw ServiceError.accessDenied
        }
        if isOwn {
            if policy == .allowed { return }
            guard own == nil, !hasGivenUp(access.action, bucket) else { throw Self.denial(own) }
            return
        }
        // A stranger needs a word of the owner's, and of their own side's too.
        guard caller.isAnonymous || own == nil else { throw Self.denial(own) }
        let block = bucket.publicAccess
        if policy == .allowed {
            let isOpen = try bucket.settings["policy"].map { try policies.policy($0).isPublic } ?? false
            if !(block.restrictsBuckets && isOpen) { return }
        }
        guard bucket.ownership != .bucketOwnerEnforced,
            try await isGranted(access.action, place, bucket, request, ignoringPublic: block.ignoresACLs)
        else { throw ServiceError.accessDenied }
        RequestNotes.current?.noteList()
    }

    /// Whether the owner has taken even their own right to write from the bucket's list.
    private func hasGivenUp(_ action: String, _ bucket: Bucket) -> Bool {
        guard bucket.settings["acl"] != nil, bucket.ownership != .bucketOwnerEnforced,
            ["s3:PutObject", "s3:DeleteObject"].contains(action)
        else { return false }
        return !bucket.accessList.allows(.write, bucket.account.canonicalID, ignoringPublic: true)
    }

    private static func denial(_ refusal: AccessRefusal?) -> ServiceError {
        refusal?.serviceError(in: .s3) ?? .accessDenied
    }

    /// What the owner of the account can always do, lest a policy locks everybody out.
    private static func isRescue(_ action: String) -> Bool {
        ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"].contains(action)
    }

    private func policyDecision(
        _ access: Access,
        _ place: ObjectPlace,
        _ bucket: Bucket,
        _ request: S3Request
    ) async throws -> PolicyDecision {
        var tags: [String: String] = [:]
        if policies.asksForTags(bucket), let key = place.key {
            let found = try? await store.head(ObjectKey(key), version: request.parsedVersion, in: bucket)
            tags = found?.headers.tags ?? [:]
        }
        return policies.decide(access, on: bucket, tags: tags, by: request.call.caller)
    }

    /// Whether an access control list says so.
    private func isGranted(
        _ action: String,
        _ place: ObjectPlace,
        _ bucket: Bucket,
        _ request: S3Request,
        ignoringPublic: Bool
    ) async throws -> Bool {
        let name = action.dropFirst("s3:".count)
        if let permission = Self.bucketPermissions[String(name)] {
            return bucket.accessList.allows(
                permission,
                request.canonicalID,
                ignoringPublic: ignoringPublic
            )
        }
        guard let permission = Self.objectPermissions[String(name)], let key = place.key else { return false }
        do {
            let isOwnKey = place.bucket == request.bucketName && key == request.keyName
            let version = isOwnKey ? request.parsedVersion : nil
            let record = try await store.head(ObjectKey(key), version: version, in: bucket)
            return record.headers.accessList(in: bucket).allows(
                permission,
                request.canonicalID,
                ignoringPublic: ignoringPublic
            )
        } catch let error as ObjectStoreError {
            // Whoever may list the bucket may know that there is nothing.
            guard
                bucket.accessList.allows(.read, request.canonicalID, ignoringPublic: ignoringPublic)
            else { return false }
            throw error
        }
    }

    private static let bucketPermissions: [String: AccessList.Permission] = [
        "ListBucket": .read, "ListBucketVersions": .read, "ListBucketMultipartUploads": .read,
        "PutObject": .write, "DeleteObject": .write, "DeleteObjectVersion": .write,
        "AbortMultipartUpload": .write, "ListMultipartUploadParts": .write, "PutObjectTagging": .write,
        "GetBucketAcl": .readACL, "PutBucketAcl": .writeACL,
    ]

    private static let objectPermissions: [String: AccessList.Permission] = [
        "GetObject": .read, "GetObjectVersion": .read, "GetObjectAttributes": .read,
        "GetObjectVersionAttributes": .read, "GetObjectTagging": .read, "GetObjectVersionTagging": .read,
        "GetObjectAcl": .readACL, "GetObjectVersionAcl": .readACL, "PutObjectAcl": .writeACL,
        "PutObjectVersionAcl": .writeACL,
    ]
}

/// Bucket and key in an ARN of S3's.
struct ObjectPlace {
    let bucket: String?
    let key: String?

    init(_ resource: String) {
        let prefix = "arn:aws:s3:::"
        guard resource.hasPrefix(prefix) else {
            (bucket, key) = (nil, nil)
            return
        }
        let path = resource.dropFirst(prefix.count)
        let slash = path.firstIndex(of: "/")
        bucket = String(path[..<(slash ?? path.endIndex)])
        key = slash.map { String(path[path.index(after: $0)...]) }
    }
}
