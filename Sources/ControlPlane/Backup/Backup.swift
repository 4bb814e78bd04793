package import Foundation
import Glibc
import ObjectStore
import Store

/// One consistent point of a data directory: state, logs, the audit trail, and every object.
///
/// Works beside a server that goes on writing, and without one.
package struct Backup {
    private let data: String
    private let folder: String
    private let carrier: FileCarrier

    /// What a backup says of itself; written last, so that a folder without it is no backup.
    package struct Manifest: Codable, Sendable {
        package var format = Self.currentFormat
        /// Of the Clary that made it.
        package let version: String
        package let created: Date
        package let objects: Int
        /// Of all objects together.
        package let bytes: Int
        /// Objects that were known to be damaged, and are so in the backup.
        package var damaged: [String]?

        static let currentFormat = 1
        static let name = "backup.json"
    }

    /// What is copied as it is, if it is there: who the owner is, and the authority that clients trust.
    static let plainFiles = ["credentials.json", "proxy", "tls"]
    /// In the order in which their writers are held; the index of the objects is the last.
    static let databases = ["state.sqlite", "logs.sqlite", "audit.sqlite", "objects/\(StoredFile.indexName)"]

    /// - Parameters:
    ///   - data: A data directory.
    ///   - folder: Where the backup will be; nothing is there, or an empty folder.
    ///   - links: Whether object files, which never change, may be hard links.
    package init(of data: String, in folder: String, links: Bool = true) {
        self.data = data
        self.folder = folder
        carrier = FileCarrier(links: links)
    }

    private var store: String { data + "/objects" }
    private var copiedStore: String { folder + "/objects" }

    /// Takes the backup; blocks.
    ///
    /// - Throws: `BackupError`, or what the databases say.
    package func take(version: String, now: Date = .now) throws -> Manifest {
        guard FileManager.default.fileExists(atPath: data + "/state.sqlite") else {
            throw BackupError.noData(data)
        }
        guard !(folder + "/").hasPrefix(data + "/") else { throw BackupError.inside(data) }
        try Self.makeFresh(folder)
        try Self.makeFresh(copiedStore)
        let names = Self.databases.filter { FileManager.default.fileExists(atPath: "\(data)/\($0)") }
        let copies = try names.map { try DatabaseCopy(file: "\(data)/\($0)") }
        defer { for copy in copies { try? copy.close() } }  // They were only read.
        let files = try fix(copies)
        for (copy, name) in zip(copies, names) {
            try copy.write(to: "\(folder)/\(name)")
        }
        try StoredFile.settleIndex(inStore: copiedStore)
        try Self.copyPlainFiles(from: data, to: folder)
        let manifest = Manifest(
            version: version,
            created: now,
            objects: files.count,
            bytes: files.reduce(0) { $0 + $1.size },
            damaged: try StoredFile.knownDamage(inStore: copiedStore)
        )
        sync()
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(manifest).write(to: URL(filePath: "\(folder)/\(Manifest.name)"), options: .atomic)
        sync()
        return manifest
    }

    /// Fixes the point and brings the files of its objects.
    ///
    /// Most files are brought before, so that writers wait only for what has changed since.
    private func fix(_ copies: [DatabaseCopy]) throws -> [StoredFile] {
        var carried: Set<StoredFile> = []
        for _ in 0..<Self.attempts {
            for file in try StoredFile.all(inStore: store) where !carried.contains(file) {
                // One that is gone has been deleted since; the point will not name it.
                if try carrier.carry(file.path, to: file.path(inStore: copiedStore)) {
                    carried.insert(file)
                }
            }
            var held: [FileCarrier.Held] = []
            let files: [StoredFile]? = try DatabaseCopy.fix(copies) {
                let files = try StoredFile.all(inStore: store)
                let missing = files.filter { !carried.contains($0) }
                guard missing.count <= Self.mostHeld else { return nil }
                for file in missing {
                    let target = file.path(inStore: copiedStore)
                    if let file = try carrier.begin(file.path, to: target) {
                        held.append(file)
                    }
                }
                return files
            }
            guard let files else { continue }
            for file in held { try carrier.write(file) }
            for file in carried.subtracting(files) { unlink(file.path(inStore: copiedStore)) }
            return files
        }
        throw BackupError.tooBusy
    }

    private static let attempts = 10
    /// Files that are opened while writers wait.
    private static let mostHeld = 200

    // MARK: Shared with restoring

    /// Makes a private folder; one that is there is empty.
    static func makeFresh(_ path: String) throws {
        do {
            guard try FileManager.default.contentsOfDirectory(atPath: path).isEmpty else {
                throw BackupError.notEmpty(path)
            }
        } catch let error as BackupError {
            throw error
        } catch {
            // It is not there yet, or is no folder: then it cannot be made.
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
    }

    static func copyPlainFiles(from source: String, to target: String) throws {
        for name in plainFiles where FileManager.default.fileExists(atPath: "\(source)/\(name)") {
            try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(target)/\(name)")
        }
    }
}

/// Why there is no backup, or none is restored.
package enum BackupError: Error, Equatable, CustomStringConvertible {
    case noData(String)
    case inside(String)
    case notEmpty(String)
    case tooBusy
    case noBackup(String)
    case newerFormat(String, version: String)
    case missingObject(String)
    case file(String, reason: String)

    package var description: String {
        switch self {
        case .noData(let path): "There is no data of Clary in \(path). Give its directory with --data-dir."
        case .inside(let path):
            "A backup inside the data directory \(path) would be lost with it. Give a directory elsewhere."
        case .notEmpty(let path): "\(path) is not empty. Give a directory that is not there yet."
        case .tooBusy: "Objects are written faster than they can be copied. Try again when less is going on."
        case .noBackup(let path):
            "\(path) is no backup, or one that was never finished: it has no \(Backup.Manifest.name)."
        case .newerFormat(let path, let version):
            "\(path) was made by a newer Clary (\(version)). Restore it with one that is at least as new."
        case .missingObject(let path): "The backup is damaged: \(path) is missing or shorter than it was."
        case .file(let path, let reason): "\(path): \(reason)"
        }
    }
}
