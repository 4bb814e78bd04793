import AgentProtocol
package import Gateway
import ObjectStore
import Policies
package import Resources

/// What the object store, wherever it is, holds under an address, as jobs and endpoints need it.
package struct DataCatalogue: Sendable {
    let objects: any ObjectCatalogue
    private let control: any AccessControl
    private let roles: any CredentialIssuer
    private let policies = BucketPolicies()

    /// - Parameters:
    ///   - objects: Which objects there are.
    ///   - control: Decides what a role may read and write.
    ///   - roles: Who acts as a role.
    package init(
        objects: any ObjectCatalogue,
        control: any AccessControl,
        roles: any CredentialIssuer
    ) {
        self.objects = objects
        self.control = control
        self.roles = roles
    }

    /// Who a job or an endpoint of this role is.
    func principal(actingAs role: String?, scope: Scope) -> Caller {
        roles.principal(actingAs: role ?? "", sessionName: "SageMaker", scope: scope)
    }

    /// Checks that a role may write an object.
    ///
    /// - Throws: `AccessRefusal`.
    func checkWrite(to location: S3Location, as principal: Caller) throws(AccessRefusal) {
        try check(Access("s3:PutObject", on: S3Names.object(location.bucket, location.key)), principal)
    }

    /// Asks the principal's own policies and the bucket's.
    private func check(_ access: Access, _ principal: Caller) throws(AccessRefusal) {
        let refusal = control.refusal(of: access, by: principal)
        if case .explicitlyDenied? = refusal { throw refusal ?? .denied("") }
        if let name = ObjectPlace(access.resource).bucket, let bucket = objects.bucket(name) {
            switch policies.decide(access, on: bucket, by: principal) {
            case .allowed: return
            case .explicitlyDenied:
                throw .explicitlyDenied(
                    "User: \(principal.principalARN) is not authorized to perform: \(access.action) on resource: "
                        + "\"\(access.resource)\" with an explicit deny in a resource-based policy"
                )
            case .implicitlyDenied: break
            }
        }
        if let refusal { throw refusal }
    }

    /// An object and, where it is in the embedded store, the file that holds it.
    package struct Entry: Sendable {
        package let key: String
        /// Bytes.
        package let size: Int
        /// Absolute path of its immutable file on this machine; `nil` for an object elsewhere.
        package let file: String?
        /// What tells this content from a later one, for objects elsewhere.
        package var eTag: String?
    }

    /// Whether the bucket exists and belongs to the account.
    package func hasBucket(_ name: String, of account: AccountID) async throws -> Bool {
        try await objects.hasBucket(name, of: account)
    }

    /// Every object whose key begins with the location's key, in key order.
    ///
    /// - Parameters:
    ///   - location: A bucket and the beginning of keys.
    ///   - principal: Who reads: a job's or an endpoint's role, never the platform.
    ///   - most: Stops after so many.
    /// - Returns: An empty list also where the bucket does not exist or belongs to another account.
    /// - Throws: `AccessRefusal` if the principal may not list the prefix or read one of the objects.
    package func entries(
        under location: S3Location,
        as principal: Caller,
        atMost most: Int = .max
    ) async throws -> [Entry] {
        let listing = Access(
            "s3:ListBucket",
            on: S3Names.bucket(location.bucket),
            context: ["s3:prefix": [location.key]]
        )
        try check(listing, principal)
        let entries = try await objects.entries(under: location, of: principal.scope.account, atMost: most)
        let names = entries.lazy.map { S3Names.object(location.bucket, $0.key) }
        // Mostly all may be read, and the bucket has no say; otherwise each object is asked for, to say why not.
        let hasPolicy = objects.bucket(location.bucket)?.settings["policy"] != nil
        if !hasPolicy, control.allows("s3:GetObject", onAll: names, by: principal) { return entries }
        for name in names { try check(Access("s3:GetObject", on: name), principal) }
        return entries
    }

    /// The object of exactly this key.
    ///
    /// - Throws: `AccessRefusal` if the principal may not read it.
    package func entry(at location: S3Location, as principal: Caller) async throws -> Entry? {
        try check(Access("s3:GetObject", on: S3Names.object(location.bucket, location.key)), principal)
        return try await objects.entry(at: location, of: principal.scope.account)
    }
}
