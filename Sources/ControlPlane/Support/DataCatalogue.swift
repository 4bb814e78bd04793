import AgentProtocol
package import Gateway
package import ObjectStore
import Policies
package import Resources

/// What the object store holds under an address, as jobs and endpoints need it.
package struct DataCatalogue: Sendable {
    private let store: ObjectStore
    private let control: any AccessControl
    private let roles: any CredentialIssuer
    private let policies = BucketPolicies()

    /// - Parameters:
    ///   - store: The objects.
    ///   - control: Decides what a role may read and write.
    ///   - roles: Who acts as a role.
    package init(store: ObjectStore, control: any AccessControl, roles: any CredentialIssuer) {
        self.store = store
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
        if let name = ObjectPlace(access.resource).bucket, let bucket = try? store.bucket(name) {
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

    /// An object and the file that holds it.
    package struct Entry: Sendable {
        package let key: String
        /// Bytes.
        package let size: Int
        /// Absolute path of its immutable file on this machine.
        package let file: String
    }

    /// Whether the bucket exists and belongs to the account.
    package func hasBucket(_ name: String, of account: AccountID) -> Bool {
        // The only error is that there is no such bucket.
        (try? store.bucket(name))?.account == account
    }

    /// Every object whose key begins with the location's key, in key order.
    ///
    /// - Parameters:
    ///   - location: A bucket and the beginning of keys.
    ///   - principal: Who reads: a job's or an endpoint's role, never the platform.
    /// - Returns: An empty list also where the bucket does not exist or belongs to another account.
    /// - Throws: `AccessRefusal` if the principal may not list the prefix or read one of the objects.
    package func entries(under location: S3Location, as principal: Caller) async throws -> [Entry] {
        let listing = Access(
            "s3:ListBucket",
            on: S3Names.bucket(location.bucket),
            context: ["s3:prefix": [location.key]]
        )
        try check(listing, principal)
        guard hasBucket(location.bucket, of: principal.scope.account) else { return [] }
        let entries = try await store.objects(under: location).map {
            Entry(key: $0.location.key, size: $0.size, file: $0.path)
        }
        for entry in entries {
            try check(Access("s3:GetObject", on: S3Names.object(location.bucket, entry.key)), principal)
        }
        return entries
    }

    /// The object of exactly this key.
    ///
    /// - Throws: `AccessRefusal` if the principal may not read it.
    package func entry(at location: S3Location, as principal: Caller) async throws -> Entry? {
        try check(Access("s3:GetObject", on: S3Names.object(location.bucket, location.key)), principal)
        // The only errors here: there is no such bucket, and no object can have such a key.
        guard let bucket = try? store.bucket(location.bucket), bucket.account == principal.scope.account,
            let key = try? ObjectKey(location.key)
        else { return nil }
        do {
            let record = try await store.head(key, in: bucket)
            return Entry(key: location.key, size: record.size, file: store.filePath(of: record))
        } catch ObjectStoreError.noSuchKey {
            return nil
        }
    }
}
