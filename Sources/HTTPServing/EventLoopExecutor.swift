import NIOCore

/// Runs tasks on an event loop.
///
/// What is done there needs no other thread to wake up, which on a quiet machine takes as long as answering a small
/// request; but it keeps the loop's other connections waiting.
final class EventLoopExecutor: TaskExecutor {
    private let eventLoop: any EventLoop

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
