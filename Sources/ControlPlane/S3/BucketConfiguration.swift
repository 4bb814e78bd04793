import AWSWire
import HTTPServing
import HTTPTypes
import ObjectStore
import Resources

/// Settings of a bucket that clients ask for; the value is the sub-resource.
///
/// None of them can be changed here, so that each has one true answer.
enum BucketConfiguration: String, CaseIterable {
    case accelerate, acl, cors, encryption, lifecycle, location, logging, notification, ownershipControls,
        policy
    case policyStatus, publicAccessBlock, replication, requestPayment, tagging, versioning, website
    case objectLock = "object-lock"

    /// Whether S3 has an operation that removes the setting; removing what is not there succeeds.
    var isRemovable: Bool {
        switch self {
        case .cors, .encryption, .lifecycle, .ownershipControls, .policy, .publicAccessBlock, .replication,
            .tagging,
            .website:
            true
        case .accelerate, .acl, .location, .logging, .notification, .objectLock, .policyStatus,
            .requestPayment,
            .versioning:
            false
        }
    }

    /// The setting as it is.
    ///
    /// - Throws: The error with which S3 says that a bucket has no such setting.
    func document(region: Region, owner: AccountID) throws(ServiceError) -> XMLElement {
        switch self {
        case .location:
            return XMLElement("LocationConstraint", region == .standard ? "" : region.description)
        case .acl: return .fullControl(of: owner)
        case .versioning: return XMLElement("VersioningConfiguration")
        case .accelerate: return XMLElement("AccelerateConfiguration")
        case .logging: return XMLElement("BucketLoggingStatus")
        case .notification: return XMLElement("NotificationConfiguration")
        case .requestPayment:
            return XMLElement("RequestPaymentConfiguration", children: [XMLElement("Payer", "BucketOwner")])
        case .cors: throw missing("NoSuchCORSConfiguration", "The CORS configuration does not exist")
        case .encryption:
            throw missing(
                "ServerSideEncryptionConfigurationNotFoundError",
                "The server side encryption configuration was not found"
            )
        case .lifecycle:
            throw missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
        case .objectLock:
            throw missing(
                "ObjectLockConfigurationNotFoundError",
                "Object Lock configuration does not exist for this bucket"
            )
        case .ownershipControls:
            throw missing("OwnershipControlsNotFoundError", "The bucket ownership controls were not found")
        case .policy, .policyStatus: throw missing("NoSuchBucketPolicy", "The bucket policy does not exist")
        case .publicAccessBlock:
            throw missing(
                "NoSuchPublicAccessBlockConfiguration",
                "The public access block configuration was not found"
            )
        case .replication:
            throw missing(
                "ReplicationConfigurationNotFoundError",
                "The replication configuration was not found"
            )
        case .tagging: throw missing("NoSuchTagSet", "The TagSet does not exist")
        case .website:
            throw missing(
                "NoSuchWebsiteConfiguration",
                "The specified bucket does not have a website configuration"
            )
        }
    }

    private func missing(_ code: String, _ message: String) -> ServiceError {
        ServiceError(code, message, status: 404)
    }
}

extension XMLElement {
    /// The only access control list that there is: the owner may do everything.
    static func fullControl(of owner: AccountID) -> XMLElement {
        XMLElement("AccessControlPolicy") {
            XMLElement.owner(owner)
            XMLElement("AccessControlList") {
                XMLElement("Grant") {
                    XMLElement(
                        "Grantee",
                        attributes: [
                            XMLAttribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                            XMLAttribute("xsi:type", "CanonicalUser"),
                        ],
                        children: [
                            XMLElement("ID", owner.canonicalID), XMLElement("DisplayName", owner.description),
                        ]
                    )
                    XMLElement("Permission", "FULL_CONTROL")
                }
            }
        }
    }
}

extension S3Service {
    func bucketConfiguration(_ part: BucketConfiguration, _ request: S3Request) throws -> ServerResponse {
        let bucket = try bucket(request)
        do {
            return .document(try part.document(region: bucket.region, owner: bucket.account))
        } catch {
            var error = error
            error.members["BucketName"] = bucket.name
            throw error
        }
    }

    func deleteBucketConfiguration(_ request: S3Request) throws -> ServerResponse {
        _ = try bucket(request)
        return .empty(.noContent)
    }
}
