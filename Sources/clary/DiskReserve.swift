import Glibc

/// What stays free of a disk, so that deletions and changes of state can still be written.
struct DiskReserve: Sendable {
    /// On the disk.
    let path: String
    let bytes: Int

    private static let most = 2 << 30

    /// Reads the disk's size.
    ///
    /// - Parameters:
    ///   - path: A folder that exists.
    ///   - asked: Bytes; `nil` for 2 % of the disk, at most 2 GiB.
    init(path: String, asked: Int?) {
        self.path = path
        var disk = statvfs()
        let size = statvfs(path, &disk) == 0 ? Int(disk.f_blocks) * Int(disk.f_frsize) : 0
        bytes = asked ?? min(Self.most, size / 50)
    }

    /// Whether more than the reserve is free.
    ///
    /// A disk that cannot be asked is no reason to hold anything up.
    var isLeft: Bool { free >= 0 }

    /// Bytes beyond the reserve, negative where it is used up; very many where nobody knows.
    var free: Int {
        var disk = statvfs()
        guard statvfs(path, &disk) == 0 else { return .max }
        return Int(disk.f_bavail) * Int(disk.f_frsize) - bytes
    }
}
