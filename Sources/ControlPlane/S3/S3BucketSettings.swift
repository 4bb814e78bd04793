import AWSWire
import Foundation
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore
import Policies
import Resources

/// Reading, changing and removing the settings of a bucket.
///
/// A setting is stored as the document that the client sent, once it is known to be a good one.
extension S3Service {
    func bucketSetting(_ setting: BucketConfiguration, _ request: S3Request) throws -> ServerResponse {
        let bucket = try bucket(request)
        switch setting {
        case .location:
            let region = bucket.region == .standard ? "" : bucket.region.description
            return .document(XMLElement("LocationConstraint", region))
        case .acl: return .document(bucket.accessList.document(names: accountNames))
        case .logging: return try loggingStatus(bucket)
        case .versioning: return .document(versioningDocument(of: bucket))
        case .policy:
            guard let text = bucket.settings["policy"] else { throw absent(setting, bucket) }
            var headers = HTTPFields()
            headers.set("Content-Type", "application/json")
            return ServerResponse(status: .ok, headers: headers, body: .bytes(ByteBuffer(string: text)))
        case .policyStatus:
            let isPublic =
                try bucket.accessList.isPublic
                || bucket.settings["policy"].map { try policies.policy($0).isPublic } ?? false
            return .document(
                XMLElement(
                    "PolicyStatus",
                    children: [XMLElement("IsPublic", isPublic ? "true" : "false")]
                )
            )
        default:
            guard let text = bucket.settings[setting.rawValue] else {
                do { return .document(try setting.absent()) } catch {
                    var error = error
                    error.members["BucketName"] = bucket.name
                    throw error
                }
            }
            return .document(try XMLElement.parse(Array(text.utf8)))
        }
    }

    private func absent(_ setting: BucketConfiguration, _ bucket: Bucket) -> ServiceError {
        do {
            _ = try setting.absent()
            return .accessDenied
        } catch {
            var error = error
            error.members["BucketName"] = bucket.name
            return error
        }
    }

    private func versioningDocument(of bucket: Bucket) -> XMLElement {
        XMLElement("VersioningConfiguration") {
            switch bucket.versioning {
            case .off: [XMLElement]()
            case .enabled: [XMLElement("Status", "Enabled")]
            case .suspended: [XMLElement("Status", "Suspended")]
            }
        }
    }

    func deleteBucketSetting(
        _ setting: BucketConfiguration,
        _ request: S3Request
    ) async throws -> ServerResponse {
        try await store.set(setting.rawValue, to: nil, of: try bucket(request))
        return .empty(.noContent)
    }

    func putBucketSetting(
        _ setting: BucketConfiguration,
        _ request: S3Request
    ) async throws -> ServerResponse {
        let bucket = try bucket(request)
        switch setting {
        case .policy: return try await putPolicy(request, bucket)
        case .acl: return try await putBucketACL(request, bucket)
        case .logging: return try await putLogging(request, bucket)
        default: break
        }
        let document = try await request.document(setting.root ?? "", limit: 1 << 20)
        switch setting {
        case .versioning: return try await putVersioning(document, request, bucket)
        case .cors: _ = try CORSRules(document)
        case .lifecycle:
            let lifecycle = try LifecycleRules(document)
            try await store.set(setting.rawValue, to: lifecycle.document.documentText, of: bucket)
            return .empty()
        case .tagging: _ = try TagSet(document, limit: 50)
        case .encryption: _ = try DefaultEncryption(document)
        case .publicAccessBlock: _ = PublicAccessBlock(document)
        case .ownershipControls:
            let ownership = try ObjectOwnership(document)
            guard ownership != .bucketOwnerEnforced || bucket.accessList.isPrivate else {
                throw ServiceError(
                    "InvalidBucketAclWithObjectOwnership",
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
                )
            }
        case .objectLock:
            guard bucket.versioning == .enabled else {
                throw ServiceError(
                    "InvalidBucketState",
                    "Object Lock configuration cannot be enabled on existing buckets without versioning",
                    status: 409
                )
            }
            _ = try DefaultRetention(document)
        case .requestPayment:
            // There are no bills: who would pay them is kept and has no effect.
            guard let payer = document["Payer"]?.text, ["BucketOwner", "Requester"].contains(payer) else {
                throw ServiceError.malformedXML
            }
        case .notification:
            guard document.children.isEmpty else {
                throw ServiceError.notImplemented("Put\(setting.operationName) with a destination")
            }
        case .accelerate:
            guard document["Status"]?.text == "Suspended" else {
                throw ServiceError.notImplemented("Transfer acceleration")
            }
        case .acl, .logging, .policy, .policyStatus, .location, .replication, .website:
            throw ServiceError.notImplemented("Put\(setting.operationName)")
        }
        try await store.set(setting.rawValue, to: document.documentText, of: bucket)
        return .empty(setting == .tagging ? .noContent : .ok)
    }

    private func putVersioning(
        _ document: XMLElement,
        _ request: S3Request,
        _ bucket: Bucket
    ) async throws -> ServerResponse {
        if document["MfaDelete"]?.text == "Enabled" { throw ServiceError.notImplemented("MFA delete") }
        switch document["Status"]?.text {
        case "Enabled": try await store.setVersioning(.enabled, of: bucket)
        case "Suspended":
            guard bucket.settings[BucketConfiguration.objectLock.rawValue] == nil else {
                throw ServiceError(
                    "InvalidBucketState",
                    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
                    status: 409
                )
            }
            try await store.setVersioning(.suspended, of: bucket)
        default: throw ServiceError.malformedXML
        }
        return .empty()
    }

    private func putPolicy(_ request: S3Request, _ bucket: Bucket) async throws -> ServerResponse {
        let body = try await request.body(limit: 20 << 10)
        let text = String(buffer: body)
        let policy: Policy
        do { policy = try policies.policy(text) } catch {
            throw ServiceError("MalformedPolicy", error.message)
        }
        for resource in policy.resourceTexts {
            let place = ObjectPlace(resource).bucket ?? "*"
            guard place == bucket.name || place.contains(where: { "*?$".contains($0) }) else {
                throw ServiceError("MalformedPolicy", "Policy has invalid resource")
            }
        }
        if policy.isPublic, bucket.publicAccess.blocksPolicies { throw ServiceError.accessDenied }
        try await store.set("policy", to: text, of: bucket)
        return .empty(.noContent)
    }
}

extension XMLElement {
    /// The document as it is stored.
    var documentText: String { String(decoding: document(), as: UTF8.self) }
}
