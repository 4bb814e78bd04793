import AgentProtocol
import Archive
import AsyncHTTPClient
import ContainerEngine
import Foundation
import Logging
import ObjectAccess

/// The life of an instance after its assignment is known: data in, container, artifacts out.
struct InstanceRun: Sendable {
    var instance: InstanceContext
    let bootstrap: AgentBootstrap
    let executable: String
    let http: HTTPClient
    let objects: S3Client
    let fetchListing: @Sendable (_ channel: String, _ path: String) async throws -> Void
    let credentials: JobCredentials
    let telemetry: TelemetryOutbox

    private var assignment: Assignment { instance.assignment }
    private var paths: InstancePaths { instance.paths }

    /// What was brought in.
    private struct Prepared: Sendable {
        var runtime: any ContainerRuntime
        var container: ContainerSpec
        /// What the container learns of the platform only when it starts.
        var environment: [String: String] = [:]
        var channels: ChannelDelivery.Result
        var checkpoints: DirectorySync?
        var board: DirectorySync?
        var machine: RootFileSystem
    }

    /// Runs to the last event.
    ///
    /// An abandoned instance tells nothing more.
    func run() async {
        do {
            for notice in assignment.notices { instance.note(notice) }
            guard let prepared = try await prepareUnlessStopped() else {
                return await finishUnstarted()
            }
            let run = running(prepared.container)
            switch assignment.role {
            case .training: try await run.train(prepared)
            case .hosting: try await run.host(prepared)
            }
        } catch {
            instance.logger.error("instance failed", metadata: ["error": "\(error)"])
            await clearEngine()
            await deliverTelemetry()
            instance.events.tell(.failed(Self.failure(error)))
        }
    }

    /// The last words of an instance that was stopped before its container ran.
    private func finishUnstarted() async {
        let cause = instance.orders.stopCause ?? .stopRequested
        if assignment.role == .training { noteStop(cause, hasRun: false) }
        instance.events.tell(
            .exited(
                ContainerExit(code: nil, signal: nil, failureText: nil, lastLines: [], cause: cause)
            )
        )
        await finish(artifactBytes: 0)
    }

    /// Says in the log why a job ends that does not end by itself.
    private func noteStop(_ cause: ContainerExit.Cause, hasRun: Bool) {
        let seconds = assignment.maxRuntimeSeconds
        if let words = StopNote.text(for: cause, maxRuntimeSeconds: seconds, hasRun: hasRun) {
            instance.note(words)
        }
    }

    /// This run, once it is known what the container's process is.
    private func running(_ container: ContainerSpec) -> InstanceRun {
        var run = self
        run.instance.assignment.container = container
        return run
    }

    /// Removes what a container engine made for the instance.
    private func clearEngine() async {
        do {
            try await EngineMark.clearAll(below: paths.root, http: http)
        } catch {
            instance.logger.warning("Something of the container engine's is left: \(error)")
        }
    }

    // MARK: - Before the container

