import CLinux
import Glibc

/// Objects whose files are on this disk.
package struct NearObjects: ObjectReader {
    package init() {}

    /// Copies the object's file (by reference where the file system can).
    package func read(
        _ object: ObjectReference,
        to path: String,
        arrived: @escaping @Sendable (_ bytes: Int) -> Void
    ) async throws(ObjectAccessError) {
        guard let near = object.nearPath else {
            throw .file("\(object.location) has no file on this machine.")
        }
        let status = clx_copy_file(near, path, 0o644)
        guard status >= 0 else {
            throw .file("Cannot copy \(object.location) to \(path): \(String(cString: strerror(-status))).")
        }
        arrived(object.size ?? 0)
    }

    /// Makes `path` a second name of the object's file, which nobody may then change through it.
    ///
    /// - Returns: False where the disk cannot: another file system, or links to it are not allowed.
    package func link(_ object: ObjectReference, to path: String) throws(ObjectAccessError) -> Bool {
        guard let near = object.nearPath else { return false }
        if Glibc.link(near, path) == 0 { return true }
        switch errno {
        case EXDEV, EPERM, EMLINK, EOPNOTSUPP: return false
        case let code:
            throw .file("Cannot link \(object.location) at \(path): \(String(cString: strerror(code))).")
        }
    }
}
