import AgentProtocol
import CLinux
import Foundation

/// One container from its launch to its end: carries out what `ContainerLife` decides.
struct ContainerRun: Sendable {
    let container: RunningContainer
    let buffer: LogBuffer
    let orders: Orders
    let maxRuntime: Duration?
    let volume: VolumeWatch?
    let grace: Duration
    /// Before each line of its output.
    var label = ""

    /// How long output that was written before the end may take to arrive after it.
    private static let outputPatience = Duration.seconds(5)

    /// Returns once the container has ended and its output has been read.
    ///
    /// An abandoned instance's is killed.
    func untilEnd(started: @escaping @Sendable () -> Void) async -> ContainerLife.RawExit {
        let (events, input) = AsyncStream.makeStream(of: ContainerLife.Event.self)
        let output = OutputReader.start(container, into: buffer, label: label)
        Thread.detachNewThread { [container] in
            while let report = container.nextReport() {
                if report == .started { started() }
                if case .exited = report, container.hasRunOutOfMemory {
                    input.yield(.report(.outOfMemory(0)))
                }
                input.yield(.report(report))
            }
            input.yield(.vanished)
        }
        var life = ContainerLife(now: .now, maxRuntime: maxRuntime)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await forwardOrders(to: input) }
            if let volume {
                group.addTask { if await volume.untilExceeded() != nil { input.yield(.volumeExceeded) } }
            }
            func wake(at time: ContinuousClock.Instant) {
                group.addTask {
                    try? await Task.sleep(until: time, clock: .continuous)
                    input.yield(.wake)
                }
            }
            if let first = life.firstWake { wake(at: first) }
            for await event in events {
                let effects = life.handle(event, now: .now, graceAtDeadline: grace, exit: Self.split)
                for effect in effects {
                    switch effect {
                    case .terminate: container.terminate()
                    case .kill: container.kill()
                    case .wake(let time): wake(at: time)
                    }
                }
                if case .ended = life.state { break }
            }
            group.cancelAll()
            await output.wait(atMost: Self.outputPatience)
            guard case .ended(let exit) = life.state else { return .vanished(cause: .itself) }
            return exit
        }
    }

    private static func split(_ status: Int32) -> (code: Int?, signal: Int?) {
        let signal = clx_exit_signal(status)
        return signal > 0 ? (nil, Int(signal)) : (Int(clx_exit_code(status)), nil)
    }

    private func forwardOrders(to input: AsyncStream<ContainerLife.Event>.Continuation) async {
        for await order in orders.stream() {
            switch order {
            case .command(.stop(let cause, let grace)):
                input.yield(.stop(cause: cause, grace: .seconds(grace)))
            case .abandoned: input.yield(.stop(cause: .stopRequested, grace: .zero))
            case .command(.collect), .command(.release): break
            }
        }
    }
}

/// Reads a container's output on a thread of its own until its end.
private struct OutputReader {
    private let ended: AsyncStream<Void>

    static func start(
        _ container: RunningContainer,
        into buffer: LogBuffer,
        label: String
    ) -> OutputReader {
        let (ended, signal) = AsyncStream.makeStream(of: Void.self)
        Thread.detachNewThread {
            var splitter = LineSplitter()
            while case let bytes = container.nextOutput(), !bytes.isEmpty {
                let lines = splitter.feed(bytes)
                buffer.append(
                    label.isEmpty ? lines : lines.map { label + $0 },
                    timestampMS: Int(clx_now() / 1_000_000)
                )
            }
            if let rest = splitter.finish() {
                buffer.append([label + rest], timestampMS: Int(clx_now() / 1_000_000))
            }
            signal.finish()
        }
        return OutputReader(ended: ended)
    }

    /// Returns at the output's end, or when patience ends: something outside may hold the other end open.
    func wait(atMost patience: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [ended] in for await _ in ended {} }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }
}
