import AWSWire
import HTTPServing
import ObjectStore
import Resources

/// Reading and changing access control lists.
extension S3Service {
    /// What accounts are called, by their canonical ids.
    var accountNames: [String: String] {
        Dictionary(accounts().map { ($0.canonicalID, $0.description) }) { first, _ in first }
    }

    var listReader: AccessListReader { AccessListReader(known: Set(accounts().map(\.canonicalID))) }

    func objectACL(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let record = try await store.head(request.key, version: request.version, in: bucket)
        let list = record.headers.accessList(in: bucket)
        try checkOwner(of: record, list, .readACL, request)
        return .document(list.document(names: accountNames), headers: versionHeaders(record))
    }

    func putObjectACL(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let record = try await store.head(request.key, version: request.version, in: bucket)
        let owner = record.headers.owner ?? bucket.account.canonicalID
        try checkOwner(of: record, record.headers.accessList(in: bucket), .writeACL, request)
        guard let list = try await sentList(request, owner: owner, bucket: bucket) else {
            throw ServiceError.missingGrants
        }
        guard bucket.ownership != .bucketOwnerEnforced else { throw ServiceError.listsNotSupported }
        try check(list, in: bucket)
        try await store.change(request.key, version: record.version, in: bucket) { headers in
            headers.grants = list.grants
        }
        return .empty(headers: versionHeaders(record))
    }

    /// Whoever owns a bucket does not own what others have written into it, unless the bucket says so.
    private func checkOwner(
        of record: ObjectRecord,
        _ list: AccessList,
        _ permission: AccessList.Permission,
        _ request: S3Request
    ) throws {
        let bucket = try store.bucket(record.bucket)
        guard record.headers.owner != nil, bucket.ownership != .bucketOwnerEnforced,
            request.canonicalID == bucket.account.canonicalID
        else { return }
        guard list.allows(permission, request.canonicalID, ignoringPublic: bucket.publicAccess.ignoresACLs)
        else { throw ServiceError.accessDenied }
    }

    func putBucketACL(_ request: S3Request, _ bucket: Bucket) async throws -> ServerResponse {
        guard let list = try await sentList(request, owner: bucket.account.canonicalID, bucket: bucket) else {
            throw ServiceError.missingGrants
        }
        guard bucket.ownership != .bucketOwnerEnforced else { throw ServiceError.listsNotSupported }
        try check(list, in: bucket)
        try await store.set("acl", to: try list.stored, of: bucket)
        return .empty()
    }

    /// The list in the headers or the body of a request.
    private func sentList(_ request: S3Request, owner: String, bucket: Bucket) async throws -> AccessList? {
        let document = try await request.optionalDocument("AccessControlPolicy", limit: 1 << 20)
        let fromHeaders = try listReader.list(request, owner: owner, bucketOwner: bucket.account.canonicalID)
        if let fromHeaders { return fromHeaders }
        return try document.map { try listReader.list($0, owner: owner) }
    }

    /// The list that a new object gets: what the request asks for, or its owner's alone.
    ///
    /// - Throws: Where the bucket takes no lists, or no public ones.
    func newList(_ request: S3Request, in bucket: Bucket) throws -> AccessList? {
        let owner = objectOwner(request, in: bucket)
        let list = try listReader.list(request, owner: owner, bucketOwner: bucket.account.canonicalID)
        if let list {
            let canned = request.header("x-amz-acl")
            guard bucket.ownership != .bucketOwnerEnforced || canned ?? Self.full == Self.full else {
                throw ServiceError.listsNotSupported
            }
            try check(list, in: bucket)
        }
        return list
    }

    /// The one list that a bucket takes whose owner enforces that everything is theirs.
    private static let full = "bucket-owner-full-control"

    /// Canonical id of whoever owns what a request writes.
    func objectOwner(_ request: S3Request, in bucket: Bucket) -> String {
        let own = bucket.account.canonicalID
        switch bucket.ownership {
        case .bucketOwnerEnforced: return own
        case .bucketOwnerPreferred where request.header("x-amz-acl") == Self.full:
            return own
        case .bucketOwnerPreferred, .objectWriter: return request.canonicalID ?? own
        }
    }

    private func check(_ list: AccessList, in bucket: Bucket) throws(ServiceError) {
        if bucket.ownership == .bucketOwnerEnforced {
            let isOwners = list.grants.contains {
                $0.grantee == bucket.account.canonicalID && $0.permission == "FULL_CONTROL"
            }
            guard list.isPrivate, isOwners else { throw ServiceError.listsNotSupported }
        }
        if list.isPublic, bucket.publicAccess.blocksACLs { throw .accessDenied }
    }
}

extension ServiceError {
    fileprivate static let listsNotSupported = ServiceError(
        "AccessControlListNotSupported",
        "The bucket does not allow ACLs"
    )

    fileprivate static let missingGrants = ServiceError(
        "MissingSecurityHeader",
        "Your request was missing a required header"
    )
}
