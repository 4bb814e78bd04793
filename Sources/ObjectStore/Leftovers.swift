package import Foundation
import GRDB
import Glibc

/// A multipart upload that nobody has completed.
package struct AbandonedUpload: Sendable {
    package let upload: MultipartUpload
    package let bucket: String
    /// Bytes of its parts.
    package let size: Int
}

/// A file of the store's that no object, upload or part names.
package struct StrayFile: Sendable {
    package let path: String
    /// Bytes that it takes.
    package let size: Int
    package let modified: Date
}

extension ObjectStore {
    /// Open multipart uploads that began before a moment and had no part since, oldest first.
    ///
    /// - Throws: An error of the index.
    package func abandonedUploads(before moment: Date) async throws -> [AbandonedUpload] {
        try await index.read { database in
            try MultipartUpload.abandoned(before: moment, database)
        }
    }

    /// Files that a crash or a failed deletion has left, and that are not those of this run.
    ///
    /// A start removes those of the run before it; what is found here has escaped it, or was put there by hand.
    ///
    /// - Throws: `ObjectStoreError.fileFailure`, or an error of the index.
    package func strayFiles() async throws -> [StrayFile] {
        let named = try await index.read { database in
            try Set(
                Int64.fetchCursor(
                    database,
                    sql: """
                        SELECT file FROM named UNION SELECT file FROM upload
                        UNION SELECT file FROM part WHERE file IS NOT NULL
                        """
                )
            )
        }
        return try await BlockingWork.run { [files] in
            try files.volumes.flatMap { try $0.strays { !named.contains($0.number) } }
        }
    }

    /// Removes a stray file.
    ///
    /// - Throws: `ObjectStoreError.fileFailure`.
    package func remove(_ stray: StrayFile) async throws {
        try await BlockingWork.run {
            guard unlink(stray.path) == 0 || errno == ENOENT else {
                throw ObjectStoreError.last("unlink", stray.path)
            }
        }
    }
}

extension Volume {
    /// Complete files of earlier runs for which `isStray` holds.
    ///
    /// Blocks.
    fileprivate func strays(where isStray: (FileID) -> Bool) throws -> [StrayFile] {
        var strays: [StrayFile] = []
        let manager = FileManager.default
        for run in try manager.contentsOfDirectory(atPath: objects) where Int(run) != self.run {
            for part in try manager.contentsOfDirectory(atPath: "\(objects)/\(run)") {
                for name in try manager.contentsOfDirectory(atPath: "\(objects)/\(run)/\(part)") {
                    guard let file = FileID(name: name), isStray(file) else { continue }
                    let path = "\(objects)/\(run)/\(part)/\(name)"
                    var facts = stat()
                    guard lstat(path, &facts) == 0 else { continue }
                    strays.append(
                        StrayFile(
                            path: path,
                            size: Int(facts.st_blocks) * 512,
                            modified: Date(timeIntervalSince1970: Double(facts.st_mtim.tv_sec))
                        )
                    )
                }
            }
        }
        return strays.sorted { $0.path < $1.path }
    }
}

extension MultipartUpload {
    fileprivate static func abandoned(before moment: Date, _ database: Database) throws -> [AbandonedUpload] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT \(columns.split(separator: ", ").map { "upload.\($0)" }.joined(separator: ", ")),
                    bucket.name, coalesce((SELECT sum(size) FROM part WHERE part.upload = upload.id), 0)
                FROM upload JOIN bucket ON bucket.id = upload.bucket
                WHERE max(upload.created, coalesce((SELECT max(modified) FROM part WHERE part.upload = upload.id), 0)) < ?
                ORDER BY upload.created
                """,
            arguments: [moment.milliseconds]
        ).map { row in
            AbandonedUpload(upload: try MultipartUpload(row), bucket: row[8], size: row[9])
        }
    }
}
