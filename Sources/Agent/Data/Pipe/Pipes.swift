import AgentProtocol
import Synchronization

/// The pipes of a job while its container runs.
final class Pipes: Sendable {
    private let channels: [PipeChannel]
    private let failures: AsyncStream<InstanceFailure>
    private let first = Mutex<InstanceFailure?>(nil)

    /// Begins to write.
    init(_ channels: [PipeChannel]) {
        self.channels = channels
        let (failures, input) = AsyncStream.makeStream(of: InstanceFailure.self)
        self.failures = failures
        for channel in channels {
            channel.start { [self] failure in
                first.withLock { $0 = $0 ?? failure }
                input.yield(failure)
            }
        }
    }

    /// Why one of them could not go on.
    var failure: InstanceFailure? { first.withLock(\.self) }

    /// Calls `act` if one of them cannot go on; returns when cancelled, at the latest.
    func untilFailure(_ act: @Sendable () -> Void) async {
        for await _ in failures {
            act()
            return
        }
    }

    /// Nobody reads any more.
    func stop() { for channel in channels { channel.stop() } }
}
