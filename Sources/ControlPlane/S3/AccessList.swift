import AWSWire
import Foundation
import ObjectStore
import Resources

/// An access control list: who may do what beside what policies say.
struct AccessList {
    /// Canonical user id of whoever owns the bucket or object.
    let owner: String
    let grants: [ObjectGrant]

    static let everybody = "http://acs.amazonaws.com/groups/global/AllUsers"
    static let everybodyWithKey = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
    static let logDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery"

    enum Permission: String, CaseIterable {
        case read = "READ"
        case write = "WRITE"
        case readACL = "READ_ACP"
        case writeACL = "WRITE_ACP"
        case full = "FULL_CONTROL"
    }

    /// Whether a caller may, by this list.
    ///
    /// - Parameters:
    ///   - permission: What they want.
    ///   - caller: Canonical user id; `nil` for somebody without a key.
    ///   - ignoringPublic: Whether grants to everybody do not count.
    /// - Returns: Whether a grant says so.
    func allows(_ permission: Permission, _ caller: String?, ignoringPublic: Bool) -> Bool {
        grants.contains { grant in
            guard grant.permission == permission.rawValue || grant.permission == Permission.full.rawValue
            else { return false }
            switch grant.grantee {
            case Self.everybody: return !ignoringPublic
            case Self.everybodyWithKey: return !ignoringPublic && caller != nil
            default: return caller != nil && grant.grantee == caller
            }
        }
    }

    /// Whether it gives anything to everybody.
    var isPublic: Bool {
        grants.contains { [Self.everybody, Self.everybodyWithKey].contains($0.grantee) }
    }

    /// Whether it gives nothing to anybody but the owner.
    var isPrivate: Bool { grants.allSatisfy { $0.grantee == owner } }

    /// Whether both give the same to the same, in whatever order.
    func isSame(as other: AccessList) -> Bool {
        owner == other.owner && Set(grants) == Set(other.grants)
    }

    /// Only the owner may, and everything.
    static func owned(by owner: String) -> AccessList {
        AccessList(owner: owner, grants: [ObjectGrant(grantee: owner, permission: "FULL_CONTROL")])
    }

    /// One of the lists that have a name; `nil` for a name that there is not.
    init?(canned name: String, owner: String, bucketOwner: String) {
        let own = ObjectGrant(grantee: owner, permission: "FULL_CONTROL")
        func grant(_ grantee: String, _ permission: Permission) -> ObjectGrant {
            ObjectGrant(grantee: grantee, permission: permission.rawValue)
        }
        let others: [ObjectGrant]? =
            switch name {
            case "private": []
            case "public-read": [grant(Self.everybody, .read)]
            case "public-read-write": [grant(Self.everybody, .read), grant(Self.everybody, .write)]
            case "authenticated-read": [grant(Self.everybodyWithKey, .read)]
            case "bucket-owner-read": owner == bucketOwner ? [] : [grant(bucketOwner, .read)]
            case "bucket-owner-full-control": owner == bucketOwner ? [] : [grant(bucketOwner, .full)]
            case "log-delivery-write": [grant(Self.logDelivery, .write), grant(Self.logDelivery, .readACL)]
            case "aws-exec-read": []
            default: nil
            }
        guard let others else { return nil }
        // Groups come first, accounts behind the owner.
        let groups = others.filter { $0.grantee.hasPrefix("http") }
        let accounts = others.filter { !$0.grantee.hasPrefix("http") }
        self.init(owner: owner, grants: groups + [own] + accounts)
    }

    init(owner: String, grants: [ObjectGrant]) {
        self.owner = owner
        self.grants = grants
    }

    /// As GetBucketAcl and GetObjectAcl answer.
    ///
    /// - Parameter names: What the accounts are called, by their canonical ids.
    /// - Returns: The document.
    func document(names: [String: String]) -> XMLElement {
        XMLElement("AccessControlPolicy") {
            XMLElement("Owner") {
                XMLElement("ID", owner)
                XMLElement.optional("DisplayName", names[owner])
            }
            XMLElement("AccessControlList") {
                for grant in grants {
                    XMLElement("Grant") {
                        Self.grantee(grant.grantee, name: names[grant.grantee])
                        XMLElement("Permission", grant.permission)
                    }
                }
            }
        }
    }

    private static func grantee(_ grantee: String, name: String?) -> XMLElement {
        let isGroup = grantee.hasPrefix("http")
        return XMLElement(
            "Grantee",
            attributes: [
                XMLAttribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                XMLAttribute("xsi:type", isGroup ? "Group" : "CanonicalUser"),
            ],
            children: [XMLElement(isGroup ? "URI" : "ID", grantee)]
                + (name.map { [XMLElement("DisplayName", $0)] } ?? [])
        )
    }
}

