import AgentProtocol
package import ObjectStore
package import Resources

/// What the object store holds under an address, as jobs and endpoints need it.
package struct DataCatalogue: Sendable {
    private let store: ObjectStore

    package init(store: ObjectStore) { self.store = store }

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
    /// - Returns: An empty list also where the bucket does not exist or belongs to another account.
    package func entries(under location: S3Location, of account: AccountID) async throws -> [Entry] {
        guard hasBucket(location.bucket, of: account) else { return [] }
        return try await store.objects(under: location).map {
            Entry(key: $0.location.key, size: $0.size, file: $0.path)
        }
    }

    /// The object of exactly this key.
    package func entry(at location: S3Location, of account: AccountID) async throws -> Entry? {
        // The only errors here: there is no such bucket, and no object can have such a key.
        guard let bucket = try? store.bucket(location.bucket), bucket.account == account,
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
