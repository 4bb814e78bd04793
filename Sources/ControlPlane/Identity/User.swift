package import Resources

/// A person, or a program of theirs, with keys of its own.
package struct User: Codable, Sendable, Equatable {
    package let account: AccountID
    package let name: String
    /// Begins and ends with a slash.
    package let path: String
    /// Such as `AIDA…`; never used again.
    package let id: String
    /// Seconds since the epoch.
    package let created: Double
    package var keys: [Key] = []
    /// ARNs of the attached managed policies, in the order of attachment.
    package var attachedPolicies: [String] = []
    /// Documents of the policies that are its own, by name.
    package var inlinePolicies: [String: String]?
    package var tags: [String: String] = [:]
    /// The account that the user acts in, if it is not the server's: what they make in S3 is theirs, and what is
    /// others' needs a policy or an access control list of its owner.
    package var ownAccount: AccountID?

    /// A long-lived access key.
    package struct Key: Codable, Sendable, Equatable {
        package let accessKeyID: String
        package let secretAccessKey: String
        /// Seconds since the epoch.
        package let created: Double
    }

    package init(account: AccountID, name: String, path: String = "/", id: String, created: Double) {
        self.account = account
        self.name = name
        self.path = path
        self.id = id
        self.created = created
    }

    package var arn: String { "arn:aws:iam::\(ownAccount ?? account):user\(path)\(name)" }

    /// Most keys of one user.
    static let maximumKeys = 2
}

/// A policy that users and roles share.
package struct ManagedPolicy: Codable, Sendable, Equatable {
    package let account: AccountID
    package let name: String
    /// Begins and ends with a slash.
    package let path: String
    /// Such as `ANPA…`.
    package let id: String
    /// Seconds since the epoch.
    package let created: Double
    package let policyDescription: String?
    package let document: String
    package let tags: [String: String]

    package var arn: String { "arn:aws:iam::\(account):policy\(path)\(name)" }
}

/// What has policies: users and roles.
package protocol PolicyHolder: Sendable {
    var attachedPolicies: [String] { get set }
    var inlinePolicies: [String: String]? { get set }
}

extension User: PolicyHolder {}
extension Role: PolicyHolder {}
