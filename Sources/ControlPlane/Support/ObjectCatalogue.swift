import ExternalStore
package import ObjectStore
package import Resources

/// Knows which objects there are: the embedded store, or another S3 in its place.
package protocol ObjectCatalogue: Sendable {
    /// Whether the bucket exists and belongs to the account.
    func hasBucket(_ name: String, of account: AccountID) async throws -> Bool

    /// Every object whose key begins with the location's key, in key order; none where there is no such bucket.
    func entries(under location: S3Location, of account: AccountID) async throws -> [DataCatalogue.Entry]

    /// The object of exactly this key.
    func entry(at location: S3Location, of account: AccountID) async throws -> DataCatalogue.Entry?
}

/// The embedded store's objects, each with the file that holds it.
package struct EmbeddedCatalogue: ObjectCatalogue {
    private let store: ObjectStore

    package init(store: ObjectStore) { self.store = store }

    package func hasBucket(_ name: String, of account: AccountID) async throws -> Bool {
        // The only error is that there is no such bucket.
        (try? store.bucket(name))?.account == account
    }

    package func entries(
        under location: S3Location,
        of account: AccountID
    ) async throws -> [DataCatalogue.Entry] {
        guard try await hasBucket(location.bucket, of: account) else { return [] }
        return try await store.objects(under: location).map {
            DataCatalogue.Entry(key: $0.location.key, size: $0.size, file: $0.path)
        }
    }

    package func entry(
        at location: S3Location,
        of account: AccountID
    ) async throws -> DataCatalogue.Entry? {
        // The only errors here: there is no such bucket, and no object can have such a key.
        guard let bucket = try? store.bucket(location.bucket), bucket.account == account,
            let key = try? ObjectKey(location.key)
        else { return nil }
        do {
            let record = try await store.head(key, in: bucket)
            return DataCatalogue.Entry(
                key: location.key,
                size: record.size,
                file: store.filePath(of: record)
            )
        } catch ObjectStoreError.noSuchKey {
            return nil
        }
    }
}

/// Objects elsewhere: all of them belong to the account that we serve, and none has a file here.
extension ExternalStore: ObjectCatalogue {
    package func hasBucket(_ name: String, of account: AccountID) async throws -> Bool {
        try await hasBucket(name)
    }

    package func entries(
        under location: S3Location,
        of account: AccountID
    ) async throws -> [DataCatalogue.Entry] {
        var entries: [DataCatalogue.Entry] = []
        do {
            try await list(under: location) { page in
                entries += page.map {
                    DataCatalogue.Entry(key: $0.key, size: $0.size, file: nil, eTag: $0.eTag)
                }
            }
        } catch let refusal as ExternalRefusal where refusal.code == "NoSuchBucket" {
            return []
        }
        return entries
    }

    package func entry(
        at location: S3Location,
        of account: AccountID
    ) async throws -> DataCatalogue.Entry? {
        try await entry(at: location).map {
            DataCatalogue.Entry(key: $0.key, size: $0.size, file: nil, eTag: $0.eTag)
        }
    }
}
