import Policies
package import Resources

/// A role that jobs and callers act as.
package struct Role: Codable, Sendable, Equatable {
    package let account: AccountID
    package let name: String
    /// Begins and ends with a slash.
    package let path: String
    /// Such as `AROA…`; never used again.
    package let id: String
    /// Seconds since the epoch.
    package let created: Double
    package var roleDescription: String?
    /// Who may assume the role: the JSON text as it was given.
    package var trustDocument: String
    /// Longest session, in seconds.
    package var maximumSessionSeconds: Int
    /// ARNs of the attached managed policies, in the order of attachment.
    package var attachedPolicies: [String]
    /// Documents of the policies that are its own, by name.
    package var inlinePolicies: [String: String]?
    package var tags: [String: String]

    package init(
        account: AccountID,
        name: String,
        path: String = "/",
        id: String,
        created: Double,
        roleDescription: String? = nil,
        trustDocument: String,
        maximumSessionSeconds: Int = 3600,
        attachedPolicies: [String] = [],
        tags: [String: String] = [:]
    ) {
        self.account = account
        self.name = name
        self.path = path
        self.id = id
        self.created = created
        self.roleDescription = roleDescription
        self.trustDocument = trustDocument
        self.maximumSessionSeconds = maximumSessionSeconds
        self.attachedPolicies = attachedPolicies
        self.tags = tags
    }

    package var arn: String { "arn:aws:iam::\(account):role\(path)\(name)" }

    /// Name of the role that exists from the start.
    package static let standardName = "ClaryExecutionRole"

    /// What the standard role had before policies decided anything.
    static let formerPolicies = ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"]

    /// The role that exists from the start: what the owner's key acts as, and what jobs may run as.
    static func standard(account: AccountID, id: String, created: Double) -> Role {
        Role(
            account: account,
            name: standardName,
            id: id,
            created: created,
            roleDescription: "Runs training jobs and endpoints.",
            trustDocument: standardTrust,
            maximumSessionSeconds: 43_200,
            attachedPolicies: [ManagedPolicies.executionRole]
        )
    }

    /// Lets the service assume the role, which SDKs look for before they start anything.
    private static let standardTrust = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},\
        "Action":"sts:AssumeRole"}]}
        """
}

/// The ARN of a role, taken apart.
package struct RoleARN: Sendable, Equatable {
    package let account: AccountID
    /// Without the path.
    package let name: String

    /// Reads `arn:<partition>:iam::<account>:role/<path/><name>`; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[3].isEmpty,
            let account = AccountID(String(parts[4])), parts[5].hasPrefix("role/"),
            let name = parts[5].split(separator: "/", omittingEmptySubsequences: false).last, !name.isEmpty
        else { return nil }
        self.account = account
        self.name = String(name)
    }
}
