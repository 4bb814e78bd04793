package import AgentProtocol

/// How a container ends: one enum, one transition function; times come in, effects go out.
package struct ContainerLife: Equatable {
    package private(set) var state: State
    /// Whose limit was broken, whatever ended the entry process then.
    private var exhausted: ContainerExit.Cause?

    package enum State: Equatable {
        /// Until `deadline`, if it has one.
        case running(deadline: ContinuousClock.Instant?)
        case stopping(ContainerExit.Cause, killAt: ContinuousClock.Instant)
        case killed(ContainerExit.Cause)
        case ended(RawExit)
    }

    package enum Event: Equatable {
        case report(InitReport)
        /// PID 1 went without a word.
        case vanished
        case stop(cause: ContainerExit.Cause, grace: Duration)
        /// The instance has written more than its volume holds.
        case volumeExceeded
        /// A wake-up that was asked for has come (it may have become pointless).
        case wake
    }

    package enum Effect: Equatable {
        case terminate
        case kill
        case wake(ContinuousClock.Instant)
    }

    /// How the entry process ended.
    package enum RawExit: Equatable {
        /// `code` or `signal`, as in `ContainerExit`.
        case status(code: Int?, signal: Int?, cause: ContainerExit.Cause)
        /// `errno` of exec, and what it means where that is known, or nothing.
        case neverStarted(Int32, why: String)
        case vanished(cause: ContainerExit.Cause)
    }

    /// A container that was just launched at `now` and may run for `maxRuntime`.
    package init(now: ContinuousClock.Instant, maxRuntime: Duration?) {
        state = .running(deadline: maxRuntime.map { now + $0 })
    }

    /// When to wake up first.
    package var firstWake: ContinuousClock.Instant? {
        if case .running(let deadline) = state { deadline } else { nil }
    }

    /// Applies one event.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - now: When.
    ///   - graceAtDeadline: Time between SIGTERM and SIGKILL once the maximum runtime is over.
    ///   - exit: Splits a raw wait status into exit code and signal.
    /// - Returns: What to do now, in order.
    package mutating func handle(
        _ event: Event,
        now: ContinuousClock.Instant,
        graceAtDeadline: Duration,
        exit: (Int32) -> (code: Int?, signal: Int?)
    ) -> [Effect] {
        switch (state, event) {
        case (.ended, _), (_, .report(.started)):
            return []
        case (_, .report(.outOfMemory)):
            exhausted = .outOfMemory
            return []
        case (_, .report(.tooManyProcesses)):
            exhausted = .tooManyProcesses
            return []
        case (_, .volumeExceeded):
            exhausted = .outOfDisk
            return [.kill]
        case (_, .report(.refused(let code, let why))):
            state = .ended(.neverStarted(code, why: why))
            return []
        case (_, .report(.exited(let status))):
            let (code, signal) = exit(status)
            state = .ended(.status(code: code, signal: signal, cause: cause))
            return []
        case (_, .vanished):
            state = .ended(.vanished(cause: cause))
            return []
        case (.running, .stop(let cause, let grace)):
            return stop(cause, until: now + grace)
        case (.running(let deadline), .wake):
            guard let deadline, deadline <= now else { return [] }
            return stop(.maxRuntime, until: now + graceAtDeadline)
        case (.stopping(let cause, let killAt), .stop(_, let grace)):
            // The first cause stands; the shorter patience counts.
            guard now + grace < killAt else { return [] }
            state = .stopping(cause, killAt: now + grace)
            return [.wake(now + grace)]
        case (.stopping(let cause, let killAt), .wake):
            guard killAt <= now else { return [] }
            state = .killed(cause)
            return [.kill]
        case (.killed, .stop), (.killed, .wake):
            return []
        }
    }

    private mutating func stop(
        _ cause: ContainerExit.Cause,
        until killAt: ContinuousClock.Instant
    ) -> [Effect] {
        state = .stopping(cause, killAt: killAt)
        return [.terminate, .wake(killAt)]
    }

    private var cause: ContainerExit.Cause {
        if let exhausted { return exhausted }
        return switch state {
        case .running, .ended: .itself
        case .stopping(let cause, _), .killed(let cause): cause
        }
    }
}
