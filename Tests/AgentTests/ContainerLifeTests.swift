import Agent
import AgentProtocol
import Testing

@Suite struct ContainerLifeTests {
    private let start = ContinuousClock.now

    private func life(maxRuntime: Duration? = nil) -> ContainerLife {
        ContainerLife(now: start, maxRuntime: maxRuntime)
    }

    /// Applies events, each some seconds after the start.
    private func apply(
        _ events: [(ContainerLife.Event, Double)],
        to life: inout ContainerLife
    ) -> [ContainerLife.Effect] {
        events.flatMap { event, seconds in
            life.handle(
                event,
                now: start + .seconds(seconds),
                graceAtDeadline: .seconds(120),
                exit: { ($0 < 256 ? Int($0) : nil, $0 < 256 ? nil : Int($0 - 256)) }
            )
        }
    }

    @Test func `an exit is reported with its code and its own cause`() {
        var life = life()
        #expect(apply([(.report(.started), 0), (.report(.exited(3)), 1)], to: &life) == [])
        #expect(life.state == .ended(.status(code: 3, signal: nil, cause: .itself)))
    }

    @Test func `a stop is SIGTERM, patience, SIGKILL`() {
        var life = life()
        let killAt = start + .seconds(121)
        #expect(
            apply([(.stop(cause: .stopRequested, grace: .seconds(120)), 1), (.wake, 50)], to: &life)
                == [.terminate, .wake(killAt)]
        )
        #expect(apply([(.wake, 121)], to: &life) == [.kill])
        #expect(apply([(.wake, 122), (.report(.exited(256 + 9)), 123)], to: &life) == [])
        #expect(life.state == .ended(.status(code: nil, signal: 9, cause: .stopRequested)))
    }

    @Test func `a second stop keeps the first cause and can only shorten the patience`() {
        var life = life()
        _ = apply([(.stop(cause: .peerFailed, grace: .seconds(100)), 0)], to: &life)
        #expect(apply([(.stop(cause: .stopRequested, grace: .seconds(200)), 1)], to: &life) == [])
        #expect(
            apply([(.stop(cause: .stopRequested, grace: .zero), 1)], to: &life) == [
                .wake(start + .seconds(1))
            ]
        )
        _ = apply([(.wake, 1), (.report(.exited(265)), 2)], to: &life)
        #expect(life.state == .ended(.status(code: nil, signal: 9, cause: .peerFailed)))
    }

    @Test func `the maximum runtime stops the container`() {
        var life = life(maxRuntime: .seconds(60))
        #expect(life.firstWake == start + .seconds(60))
        #expect(apply([(.wake, 59)], to: &life) == [])
        #expect(apply([(.wake, 60)], to: &life) == [.terminate, .wake(start + .seconds(180))])
        _ = apply([(.report(.exited(0)), 61)], to: &life)
        #expect(life.state == .ended(.status(code: 0, signal: nil, cause: .maxRuntime)))
    }

    @Test func `the memory watchdog's verdict outlasts the signal`() {
        var life = life()
        _ = apply([(.report(.outOfMemory(1)), 1), (.report(.exited(265)), 1)], to: &life)
        #expect(life.state == .ended(.status(code: nil, signal: 9, cause: .outOfMemory)))
    }

    @Test func `what comes after the end changes nothing`() {
        var life = life()
        _ = apply([(.report(.refused(2, why: "no file")), 1)], to: &life)
        #expect(
            apply([(.vanished, 2), (.stop(cause: .stopRequested, grace: .zero), 3), (.wake, 4)], to: &life)
                == []
        )
        #expect(life.state == .ended(.neverStarted(2, why: "no file")))
    }
}
