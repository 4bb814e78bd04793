import Foundation
import Glibc

/// Where data are: on this machine, or in the running server's object store.
enum DataPlace: Equatable {
    case local(path: String)
    case object(bucket: String, key: String)

    /// Reads what a person typed.
    ///
    /// - Throws: `CleanFailure` for an s3:// address without a bucket.
    init(_ text: String) throws {
        guard text.lowercased().hasPrefix("s3://") else {
            self = .local(path: text)
            return
        }
        let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bucket = parts.first, !bucket.isEmpty else {
            throw CleanFailure(message: "\(text) is no address, such as s3://bucket/folder/.")
        }
        self = .object(bucket: String(bucket), key: parts.count > 1 ? String(parts[1]) : "")
    }

    var description: String {
        switch self {
        case .local(let path): path
        case .object(let bucket, let key): "s3://\(bucket)/\(key)"
        }
    }

    /// Whether both are one file, also by way of links.
    func isSame(as other: DataPlace) -> Bool {
        guard case .local(let path) = self, case .local(let otherPath) = other else { return self == other }
        var (facts, otherFacts) = (stat(), stat())
        guard stat(path, &facts) == 0, stat(otherPath, &otherFacts) == 0 else { return false }
        return facts.st_dev == otherFacts.st_dev && facts.st_ino == otherFacts.st_ino
    }

    var name: String {
        switch self {
        case .local(let path): path.split(separator: "/").last.map(String.init) ?? path
        case .object(let bucket, let key): key.split(separator: "/").last.map(String.init) ?? bucket
        }
    }

    /// A place below this one.
    func appending(_ path: String) -> DataPlace {
        switch self {
        case .local(let own): .local(path: own.hasSuffix("/") ? own + path : "\(own)/\(path)")
        case .object(let bucket, let key):
            .object(bucket: bucket, key: key.isEmpty || key.hasSuffix("/") ? key + path : "\(key)/\(path)")
        }
    }

    /// The files of a data set, by name.
    ///
    /// - Throws: `CleanFailure` if there are none.
    func files(_ objects: () throws -> ServerObjects) async throws -> [DataPlace] {
        var found: [DataPlace]
        switch self {
        case .local(let path):
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw CleanFailure(message: "There is no file \(path).")
            }
            guard isFolder.boolValue else { return [self] }
            let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
            found = names.filter(Self.isData).sorted().map(appending).filter {
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: $0.description, isDirectory: &isFolder)
                    && !isFolder.boolValue
            }
        case .object(let bucket, let key):
            let keys = try await objects().keys(in: bucket, below: key)
            if keys.contains(key) { return [self] }
            let folder = key.isEmpty || key.hasSuffix("/") ? key : key + "/"
            found = keys.filter { $0.hasPrefix(folder) && !$0.hasSuffix("/") }
                .filter { Self.isData(String($0.dropFirst(folder.count))) }
                .map { .object(bucket: bucket, key: $0) }
        }
        guard !found.isEmpty else { throw CleanFailure(message: "There are no data at \(description).") }
        return found
    }

    /// Whether no part of a path starts with `.` or `_`.
    private static func isData(_ path: String) -> Bool {
        path.split(separator: "/").allSatisfy { !$0.hasPrefix(".") && !$0.hasPrefix("_") }
    }
}
