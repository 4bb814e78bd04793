import Foundation

/// A use of an environment: as long as one is held, nobody removes the environment.
///
/// It is a file that holders have locked, so the kernel ends it with the last process that holds it, however that ends.
/// The server holds it, and so do the agents of the instances that run in the environment: they outlive a server.
package final class EnvironmentLease: Sendable {
    /// Absolute path of the file; who shares the use locks it too.
    package let path: String
    private let descriptor: Int32

    /// - Parameters:
    ///   - path: Of the file, which is there.
    ///   - descriptor: Of the file, with a shared lock; closed in the end.
    init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Whoever is the last takes the file away.
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
        close(descriptor)
    }
}
