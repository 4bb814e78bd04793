import ControlPlane
import Logging
import ServiceLifecycle
import Testing

@Suite struct BroadcastTests {
    private let hour = Duration.seconds(3600)

    @Test func `a notification wakes those who wait for its key`() async {
        let broadcast = Broadcast<Int>()
        // The notification comes between the registration and the wait itself.
        await broadcast.wait(for: 1, atMost: hour) {
            broadcast.notify(1)
            return false
        }
    }

    @Test func `what is done already is not waited for`() async {
        await Broadcast<Int>().wait(for: 1, atMost: hour) { true }
    }

    @Test func `a wait ends with its task`() async {
        let waiting = Task { await Broadcast<Int>().wait(for: 1, atMost: hour) { false } }
        waiting.cancel()
        await waiting.value
    }

    @Test func `other keys do not wake`() async {
        let broadcast = Broadcast<Int>()
        let clock = ContinuousClock()
        let start = clock.now
        await broadcast.wait(for: 1, atMost: .milliseconds(30)) {
            broadcast.notify(2)
            return false
        }
        #expect(clock.now - start >= .milliseconds(30))
    }

    @Test func `a server that ends waits for nobody`() async throws {
        struct Waiting: Service {
            let began = AsyncStream.makeStream(of: Void.self)

            func run() async throws {
                await Broadcast<Int>().wait(for: 1, atMost: .seconds(3600)) {
                    began.continuation.yield()
                    return false
                }
            }
        }
        let service = Waiting()
        let group = ServiceGroup(configuration: .init(services: [service], logger: Logger(label: "test")))
        let running = Task { try await group.run() }
        for await _ in service.began.stream { break }
        await group.triggerGracefulShutdown()
        try await running.value
    }
}
