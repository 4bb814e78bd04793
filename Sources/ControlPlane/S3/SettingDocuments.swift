import AWSWire
import Foundation
import ObjectStore

/// Tags of a bucket or an object.
struct TagSet {
    let tags: [String: String]

    /// Reads a `Tagging` document.
    ///
    /// - Throws: `MalformedXML` or `InvalidTag`.
    init(_ document: XMLElement, limit: Int) throws {
        guard let set = document["TagSet"] else { throw ServiceError.malformedXML }
        var tags: [String: String] = [:]
        for tag in set.children(named: "Tag") {
            guard let name = tag["Key"]?.text, let value = tag["Value"]?.text else {
                throw ServiceError.malformedXML
            }
            guard tags.updateValue(value, forKey: name) == nil else {
                throw ServiceError("InvalidTag", "Cannot provide multiple Tags with the same key")
            }
        }
        try ObjectHeaders.check(tags: tags, limit: limit)
        self.tags = tags
    }
}

/// Whether public access is closed whatever policies and access control lists say.
struct PublicAccessBlock {
    var blocksACLs = false
    var ignoresACLs = false
    var blocksPolicies = false
    var restrictsBuckets = false

    init() {}

    init(_ document: XMLElement) {
        func isOn(_ name: String) -> Bool { document[name]?.text.lowercased() == "true" }
        blocksACLs = isOn("BlockPublicAcls")
        ignoresACLs = isOn("IgnorePublicAcls")
        blocksPolicies = isOn("BlockPublicPolicy")
        restrictsBuckets = isOn("RestrictPublicBuckets")
    }
}

/// Who owns what others write into a bucket, and whether access control lists count.
enum ObjectOwnership: String {
    case bucketOwnerEnforced = "BucketOwnerEnforced"
    case bucketOwnerPreferred = "BucketOwnerPreferred"
    case objectWriter = "ObjectWriter"

    init(_ document: XMLElement) throws {
        let rules = document.children(named: "Rule")
        guard rules.count == 1, let text = rules[0]["ObjectOwnership"]?.text,
            let ownership = ObjectOwnership(rawValue: text)
        else { throw ServiceError.malformedXML }
        self = ownership
    }

    /// The document that says so.
    var document: XMLElement {
        XMLElement("OwnershipControls") {
            XMLElement("Rule", children: [XMLElement("ObjectOwnership", rawValue)])
        }
    }
}

/// The encryption that objects are said to have which ask for none.
struct DefaultEncryption {
    /// `nil` if the document only says which keys are refused.
    let algorithm: String?
    let key: String?
    /// Whether objects may not be encrypted with keys of the clients (SSE-C).
    let refusesCustomerKeys: Bool

    init(_ document: XMLElement) throws {
        let rules = document.children(named: "Rule")
        guard rules.count == 1 else { throw ServiceError.malformedXML }
        let rule = rules[0]["ApplyServerSideEncryptionByDefault"]
        let refused = rules[0]["BlockedEncryptionTypes"]?.children(named: "EncryptionType").map(\.text)
        algorithm = rule?["SSEAlgorithm"]?.text
        key = rule?["KMSMasterKeyID"]?.text
        refusesCustomerKeys = refused?.contains("SSE-C") ?? false
        guard rule == nil ? refused != nil : algorithm != nil,
            algorithm.map(["AES256", "aws:kms", "aws:kms:dsse"].contains) ?? true,
            Set(refused ?? []).isSubset(of: ["NONE", "SSE-C"])
        else { throw ServiceError.malformedXML }
        guard key == nil || algorithm != "AES256" else {
            throw ServiceError.invalidArgument(
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
                name: "ApplyServerSideEncryptionByDefault",
                value: key ?? ""
            )
        }
    }
}

/// The retention that new versions of a bucket with object lock get which ask for none.
struct DefaultRetention {
    /// `nil` if the bucket has the lock and no default.
    let mode: ObjectRetention.Mode?
    let days: Int

    init(_ document: XMLElement) throws {
        guard document["ObjectLockEnabled"]?.text == "Enabled" else { throw ServiceError.malformedXML }
        guard let rule = document["Rule"] else {
            (mode, days) = (nil, 0)
            return
        }
        guard let retention = rule["DefaultRetention"],
            let mode = (retention["Mode"]?.text).flatMap(ObjectRetention.Mode.init)
        else { throw ServiceError.malformedXML }
        let (days, years) = (retention["Days"]?.text, retention["Years"]?.text)
        guard (days == nil) != (years == nil) else { throw ServiceError.malformedXML }
        guard let count = Int(days ?? years ?? ""), count > 0 else {
            throw ServiceError(
                "InvalidRetentionPeriod",
                "Default retention period must be a positive integer value."
            )
        }
        guard count <= (days == nil ? 100 : 36_500) else {
            throw ServiceError("InvalidRetentionPeriod", "Default retention period is too large.")
        }
        self.mode = mode
        self.days = days == nil ? count * 365 : count
    }

    /// What a version that is written now gets.
    func retention(from now: Date) -> ObjectRetention? {
        mode.map { ObjectRetention(mode: $0, until: now.addingTimeInterval(Double(days) * 86_400)) }
    }
}

extension Bucket {
    private func document(_ setting: BucketConfiguration) -> XMLElement? {
        // What is stored was read when it came.
        settings[setting.rawValue].flatMap { try? XMLElement.parse(Array($0.utf8)) }
    }

    var publicAccess: PublicAccessBlock {
        document(.publicAccessBlock).map { PublicAccessBlock($0) } ?? PublicAccessBlock()
    }

    var ownership: ObjectOwnership {
        document(.ownershipControls).flatMap { try? ObjectOwnership($0) } ?? .objectWriter
    }

    var defaultEncryption: DefaultEncryption? {
        document(.encryption).flatMap { try? DefaultEncryption($0) }
    }

    var hasObjectLock: Bool { settings[BucketConfiguration.objectLock.rawValue] != nil }

    var defaultRetention: DefaultRetention? {
        document(.objectLock).flatMap { try? DefaultRetention($0) }
    }

    var corsRules: CORSRules? { document(.cors).flatMap { try? CORSRules($0) } }

    var lifecycle: LifecycleRules? { document(.lifecycle).flatMap { try? LifecycleRules($0) } }
}
