import AWSWire
import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore
import Resources

/// Settings of a bucket; the value is the sub-resource.
enum BucketConfiguration: String, CaseIterable {
    case accelerate, acl, cors, encryption, lifecycle, location, logging, notification, ownershipControls,
        policy
    case policyStatus, publicAccessBlock, replication, requestPayment, tagging, versioning, website
    case objectLock = "object-lock"

    /// Whether S3 has an operation here that changes the setting.
    var isWritable: Bool {
        switch self {
        case .location, .policyStatus, .replication, .website: false
        case .accelerate, .acl, .cors, .encryption, .lifecycle, .logging, .notification, .objectLock,
            .ownershipControls, .policy, .publicAccessBlock, .requestPayment, .tagging, .versioning:
            true
        }
    }

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

    /// What stands after `Get` in the name of the operation.
    var operationName: String {
        switch self {
        case .accelerate: "BucketAccelerateConfiguration"
        case .acl: "BucketAcl"
        case .cors: "BucketCors"
        case .encryption: "BucketEncryption"
        case .lifecycle: "BucketLifecycleConfiguration"
        case .location: "BucketLocation"
        case .logging: "BucketLogging"
        case .notification: "BucketNotificationConfiguration"
        case .objectLock: "ObjectLockConfiguration"
        case .ownershipControls: "BucketOwnershipControls"
        case .policy: "BucketPolicy"
        case .policyStatus: "BucketPolicyStatus"
        case .publicAccessBlock: "PublicAccessBlock"
        case .replication: "BucketReplication"
        case .requestPayment: "BucketRequestPayment"
        case .tagging: "BucketTagging"
        case .versioning: "BucketVersioning"
        case .website: "BucketWebsite"
        }
    }

    /// What stands after `Get` in the action that reads the setting (service authorization reference).
    var actionName: String {
        switch self {
        case .accelerate: "AccelerateConfiguration"
        case .acl: "BucketAcl"
        case .cors: "BucketCORS"
        case .encryption: "EncryptionConfiguration"
        case .lifecycle: "LifecycleConfiguration"
        case .location: "BucketLocation"
        case .logging: "BucketLogging"
        case .notification: "BucketNotification"
        case .objectLock: "BucketObjectLockConfiguration"
        case .ownershipControls: "BucketOwnershipControls"
        case .policy: "BucketPolicy"
        case .policyStatus: "BucketPolicyStatus"
        case .publicAccessBlock: "BucketPublicAccessBlock"
        case .replication: "ReplicationConfiguration"
        case .requestPayment: "BucketRequestPayment"
        case .tagging: "BucketTagging"
        case .versioning: "BucketVersioning"
        case .website: "BucketWebsite"
        }
    }

    /// The root element of the setting's document; `nil` for what is no XML.
    var root: String? {
        switch self {
        case .accelerate: "AccelerateConfiguration"
        case .acl: "AccessControlPolicy"
        case .cors: "CORSConfiguration"
        case .encryption: "ServerSideEncryptionConfiguration"
        case .lifecycle: "LifecycleConfiguration"
        case .location: "LocationConstraint"
        case .logging: "BucketLoggingStatus"
        case .notification: "NotificationConfiguration"
        case .objectLock: "ObjectLockConfiguration"
        case .ownershipControls: "OwnershipControls"
        case .policy, .policyStatus: nil
        case .publicAccessBlock: "PublicAccessBlockConfiguration"
        case .replication: "ReplicationConfiguration"
        case .requestPayment: "RequestPaymentConfiguration"
        case .tagging: "Tagging"
        case .versioning: "VersioningConfiguration"
        case .website: "WebsiteConfiguration"
        }
    }

    /// What a bucket answers that was never told anything.
    ///
    /// - Throws: The error with which S3 says that a bucket has no such setting.
    func absent() throws(ServiceError) -> XMLElement {
        switch self {
        case .accelerate, .logging, .notification, .versioning, .location, .acl:
            return XMLElement(root ?? "")
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
