import Foundation

/// A file that this process keeps locked to its end, so that nobody removes what stands behind it.
enum SharedLease {
    /// Locks a file; one that was taken away meanwhile is made again.
    ///
    /// Where it cannot be had, the server's own lock has to do: what is shared is another user's then.
    static func hold(_ path: String) {
        for _ in 0..<10 {
            let descriptor = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { return }
            var (held, there) = (stat(), stat())
            if flock(descriptor, LOCK_SH | LOCK_NB) == 0, fstat(descriptor, &held) == 0,
                stat(path, &there) == 0, held.st_ino == there.st_ino
            {
                // Never closed: the kernel does it when the process ends.
                return
            }
            close(descriptor)
        }
    }
}