    /// `nil` if an order to stop came first.
    private func prepareUnlessStopped() async throws -> Prepared? {
        try await withThrowingTaskGroup(of: Prepared?.self) { group in
            group.addTask { try await prepare() }
            group.addTask {
                for await order in instance.orders.stream() {
                    switch order {
                    case .command(.stop), .abandoned: return nil
                    case .command(.collect), .command(.release): continue
                    }
                }
                // Cancelled: the preparation has its own answer.
                try await Task.sleep(for: .seconds(3600))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func prepare() async throws -> Prepared {
        instance.events.tell(.downloading)
        // The agent's own, because it outlives the server that chose the environment.
        for lease in assignment.leases { SharedLease.hold(lease) }
        let (runtime, machine) = try await makeRuntime()
        for mount in assignment.container.mounts where !SandboxLayout.exists(mount.source) {
            throw InstanceFailure(
                blame: .platform,
                message: "'\(mount.source)' is needed by the container and missing."
            )
        }
        let delivered = try await deliverChannels(owner: runtime.mountOwner)
        for notice in delivered.notices { instance.note(notice) }
        for (path, content) in assignment.files {
            guard ChannelDelivery.isSafe(path) else { throw UnsafePath(path: path) }
            let file = "\(paths.opt)/\(path)"
            try SandboxLayout.makeDirectories(String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]))
            try SandboxLayout.write(content, to: file)
        }
        if let archive = assignment.modelArchive {
            try await ModelDelivery(paths: paths, far: objects).deliver(archive)
        }
        let checkpoints = try await restoreCheckpoints()
        let board = try tensorBoard()
        return Prepared(
            runtime: runtime,
            container: runtime.complete(assignment.container),
            environment: try serveCredentials(),
            channels: delivered,
            checkpoints: checkpoints,
            board: board,
            machine: machine
        )
    }

    private func makeRuntime() async throws -> (any ContainerRuntime, RootFileSystem) {
        let layout = SandboxLayout(paths: paths)
        if let image = assignment.container.image {
            let machine = RootFileSystem(entries: [], configuration: [])
            try layout.prepare(
                host: assignment.host,
                hosts: assignment.hosts,
                firstIndex: bootstrap.firstIndex(of: assignment),
                machine: machine,
                nameServer: nil
            )
            let runtime = try await OCIRuntime(
                image,
                instance: instance,
                fleet: fleetName,
                http: http
            )
            return (runtime, machine)
        }
        let machine = RootFileSystem.current()
        let holder = try await Sandbox.reachHolder(at: bootstrap.holderSocket)
        try layout.prepare(
            host: assignment.host,
            hosts: assignment.hosts,
            firstIndex: bootstrap.firstIndex(of: assignment),
            machine: machine,
            nameServer: holder.hasUplink ? InstanceAddress.nameServer : nil
        )
        return (try Sandbox(paths: paths, holder: holder), machine)
    }

    /// The same for all instances that reach each other: the name of the first, whose directory has the holder's socket.
    private var fleetName: String {
        guard assignment.role == .training, assignment.hosts.count > 1 else {
            return bootstrap.instance.description
        }
        let directory = (bootstrap.holderSocket as NSString).deletingLastPathComponent
        return (directory as NSString).lastPathComponent
    }

    /// A container with an open network has the rights of its role.
    private func serveCredentials() throws -> [String: String] {
        guard assignment.network == .open else { return [:] }
        let server = try CredentialsServer(directory: paths.credentials, credentials: credentials)
        server.start()
        return server.environment
    }

    /// Tells meanwhile how far it is.
    private func deliverChannels(
        owner: FastFileChannel.Owner?
    ) async throws -> ChannelDelivery.Result {
        let channels = delivery(owner: owner)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await channels.progress.report(note: instance.note, tell: instance.events.tell) }
            defer { group.cancelAll() }
            return try await channels.deliver(assignment.channels)
        }
    }

    private func delivery(owner: FastFileChannel.Owner?) -> ChannelDelivery {
        ChannelDelivery(
            paths: paths,
            viewDirectories: bootstrap.viewDirectories ?? [],
            near: NearObjects(),
            far: objects,
            mountOwner: owner,
            fetchListing: fetchListing,
            progress: TransferProgress()
        )
    }

    private func restoreCheckpoints() async throws -> DirectorySync? {
        guard let checkpoint = assignment.checkpoint else { return nil }
        let directory = paths.directory(of: checkpoint)
        try SandboxLayout.makeDirectories(directory)
        try await FilePlacement(near: NearObjects(), far: objects, progress: TransferProgress())
            .copyAll(.list(checkpoint.existing), to: directory)
        let sync = DirectorySync(
            directory: directory,
            location: checkpoint.location,
            writer: objects,
            pace: .complete,
            logger: instance.logger
        )
        await sync.rememberRestored()
        return sync
    }

    private func tensorBoard() throws -> DirectorySync? {
        guard let board = assignment.tensorBoard else { return nil }
        let directory = paths.directory(of: board)
        try SandboxLayout.makeDirectories(directory)
        return DirectorySync(
            directory: directory,
            location: board.location,
            writer: objects,
            pace: .growing,
            logger: instance.logger
        )
    }

    // MARK: - The container

    private func launch(_ prepared: Prepared) async throws -> RunningContainer {
        var plan = try SandboxPlan(
            assignment,
            bootstrap,
            at: paths,
            executable: executable,
            overlays: prepared.channels.overlays,
            machine: prepared.machine
        )
        plan.layers = try SandboxLayout(paths: paths).prepareLayers(of: plan.container.mounts)
        plan.volumes = prepared.channels.volumes
        plan.fastFiles = prepared.channels.fastFiles
        plan.container.environment.merge(prepared.environment) { _, served in served }
        do {
            return try await prepared.runtime.launch(plan)
        } catch let failure as LaunchFailure where failure.stage == .overlay {
            instance.note("Channels were copied and the environment is read-only: \(failure.text)")
            try await delivery(owner: prepared.runtime.mountOwner).copyInstead(
                prepared.channels.overlays,
                of: assignment.channels
            )
            (plan.overlays, plan.layers) = ([], [])
            return try await prepared.runtime.launch(plan)
        }
    }

    private func train(_ prepared: Prepared) async throws {
        let pipes = Pipes(prepared.channels.pipes)
        defer { pipes.stop() }
        let container = try await launch(prepared)
        // What the job has read is not what it was to read, and whatever it makes of that.
        for channel in prepared.channels.fastFiles { channel.onFailure { _ in container.kill() } }
        let run = ContainerRun(
            container: container,
            buffer: instance.buffer,
            orders: instance.orders,
            maxRuntime: assignment.maxRuntimeSeconds.map { .seconds($0) },
            volume: instance.volumeWatch,
            grace: .seconds(assignment.stopGraceSeconds),
            label: instance.label
        )
        let exit = await withTaskGroup(of: Void.self) { group in
            if let checkpoints = prepared.checkpoints { group.addTask { await checkpoints.run() } }
            if let board = prepared.board { group.addTask { await board.run() } }
            group.addTask { await pipes.untilFailure { container.kill() } }
            let exit = await run.untilEnd(started: { instance.events.tell(.started) })
            group.cancelAll()
            return exit
        }
        if let failure = pipes.failure ?? prepared.channels.fastFiles.lazy.compactMap(\.failure).first {
            throw failure
        }
        try sandboxFailure(exit, prepared)
        let end = instance.describe(exit)
        noteStop(end.cause, hasRun: true)
        instance.events.tell(.exited(end))
        guard !instance.orders.isAbandoned else { return }
        await finishBoard(prepared)
        var sent = 0
        if let peers = await peersToCollect() {
            instance.events.tell(.uploading)
            sent = try await upload(peers: peers)
        }
        try await prepared.checkpoints?.finish()
        await finish(artifactBytes: sent)
    }

    private func host(_ prepared: Prepared) async throws {
        let first = life(prepared)
        guard let companions = assignment.companions, !companions.isEmpty else {
            try await first.untilStopped()
            return await finish(artifactBytes: 0)
        }
        var lives = [first]
        for (position, companion) in companions.enumerated() {
            let run = try self.run(of: companion, number: position + 2)
            guard let prepared = try await run.prepareUnlessStopped() else {
                return await finishUnstarted()
            }
            lives.append(run.running(prepared.container).life(prepared))
        }
        try await HostingGroup(instance: instance, lives: lives).untilStopped()
        await finish(artifactBytes: 0)
    }

    private func life(_ prepared: Prepared) -> HostingRun {
        HostingRun(
            instance: instance,
            spec: assignment.hosting ?? HostingSpec(),
            launch: { try await launch(prepared) }
        )
    }

    /// Another container of this instance: the same life in a directory of its own.
    private func run(of companion: Companion, number: Int) throws -> InstanceRun {
        var run = self
        run.instance.paths = paths.companion(number)
        run.instance.label = "[\(companion.hostname)] "
        run.instance.assignment.instance = InstanceID("\(assignment.instance)-\(number)")
        run.instance.assignment.host = companion.hostname
        run.instance.assignment.container = companion.container
        run.instance.assignment.modelArchive = companion.modelArchive
        run.instance.assignment.companions = nil
        run.instance.assignment.notices = []
        try SandboxLayout.makeDirectory(run.paths.root)
        return run
    }

    /// - Throws: `InstanceFailure` if PID 1 went without a word and nobody had asked for it.
    private func sandboxFailure(_ exit: ContainerLife.RawExit, _ prepared: Prepared) throws {
        guard case .vanished(.itself) = exit else { return }
        throw InstanceFailure(
            blame: .platform,
            message: "The container ended unexpectedly. \(prepared.runtime.complaints())"
        )
    }

    // MARK: - After the container

    /// The peers' directories that this instance packs besides its own; `nil` if another instance does it.
    private func peersToCollect() async -> [String]? {
        guard assignment.hosts.count > 1 else { return [] }
        for await order in instance.orders.stream() {
            switch order {
            case .command(.collect(let directories)): return directories
            case .command(.release), .abandoned: return nil
            case .command(.stop): continue
            }
        }
        return nil
    }

    private func upload(peers: [String]) async throws -> Int {
        guard let targets = assignment.artifacts else { return 0 }
        let delivery = ArtifactDelivery(paths: paths, writer: objects)
        do {
            return try await delivery.deliver(to: targets, peers: peers, note: { instance.note($0) })
        } catch {
            throw InstanceFailure(
                blame: Self.failure(error).blame,
                message: "The artifacts cannot be stored at \(targets.prefix): \(error)"
            )
        }
    }

    /// Charts that cannot be stored are no reason to lose a model.
    private func finishBoard(_ prepared: Prepared) async {
        do {
            try await prepared.board?.finish()
        } catch {
            instance.note("The files for TensorBoard cannot be stored: \(error)")
        }
    }

    private func finish(artifactBytes: Int) async {
        await clearEngine()
        await deliverTelemetry()
        instance.events.tell(.finished(artifactBytes: artifactBytes))
    }

    /// Returns once all log lines have arrived, or nobody wants them.
    private func deliverTelemetry() async {
        var backoff = Backoff(first: .milliseconds(2))
        while !instance.orders.isAbandoned, !(await telemetry.flush()) { await backoff.wait() }
    }

    // MARK: -

    private static func failure(_ error: any Error) -> InstanceFailure {
        switch error {
        case let failure as InstanceFailure: failure
        case let error as ObjectAccessError:
            InstanceFailure(blame: error.isClientsFault ? .client : .platform, message: "\(error)")
        case let error as UnsafePath: InstanceFailure(blame: .client, message: "\(error)")
        case let error as ArchiveError:
            InstanceFailure(blame: error.isClientsFault ? .client : .platform, message: "\(error)")
        default: InstanceFailure(blame: .platform, message: "\(error)")
        }
    }

    /// Runs blocking work away from the threads that tasks share.
    static func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { done in
            DispatchQueue.global().async { done.resume(with: Result(catching: work)) }
        }
    }
}
