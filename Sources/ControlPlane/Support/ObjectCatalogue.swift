import ExternalStore
package import Foundation
import NIOCore
package import ObjectStore
package import Resources

/// Knows which objects there are: the embedded store, or another S3 in its place.
package protocol ObjectCatalogue: Sendable {
    /// Whether the bucket exists and belongs to the account.
    func hasBucket(_ name: String, of account: AccountID) async throws -> Bool

    /// The bucket whose own policy counts, beside those of who asks; `nil` where we know of none.
    func bucket(_ name: String) -> Bucket?

    /// Every object whose key begins with the location's key, in key order, or the first `most` of them; none where there is
    /// no such bucket.
    func entries(
        under location: S3Location,
        of account: AccountID,
        atMost most: Int
    ) async throws -> [DataCatalogue.Entry]

    /// The object of exactly this key.
    func entry(at location: S3Location, of account: AccountID) async throws -> DataCatalogue.Entry?

    /// The content of an object that was found; `nil` if it is gone or has become another one.
    func content(of entry: DataCatalogue.Entry, at location: S3Location) async throws -> Data?
}

/// The embedded store's objects, each with the file that holds it.
package struct EmbeddedCatalogue: ObjectCatalogue {
    private let store: ObjectStore

    package init(store: ObjectStore) { self.store = store }

    package func hasBucket(_ name: String, of account: AccountID) async throws -> Bool {
        bucket(name)?.account == account
    }

    package func bucket(_ name: String) -> Bucket? {
        // The only error is that there is no such bucket.
        try? store.bucket(name)
    }

    package func entries(
        under location: S3Location,
        of account: AccountID,
        atMost most: Int
    ) async throws -> [DataCatalogue.Entry] {
        guard try await hasBucket(location.bucket, of: account) else { return [] }
        return try await store.objects(under: location, atMost: most).map {
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
                file: record.isEncrypted ? nil : store.filePath(of: record)
            )
        } catch ObjectStoreError.noSuchKey {
            return nil
        }
    }
}

extension EmbeddedCatalogue {
    /// Mapped, not held.
    package func content(of entry: DataCatalogue.Entry, at location: S3Location) async throws -> Data? {
        // The file was replaced or deleted; nothing else is wrong with the files of a store.
        entry.file.flatMap { try? Data(contentsOf: URL(filePath: $0), options: .alwaysMapped) }
    }
}

/// Objects elsewhere: all of them belong to the account that we serve, and none has a file here.
extension ExternalStore: ObjectCatalogue {
    package func hasBucket(_ name: String, of account: AccountID) async throws -> Bool {
        try await hasBucket(name)
    }

    /// The other service asks its own buckets' policies about our key.
    package func bucket(_ name: String) -> Bucket? { nil }

    package func entries(
        under location: S3Location,
        of account: AccountID,
        atMost most: Int
    ) async throws -> [DataCatalogue.Entry] {
        var entries: [DataCatalogue.Entry] = []
        do {
            try await list(under: location, atMost: most) { page in
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

    package func content(of entry: DataCatalogue.Entry, at location: S3Location) async throws -> Data? {
        try await content(at: location, eTag: entry.eTag).map { Data($0.readableBytesView) }
    }
}
