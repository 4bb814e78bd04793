package import Foundation
package import ObjectStore

/// Finds what takes room and is of no use any more, and removes it; the server may be at work.
///
/// A server removes its own leftovers when it starts and when instances end. What is here is for an administrator to
/// decide about, or has escaped that.
package struct GarbageCollector: Sendable {
    private let objects: ObjectStore
    private let dataDirectory: String

    package init(objects: ObjectStore, dataDirectory: String) {
        self.objects = objects
        self.dataDirectory = dataDirectory
    }

    /// Something that may go.
    package struct Item: Codable, Sendable {
        package let kind: Kind
        /// What it is, for a person: a key of a bucket, or a path.
        package let name: String
        /// Bytes that it takes.
        package let bytes: Int
        package let modified: Date
        /// Why it is still there; `nil` if it is gone, or was only looked for.
        package var problem: String?
    }

    package enum Kind: String, Codable, Sendable {
        /// A multipart upload that was neither completed nor aborted.
        case upload
        /// A file in the object store that nothing names.
        case strayFile
        /// What an update has kept of a database before changing it.
        case schemaCopy
    }

    /// What `clary gc` asks for.
    package struct Request: Codable, Sendable {
        /// Only look.
        package let isDryRun: Bool
        /// Seconds that something must have been left alone.
        package let age: Double

        package init(isDryRun: Bool, age: Double) {
            self.isDryRun = isDryRun
            self.age = age
        }
    }

    /// What was found, and what became of it.
    package struct Report: Codable, Sendable {
        package let items: [Item]
    }

    /// Looks, and removes unless the run is dry.
    ///
    /// One thing that cannot be removed does not keep the rest.
    ///
    /// - Throws: What the index or the file system says about looking.
    func run(_ request: Request, now: Date = .now) async throws -> Report {
        let moment = now.addingTimeInterval(-request.age)
        var items: [Item] = []
        for found in try await uploads(before: moment) + strays(before: moment) + copies(before: moment) {
            var item = found.item
            if !request.isDryRun {
                do { try await found.remove() } catch { item.problem = "\(error)" }
            }
            items.append(item)
        }
        return Report(items: items)
    }

    /// Something found, and how it is removed.
    private struct Found {
        let item: Item
        let remove: () async throws -> Void
    }

    private func uploads(before moment: Date) async throws -> [Found] {
        try await objects.abandonedUploads(before: moment).map { abandoned in
            Found(
                item: Item(
                    kind: .upload,
                    name: "s3://\(abandoned.bucket)/\(abandoned.upload.key)",
                    bytes: abandoned.size,
                    modified: abandoned.upload.created
                ),
                remove: { try await objects.abort(abandoned.upload) }
            )
        }
    }

    private func strays(before moment: Date) async throws -> [Found] {
        try await objects.strayFiles().filter { $0.modified < moment }.map { stray in
            Found(
                item: Item(kind: .strayFile, name: stray.path, bytes: stray.size, modified: stray.modified),
                remove: { try await objects.remove(stray) }
            )
        }
    }

    private func copies(before moment: Date) throws -> [Found] {
        let manager = FileManager.default
        return try ["", "/objects"].map { dataDirectory + $0 }.flatMap { folder in
            try manager.contentsOfDirectory(atPath: folder).sorted()
                .filter { $0.contains(/\.sqlite\.schema-\d+$/) }
                .map { name in
                    let path = "\(folder)/\(name)"
                    let facts = try manager.attributesOfItem(atPath: path)
                    return Found(
                        item: Item(
                            kind: .schemaCopy,
                            name: path,
                            bytes: facts[.size] as? Int ?? 0,
                            modified: facts[.modificationDate] as? Date ?? .distantPast
                        ),
                        remove: { try manager.removeItem(atPath: path) }
                    )
                }
        }
        .filter { $0.item.modified < moment }
    }
}