/// Reads lists as clients send them.
struct AccessListReader {
    /// Canonical ids that somebody has.
    let known: Set<String>

    private static let malformed = ServiceError(
        "MalformedACLError",
        "The XML you provided was not well-formed or did not validate against our published schema"
    )

    /// The list that the headers of a request ask for; `nil` if they say nothing.
    func list(_ request: S3Request, owner: String, bucketOwner: String) throws -> AccessList? {
        let canned = request.header("x-amz-acl")
        let grants = try headerGrants(request)
        if let canned {
            guard grants.isEmpty else {
                throw ServiceError.invalidRequest(
                    "Specifying both Canned ACLs and Header Grants is not allowed"
                )
            }
            guard let list = AccessList(canned: canned, owner: owner, bucketOwner: bucketOwner) else {
                throw ServiceError.invalidArgument("", name: "x-amz-acl", value: canned)
            }
            return list
        }
        return grants.isEmpty ? nil : AccessList(owner: owner, grants: grants)
    }

    private static let grantHeaders = AccessList.Permission.allCases.map {
        ($0, "x-amz-grant-" + $0.rawValue.lowercased().replacing("_", with: "-"))
    }

    private func headerGrants(_ request: S3Request) throws -> [ObjectGrant] {
        var grants: [ObjectGrant] = []
        for (permission, name) in Self.grantHeaders {
            guard let header = request.header(name) else { continue }
            for item in header.split(separator: ",") {
                let parts = item.split(separator: "=", maxSplits: 1)
                    .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " \"")) }
                guard parts.count == 2 else {
                    throw ServiceError.invalidArgument(
                        "Argument format not recognized",
                        name: name,
                        value: header
                    )
                }
                let kind = ["id": "ID", "uri": "URI", "emailaddress": "EmailAddress"][parts[0].lowercased()]
                let grantee = try grantee(kind ?? "", parts[1])
                grants.append(ObjectGrant(grantee: grantee, permission: permission.rawValue))
            }
        }
        return grants
    }

    /// The list of a document.
    func list(_ document: XMLElement, owner: String) throws -> AccessList {
        guard let items = document["AccessControlList"] else { throw Self.malformed }
        if let stated = document["Owner"]?["ID"]?.text, stated != owner { throw ServiceError.accessDenied }
        guard document["Owner"]?["ID"] != nil else { throw Self.malformed }
        let grants = try items.children(named: "Grant").map { item in
            guard let permission = (item["Permission"]?.text).flatMap(AccessList.Permission.init),
                let grantee = item["Grantee"]
            else { throw Self.malformed }
            for kind in ["ID", "URI", "EmailAddress"] {
                guard let text = grantee[kind]?.text else { continue }
                return ObjectGrant(grantee: try self.grantee(kind, text), permission: permission.rawValue)
            }
            throw Self.malformed
        }
        guard grants.count <= 100 else { throw Self.malformed }
        return AccessList(owner: owner, grants: grants)
    }

    private func grantee(_ kind: String, _ text: String) throws -> String {
        switch kind {
        case "ID":
            guard known.contains(text) else {
                throw ServiceError.invalidArgument("Invalid id", name: "CanonicalUser/ID", value: text)
            }
            return text
        case "URI":
            guard [AccessList.everybody, AccessList.everybodyWithKey, AccessList.logDelivery].contains(text)
            else { throw ServiceError.invalidArgument("Invalid group uri", name: "Group/URI", value: text) }
            return text
        case "EmailAddress":
            throw ServiceError(
                "UnresolvableGrantByEmailAddress",
                "The e-mail address you provided does not match any account on record."
            )
        default: throw ServiceError.invalidArgument("Argument format not recognized", name: kind, value: text)
        }
    }
}

extension Bucket {
    /// Who may do what with the bucket itself.
    var accessList: AccessList {
        let owner = account.canonicalID
        guard let text = settings["acl"],
            let grants = try? JSONDecoder().decode([ObjectGrant].self, from: Data(text.utf8))
        else { return .owned(by: owner) }
        return AccessList(owner: owner, grants: grants)
    }
}

extension ObjectHeaders {
    /// Who may do what with the object.
    func accessList(in bucket: Bucket) -> AccessList {
        let owner =
            bucket.ownership == .bucketOwnerEnforced
            ? bucket.account.canonicalID : owner ?? bucket.account.canonicalID
        return grants.map { AccessList(owner: owner, grants: $0) } ?? .owned(by: owner)
    }
}

extension AccessList {
    /// As a bucket stores it.
    var stored: String {
        get throws { String(decoding: try JSONEncoder().encode(grants), as: UTF8.self) }
    }
}
