import AgentProtocol
import Engines
import Foundation
import Glibc
import ObjectStore
import Resources
import Store

/// Makes a data directory of a backup.
package struct Restore {
    private let folder: String
    private let data: String
    private let carrier: FileCarrier

    /// - Parameters:
    ///   - folder: A backup.
    ///   - data: The data directory to be; nothing is there, or an empty folder.
    ///   - links: Whether object files, which never change, may be hard links.
    package init(of folder: String, to data: String, links: Bool = true) {
        self.folder = folder
        self.data = data
        carrier = FileCarrier(links: links)
    }

    /// Restores; blocks.
    ///
    /// Nothing is at the data directory's path before everything is.
    ///
    /// - Returns: What the backup says of itself.
    /// - Throws: `BackupError`, `NewerSchema` for a backup of a newer Clary, or what
    ///   the databases say; then nothing is left behind.
    package func run() throws -> Backup.Manifest {
        let manifest = try manifest()
        try Backup.makeFresh(data)
        let draft = data + ".restoring"
        try Backup.makeFresh(draft)
        do {
            try fill(draft)
            sync()
            guard rename(draft, data) == 0 else {
                throw BackupError.file(data, reason: String(cString: strerror(errno)))
            }
            sync()
        } catch {
            // What is wrong matters more than a folder that stays.
            try? FileManager.default.removeItem(atPath: draft)
            throw error
        }
        return manifest
    }

    private func manifest() throws -> Backup.Manifest {
        guard let text = FileManager.default.contents(atPath: "\(folder)/\(Backup.Manifest.name)") else {
            throw BackupError.noBackup(folder)
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let manifest = try decoder.decode(Backup.Manifest.self, from: text)
        guard manifest.format <= Backup.Manifest.currentFormat else {
            throw BackupError.newerFormat(folder, version: manifest.version)
        }
        return manifest
    }

    private func fill(_ draft: String) throws {
        let store = "objects"
        try Backup.makeFresh("\(draft)/\(store)")
        for name in Backup.databases where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
            try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(draft)/\(name)")
        }
        // Opening them refuses what is newer and migrates what is older.
        try LogDatabase(file: draft + "/logs.sqlite").close()
        try AuditDatabase(file: draft + "/audit.sqlite").close()
        try StoredFile.settleIndex(inStore: "\(draft)/\(store)")
        try disownInstances(in: draft + "/state.sqlite")
        for file in try StoredFile.all(inStore: "\(draft)/\(store)") {
            let (source, target) = (
                file.path(inStore: "\(folder)/\(store)"), file.path(inStore: "\(draft)/\(store)")
            )
            var facts = stat()
            guard try carrier.carry(source, to: target), stat(target, &facts) == 0, facts.st_size >= file.size
            else { throw BackupError.missingObject(source) }
        }
        try Backup.copyPlainFiles(from: folder, to: draft)
    }

    /// The instances on the books are those of the server that was backed up, which may well be running: here they
    /// count as lost, so that jobs fail and endpoints get new ones.
    private func disownInstances(in file: String) throws {
        let database = try StateDatabase(file: file)
        try database.commit { state in
            // What is left of failed instances is a matter of the other server's, too.
            try state.removeKept(Set(state.keptInstances().map(\.id)))
            for var record in try state.instances(InstanceRecord.self) {
                // No process has begun with the machine's first clock tick.
                record.handle?.processStart = 0
                record.handle?.directory = "\(data)/instances/\(record.id)"
                try state.setInstance(
                    record.id.description,
                    owner: record.owner,
                    scope: record.scope,
                    document: record
                )
            }
        }
        try database.close()
    }
}
