import AgentProtocol
import Foundation

/// A hosting container: started, watched by `/ping`, started again when it crashes in service, until it is stopped.
struct HostingRun: Sendable {
    var instance: InstanceContext
    let spec: HostingSpec
    /// Tells what becomes of the container; `nil` tells the control plane at once.
    var report: (@Sendable (InstanceEvent.Change) -> Void)?
    /// Starts one container.
    let launch: @Sendable () async throws -> RunningContainer

    private static let interval = Duration.seconds(5)
    /// Pauses before a restart, doubled each time; a container that ran long enough starts over with the first.
    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(60)
    private static let longEnough = Duration.seconds(120)

    /// The same container as one of several.
    func told(
        through report: @escaping @Sendable (InstanceEvent.Change) -> Void,
        orders: Orders
    ) -> HostingRun {
        var run = self
        run.report = report
        run.instance.orders = orders
        return run
    }

    private func tell(_ change: InstanceEvent.Change) {
        if let report { report(change) } else { instance.events.tell(change) }
    }

    /// How one container's life went.
    private struct Life {
        var exit: ContainerLife.RawExit
        var wasReady: Bool
        var transcript: PingTranscript
        var timedOut: Bool
        var length: Duration
    }

    /// Returns when the container has been stopped.
    ///
    /// - Throws: `InstanceFailure` if it never came into service.
    func untilStopped() async throws {
        var standing = Standing.starting
        var pause = Self.firstPause
        while true {
            let life = try await oneLife(standing)
            if life.wasReady { standing = .inService }
            if instance.orders.isEnding {
                tell(.exited(instance.describe(life.exit)))
                return
            }
            guard standing == .inService else { throw startupFailure(life) }
            if life.length > Self.longEnough { pause = Self.firstPause }
            instance.note("The container ended (\(describe(life.exit))); it starts again in \(pause).")
            guard await instance.orders.pause(for: pause) else { continue }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// What the control plane knows of the instance: it hears of a start and of readiness once.
    private enum Standing {
        case starting
        case inService
    }

    private func oneLife(_ standing: Standing) async throws -> Life {
        let begin = ContinuousClock.now
        let container = try await launch()
        let run = ContainerRun(
            container: container,
            buffer: instance.buffer,
            orders: instance.orders,
            maxRuntime: nil,
            volume: instance.volumeWatch,
            grace: .seconds(instance.assignment.stopGraceSeconds),
            label: instance.label
        )
        return await withTaskGroup(of: Watch?.self) { group in
            group.addTask { await watch(container, standing) }
            let exit = await run.untilEnd(started: {
                if standing == .starting { tell(.started) }
            })
            group.cancelAll()
            let seen = await group.next() ?? nil
            return Life(
                exit: exit,
                wasReady: seen?.wasReady ?? false,
                transcript: seen?.transcript ?? PingTranscript(),
                timedOut: seen?.timedOut ?? false,
                length: begin.duration(to: .now)
            )
        }
    }

    private struct Watch: Sendable {
        var wasReady = false
        var timedOut = false
        var transcript = PingTranscript()
    }

    /// Calls `/ping` until cancelled; kills a container that is not in service in time.
    private func watch(_ container: RunningContainer, _ standing: Standing) async -> Watch {
        let check = HealthCheck(connectorPath: instance.paths.connector, port: spec.port)
        let deadline = ContinuousClock.now + .seconds(spec.startupTimeoutSeconds)
        var watch = Watch()
        var pause = Duration.milliseconds(5)
        while !Task.isCancelled {
            let answer = await check.ping()
            if Task.isCancelled { break }
            watch.transcript.record(answer)
            if answer == .status(200) {
                watch.wasReady = true
                break
            }
            if ContinuousClock.now > deadline {
                watch.timedOut = true
                container.kill()
                return watch
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 3 / 2, .milliseconds(250))
        }
        guard watch.wasReady else { return watch }
        if standing == .starting { tell(.ready) }
        await keepWatching(check)
        return watch
    }

    /// Says in the log when the container stops answering and when it answers again.
    private func keepWatching(_ check: HealthCheck) async {
        var healthy = true
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            guard !Task.isCancelled else { return }
            let answer = await check.ping()
            guard !Task.isCancelled, (answer == .status(200)) != healthy else { continue }
            healthy.toggle()
            instance.note(healthy ? "/ping answers again." : "/ping fails: \(answer).")
        }
    }

    private func startupFailure(_ life: Life) -> InstanceFailure {
        let end =
            life.timedOut
            ? "did not pass the ping health check within \(spec.startupTimeoutSeconds) s"
            : "ended before it passed the ping health check (\(describe(life.exit)))"
        let lines = instance.lastLines()
        let advice =
            life.timedOut && life.transcript.neverConnected
            ? " Nothing listened on port \(spec.port): the container's server must listen there, on 0.0.0.0."
            : ""
        return InstanceFailure(
            blame: .algorithm,
            message: "The container \(instance.label)\(end). /ping: \(life.transcript.text).\(advice)"
                + (lines.isEmpty
                    ? " It wrote nothing." : " Last lines of its log:\n" + lines.joined(separator: "\n"))
        )
    }

    private func describe(_ exit: ContainerLife.RawExit) -> String {
        switch exit {
        case .status(_, _, .outOfMemory): "out of memory"
        case .status(_, _, .outOfDisk): "more written than its volume holds"
        case .status(_, _, .tooManyProcesses): "too many processes"
        case .status(let code?, _, _): "exit code \(code)"
        case .status(_, let signal?, _): "signal \(signal)"
        case .status, .vanished: "its sandbox ended"
        case .neverStarted(let code, let why):
            """
            '\(instance.assignment.container.command.first ?? "")' cannot be run: \
            \(why.isEmpty ? String(cString: strerror(code)) : why)
            """
        }
    }
}
