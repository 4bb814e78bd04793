import AgentProtocol
import Synchronization

/// How far the channels of an instance are, told now and then.
final class TransferProgress: Sendable {
    private struct State {
        var done = DownloadProgress()
        var begun = ContinuousClock.now
    }

    private let state = Mutex(State())

    /// Pauses between two events, and how many of them are between two lines of the log.
    private static let interval = Duration.seconds(2)
    private static let eventsPerLine = 5

    /// More is to come.
    func expect(objects: Int, bytes: Int) {
        state.withLock {
            $0.done.totalObjects += objects
            $0.done.totalBytes += bytes
        }
    }

    /// Bytes of an object came; less than none if they have to come again.
    func arrive(bytes: Int) { state.withLock { $0.done.bytes += bytes } }

    /// An object is there.
    func complete() { state.withLock { $0.done.objects += 1 } }

    /// What is there by now.
    var current: DownloadProgress {
        state.withLock { state in
            let (seconds, fraction) = state.begun.duration(to: .now).components
            let elapsed = Double(seconds) + Double(fraction) * 1e-18
            var done = state.done
            done.bytesPerSecond = elapsed > 0 ? Int(Double(done.bytes) / elapsed) : 0
            return done
        }
    }

    /// Tells until cancelled; of what is quick nothing is told.
    func report(note: (String) -> Void, tell: (InstanceEvent.Change) -> Void) async {
        var events = 0
        while (try? await Task.sleep(for: Self.interval)) != nil {
            let now = current
            guard now.totalObjects > 0, now.objects < now.totalObjects else { continue }
            tell(.progress(now))
            if events % Self.eventsPerLine == 0 { note(now.description) }
            events += 1
        }
        if events > 0 { note(current.description) }
    }
}
