import AgentProtocol
import CLinux
import Glibc
import ObjectAccess

/// Makes files of objects: second names of near ones, copies of the others.
struct FilePlacement: Sendable {
    let near: NearObjects
    /// Of a channel whose items are files.
    var files: DirectoryFiles?
    let far: any ObjectReader
    let progress: TransferProgress

    /// Transfers at the same time.
    private static let width = 8

    /// Objects one after the other.
    enum Supply {
        case list([DataObject])
        case listing(ObjectListing, EpochOrder)
    }

    /// Copies or downloads objects below a directory.
    func copyAll(_ supply: Supply, to directory: String) async throws {
        switch supply {
        case .list(let objects):
            try await withThrowingTaskGroup(of: Void.self) { group in
                var transfers = Transfers(directory: directory)
                for object in objects {
                    try await transfers.add(object.relativePath, to: &group) {
                        try await copy(object, to: $0)
                    }
                }
                try await group.waitForAll()
            }
        case .listing(let listing, let order):
            try await withThrowingTaskGroup(of: Void.self) { group in
                var transfers = Transfers(directory: directory)
                for position in order {
                    switch try listing.item(position) {
                    case .object(let object):
                        try await transfers.add(object.relativePath, to: &group) {
                            try await copy(object, to: $0)
                        }
                    case .file(let file):
                        try await transfers.add(file.relativePath, to: &group) {
                            try await copy(file, to: $0)
                        }
                    case .literal: continue
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Copies that are on their way.
    private struct Transfers {
        private let directory: String
        private var directories: Directories
        private var running = 0

        init(directory: String) {
            self.directory = directory
            directories = Directories(root: directory)
        }

        /// Begins another one, after another has ended if there are many.
        mutating func add(
            _ relativePath: String,
            to group: inout ThrowingTaskGroup<Void, any Error>,
            _ copy: @escaping @Sendable (_ path: String) async throws -> Void
        ) async throws {
            try directories.prepare(for: relativePath)
            guard !relativePath.hasSuffix("/") else { return }
            if running == FilePlacement.width { try await group.next() } else { running += 1 }
            let path = "\(directory)/\(relativePath)"
            group.addTask { try await copy(path) }
        }
    }

    private func copy(_ file: ListedFile, to path: String) async throws {
        guard let files else { return }
        try await InstanceRun.onThread {
            let opened = try files.open(file)
            let status = clx_copy_file("/proc/self/fd/\(opened.number)", path, 0o644)
            guard status >= 0 else { throw SystemError("copy \(files.address(of: file))", code: -status) }
            try files.check(opened.number, is: file)
        }
        progress.arrive(bytes: file.size)
        progress.complete()
    }

    private func copy(_ object: DataObject, to path: String) async throws {
        let reference = ObjectReference(
            location: object.location,
            nearPath: object.nearPath,
            size: object.size,
            eTag: object.eTag
        )
        if let file = object.nearPath {
            guard access(file, F_OK) == 0 else { throw InstanceFailure.vanished(object) }
            try await near.read(reference, to: path, arrived: progress.arrive)
        } else {
            try await far.read(reference, to: path, arrived: progress.arrive)
        }
        progress.complete()
    }

    /// Gives near objects second names below a directory; false, and nothing there, where this disk cannot.
    func linkAll(_ listing: ObjectListing, _ order: EpochOrder, to directory: String) async throws -> Bool {
        try SandboxLayout.makeDirectory(directory)
        let positions = Array(order)
        // Neighbours are mostly of one directory, which only one thread at a time can add to.
        let share = max(Self.leastNames, (positions.count + Self.linkers - 1) / Self.linkers)
        let areThere = try await withThrowingTaskGroup(of: Bool.self) { group in
            for start in stride(from: 0, to: positions.count, by: share) {
                let part = positions[start..<min(start + share, positions.count)]
                group.addTask {
                    try await InstanceRun.onThread { try link(part, of: listing, to: directory) }
                }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        if !areThere { clx_remove_tree(directory) }
        return areThere
    }

    /// Threads that give second names, and from how many names on another one is worth it.
    private static let (linkers, leastNames) = (4, 1000)

    /// - Returns: Whether this disk can.
    private func link(
        _ positions: ArraySlice<Int>,
        of listing: ObjectListing,
        to directory: String
    ) throws -> Bool {
        var directories = Directories(root: directory)
        for position in positions {
            guard case .object(let object) = try listing.item(position), let file = object.nearPath else {
                continue
            }
            try directories.prepare(for: object.relativePath)
            guard !object.relativePath.hasSuffix("/") else { continue }
            let path = "\(directory)/\(object.relativePath)"
            if Glibc.link(file, path) != 0 {
                switch errno {
                case EXDEV, EPERM, EMLINK, EOPNOTSUPP: return false
                case ENOENT where access(file, F_OK) != 0: throw InstanceFailure.vanished(object)
                case EEXIST, ENOTDIR: throw UnsafePath(path: object.relativePath, reason: .isTwoThings)
                case let code: throw SystemError("link \(object.location) at \(path)", code: code)
                }
            }
            progress.arrive(bytes: object.size)
            progress.complete()
        }
        return true
    }

    /// A relative path that does not lead out of its directory.
    static func isSafe(_ path: String) -> Bool {
        !path.isEmpty && !path.hasPrefix("/") && !path.utf8.contains(0)
            && !path.split(separator: "/").contains { $0 == ".." || $0 == "." }
    }

    /// Makes the directories that objects need, each once as long as objects come in order.
    private struct Directories {
        let root: String
        private var last = ""

        init(root: String) { self.root = root }

        mutating func prepare(for path: String) throws {
            guard FilePlacement.isSafe(path) else { throw UnsafePath(path: path) }
            guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
            let directory = path[..<slash]
            guard directory != last else { return }
            do {
                try SandboxLayout.makeDirectories("\(root)/\(directory)")
            } catch {
                if error.code == ENOTDIR { throw UnsafePath(path: path, reason: .isTwoThings) }
                throw error
            }
            last = String(directory)
        }
    }
}

/// An object's key that cannot become a file of the instance.
package struct UnsafePath: Error, CustomStringConvertible {
    let path: String
    var reason = Reason.leadsAway

    enum Reason {
        case leadsAway
        /// Two objects want the same place, or one wants to be the folder of another.
        case isTwoThings
    }

    package var description: String {
        switch reason {
        case .leadsAway: "'\(path)' cannot become a file: rename the object."
        case .isTwoThings:
            "'\(path)' cannot become a file: another object of the channel has the same path, or a part of it. Rename one."
        }
    }
}
