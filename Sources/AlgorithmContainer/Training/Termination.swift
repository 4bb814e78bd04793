import Glibc
import Synchronization

/// Whether the platform has asked this process to end.
enum Termination {
    private static let wasRequested = Atomic<Bool>(false)

    /// From now on SIGTERM is noted instead of ending the process.
    static func note() {
        // Made here, because a signal handler must not be the first to touch a global.
        wasRequested.store(false, ordering: .relaxed)
        signal(SIGTERM) { _ in Termination.wasRequested.store(true, ordering: .relaxed) }
    }

    static var isRequested: Bool { wasRequested.load(ordering: .relaxed) }
}
