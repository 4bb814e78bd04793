package import AgentProtocol
import CLinux
import Foundation
import Synchronization

/// A visit to what is left of an instance: its sandbox made once more from the files that were kept, around a command of
/// the visitor's.
///
/// Nobody serves credentials, and only the visitor reads objects.
package final class InstanceVisit: Sendable {
    private let sandbox: Sandbox
    private let container: RunningContainer
    private let volume: VolumeWatch?
    private let fastFiles: [FastFileChannel]
    /// What of the instance cannot be shown, and why.
    package let notices: [String]
    private let hasFilledVolume = Mutex(false)

    /// What the command reads and writes.
    package enum Streams: Sendable {
        /// The processes' end of a terminal.
        case terminal(Int32)
        case pipes(input: Int32, output: Int32, errors: Int32)
    }

    /// How a visit ended.
    package enum End: Sendable, Equatable {
        case exited(Int32)
        case signalled(Int32)
        /// `errno`.
        case neverStarted(Int32)
        /// A limit of the instance ended it.
        case outOfMemory
        case outOfDisk
        case tooManyProcesses
        /// The sandbox is gone: the instance was let go.
        case vanished
    }

    /// Begins a visit.
    ///
    /// - Parameters:
    ///   - directory: The instance's.
    ///   - assignment: What it had to do; its container's command and environment are the visitor's.
    ///   - executable: The product's own binary.
    ///   - access: Reads the objects of channels that are elsewhere.
    ///   - streams: Their descriptors stay the caller's to close.
    /// - Throws: `SystemError`, `LaunchFailure`, `InstanceFailure`, or what is wrong with `agent.json`.
    package init(
        to directory: String,
        assignment: Assignment,
        executable: String,
        access: VisitorAccess,
        streams: Streams
    ) async throws {
        let paths = InstancePaths(directory)
        guard assignment.container.image == nil else {
            throw InstanceFailure(
                blame: .client,
                message: "It was a container of an engine, which is gone. Its /opt/ml is \(paths.opt)."
            )
        }
        let bootstrap = try JSONDecoder().decode(
            AgentBootstrap.self,
            from: Data(contentsOf: URL(fileURLWithPath: paths.bootstrap))
        )
        // Nobody removes the environment while somebody is there.
        for lease in assignment.leases { SharedLease.hold(lease) }
        let machine = RootFileSystem.current()
        let holder = try await Sandbox.reachHolder(at: paths.visit)
        // Where the job has run all of it is there; and below its directories nothing may be made by a path, because it
        // may have left links in them.
        if !SandboxLayout.exists(paths.etc + "/hosts") {
            try SandboxLayout(paths: paths).prepare(
                host: assignment.host,
                hosts: assignment.hosts,
                firstIndex: bootstrap.firstIndex(of: assignment),
                machine: machine,
                nameServer: holder.hasUplink ? InstanceAddress.nameServer : nil
            )
        }
        sandbox = try Sandbox(paths: paths, holder: holder)
        let channels = VisitedChannels(
            assignment.channels,
            at: paths,
            owner: holder.mountOwner,
            access: access
        )
        (notices, fastFiles) = (channels.notices, channels.fastFiles)
        var plan = try SandboxPlan(
            assignment,
            bootstrap,
            at: paths,
            executable: executable,
            overlays: channels.overlays,
            machine: machine
        )
        (plan.volumes, plan.fastFiles) = (channels.volumes, channels.fastFiles)
        plan.layers = try SandboxLayout(paths: paths).prepareLayers(of: plan.container.mounts)
        volume = await Self.volume(of: assignment, at: paths)
        let descriptors: [Int32]
        switch streams {
        case .terminal(let terminal): (plan.streams, descriptors) = (.terminal, [terminal])
        case .pipes(let input, let output, let errors):
            (plan.streams, descriptors) = (.pipes, [input, output, errors])
        }
        container = try await Self.launch(plan, in: sandbox)
        try container.hand(over: descriptors)
    }

    /// Where overlays are refused the channels were copied before and the container only read what it shares; or the
    /// sandbox before still goes.
    private static func launch(_ plan: SandboxPlan, in sandbox: Sandbox) async throws -> RunningContainer {
        var plan = plan
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                return try await sandbox.launch(plan)
            } catch let failure as LaunchFailure where failure.stage == .overlay {
                if !plan.overlays.isEmpty, plan.overlays.allSatisfy({ clx_tree_bytes($0.target) > 0 }) {
                    (plan.overlays, plan.layers) = ([], [])
                } else if plan.overlays.isEmpty, ContinuousClock.now >= deadline, !plan.layers.isEmpty {
                    plan.layers = []
                } else {
                    guard ContinuousClock.now < deadline else { throw failure }
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
        }
    }

    /// How long the sandbox before may take to go.
    private static let patience = Duration.seconds(3)

    /// Where the instance's user stands among this machine's: the socket of its fleet's holder.
    package static func fleet(of directory: String) throws -> String {
        let file = URL(fileURLWithPath: InstancePaths(directory).bootstrap)
        return try JSONDecoder().decode(AgentBootstrap.self, from: Data(contentsOf: file)).holderSocket
    }

    /// Why files of channels could not be read, if some could not.
    package var failures: [String] { fastFiles.compactMap(\.failure?.message) }

    /// Returns when the command has ended.
    package func waitForEnd() async -> End {
        let watch = Task { [self] in
            guard await volume?.untilExceeded() != nil else { return }
            hasFilledVolume.withLock { $0 = true }
            container.kill()
        }
        defer { watch.cancel() }
        let end = await withCheckedContinuation { done in
            Thread.detachNewThread { [self] in done.resume(returning: nextEnd()) }
        }
        return hasFilledVolume.withLock(\.self) ? .outOfDisk : end
    }

    /// What a visitor may write: what the volume holds, and a little where the job has filled it.
    private static func volume(of assignment: Assignment, at paths: InstancePaths) async -> VolumeWatch? {
        guard let limit = assignment.limits.volume else { return nil }
        let used = await VolumeWatch.used(paths)
        return VolumeWatch(paths: paths, limit: max(limit, used + 64 << 20))
    }

    private func nextEnd() -> End {
        var end = End.vanished
        while let report = container.nextReport() {
            switch report {
            case .started: break
            case .refused(let code, _): return .neverStarted(code)
            case .outOfMemory: end = .outOfMemory
            case .tooManyProcesses: end = .tooManyProcesses
            case .exited(let status):
                guard end == .vanished else { return end }
                let signal = clx_exit_signal(status)
                return signal > 0 ? .signalled(signal) : .exited(clx_exit_code(status))
            }
        }
        return end
    }
}
