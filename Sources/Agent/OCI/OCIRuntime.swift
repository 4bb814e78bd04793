import AgentProtocol
import AsyncHTTPClient
import CLinux
import ContainerEngine
import Foundation
import Glibc
import Synchronization

/// Containers of an engine for one instance: what the engine isolates, and `clary init` in it, which makes everything
/// else the same as in a sandbox.
final class OCIRuntime: ContainerRuntime {
    private let engine: ContainerEngine
    private let image: LocalImage
    private let paths: InstancePaths
    private let hosts: [String]
    private let mark: EngineMark
    private let labels: [String: String]
    private let network: (name: String, subnet: EngineSubnet)
    private let libraries: OwnLibraries
    private let graphics: GraphicsDevices
    private let connector: Descriptor
    private let volumeOfChannel: [String: String]
    /// How many containers were asked for.
    private let launches = Mutex(0)

    /// How long PID 1 may need to say a word once the engine has started it.
    private static let patience = Duration.seconds(30)
    private static let lookMS: Int32 = 250

    /// Brings the image and the fleet's network.
    ///
    /// - Throws: `InstanceFailure`, `ContainerEngineError`, `SystemError`.
    init(
        _ wanted: OCIImage,
        instance: InstanceContext,
        fleet: String,
        http: HTTPClient
    ) async throws {
        paths = instance.paths
        hosts = instance.assignment.hosts
        let isInternal = instance.assignment.network == .isolated
        let engine = try OCIEngine.reach(wanted, http: http)
        self.engine = engine
        let parent = (paths.root as NSString).deletingLastPathComponent
        let id = instance.assignment.instance.description
        let labels = [EngineLabel.instance: id, EngineLabel.directory: parent]
        self.labels = labels
        // An engine may serve several servers, whose instances may have equal names after a restore.
        let suffix = EngineName.suffix(of: parent)
        let networkName = EngineName.make(fleet, suffix)
        // By position: names of channels may differ in what engines do not take.
        volumeOfChannel = Dictionary(
            uniqueKeysWithValues: instance.assignment.channels.enumerated().map { index, channel in
                (channel.name, EngineName.make("\(id)-channel-\(index)", suffix))
            }
        )
        mark = EngineMark(
            socket: engine.socket,
            container: EngineName.make(id, suffix),
            volumes: Array(volumeOfChannel.values),
            network: networkName
        )
        try mark.write(in: paths.root)
        libraries = try OwnLibraries.current()
        graphics = GraphicsDevices(isPodman: try await engine.isPodman())
        async let subnet = OCIEngine.network(
            networkName,
            fleet: fleet,
            isInternal: isInternal,
            labels: labels,
            in: engine
        )
        image = try await ImageDelivery(engine: engine, instance: instance).bring(wanted)
        network = (networkName, try await subnet)
        connector = Descriptor(
            owning: try check(
                clx_unix_listen(paths.connector, Int32(SOCK_SEQPACKET.rawValue), 512),
                "listen at \(paths.connector)"
            )
        )
    }

    /// A container's specification with what the image says where the request says nothing.
    func complete(_ spec: ContainerSpec) -> ContainerSpec {
        var spec = spec
        let wanted = spec.image
        spec.command = (wanted?.entrypoint ?? image.entrypoint) + (wanted?.arguments ?? image.command)
        let own = image.environment.compactMap { text -> (String, String)? in
            guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
            return (String(text[..<sign]), String(text[text.index(after: sign)...]))
        }
        spec.environment.merge(own) { asked, _ in asked }
        if spec.environment["PATH"] == nil {
            spec.environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        }
        spec.workingDirectory = image.workingDirectory
        return spec
    }

    /// An engine sees no mounts of a process of ours.
    var mountOwner: FastFileChannel.Owner? { nil }

    func complaints() -> String { "It was a container of the engine at \(engine.socket)." }

    func launch(_ plan: SandboxPlan) async throws -> RunningContainer {
        // What started before under this name may still be on its way out, with its address.
        let isFirst = launches.withLock { count in
            count += 1
            return count == 1
        }
        if !isFirst { try await engine.remove(container: mark.container) }
        let overlays = try await makeOverlays(plan, isFirst: isFirst)
        let container = OCIContainerPlan(
            plan: plan,
            paths: paths,
            imageID: image.id,
            libraries: libraries,
            overlays: overlays,
            network: network.name,
            subnet: network.subnet,
            hosts: hosts,
            labels: labels,
            graphics: graphics
        )
        try SandboxLayout.makeDirectory(paths.line)
        let line = try ContainerLine(in: paths.line)
        var pipe: [Int32] = [-1, -1]
        try check(clx_pipe(&pipe, 1 << 20), "make a pipe")
        let output = Descriptor(owning: pipe[0])
        let theirOutput = Descriptor(owning: pipe[1])
        let entry = try memoryFile(entrySpec(plan, lending: container.lent))
        do {
            try await engine.create(container.request, named: mark.container)
            let control = try await firstWord(
                line,
                [entry.number, theirOutput.number, connector.number]
            )
            return RunningContainer(control: control, output: output, group: nil)
        } catch let error as ContainerEngineError where !plan.overlays.isEmpty && error != .cancelled {
            throw LaunchFailure(stage: .overlay, text: "\(error)")
        }
    }

    // MARK: -

    /// Channels whose objects are shown, not copied.
    private func makeOverlays(
        _ plan: SandboxPlan,
        isFirst: Bool
    ) async throws -> [(volume: String, target: String)] {
        var result: [(volume: String, target: String)] = []
        for overlay in plan.overlays {
            guard
                let channel = overlay.target.split(separator: "/").last,
                let volume = volumeOfChannel[String(channel)],
                ![overlay.lower, overlay.upper].contains(where: { $0.contains(",") || $0.contains(":") })
            else {
                throw LaunchFailure(stage: .overlay, text: "'\(overlay.lower)' cannot be named in an option.")
            }
            do {
                if !isFirst { try await engine.remove(volume: volume) }
                try await engine.createOverlay(
                    named: volume,
                    lower: overlay.lower,
                    upper: overlay.upper,
                    work: overlay.work,
                    labels: labels
                )
            } catch {
                throw LaunchFailure(stage: .overlay, text: "\(error)")
            }
            result.append((volume, "/opt/ml\(overlay.target.dropFirst(paths.opt.count))"))
        }
        return result
    }

    private func entrySpec(_ plan: SandboxPlan, lending directories: [String]) -> EntrySpec {
        EntrySpec(
            command: plan.container.command,
            environment: plan.container.environment.map { "\($0.key)=\($0.value)" }.sorted(),
            directory: plan.container.workingDirectory,
            cpus: plan.limits.cpus,
            cpuOffset: plan.cpuOffset,
            memoryLimit: plan.limits.memory,
            processLimit: Sandbox.processLimit(cpus: plan.limits.cpus),
            relays: plan.network == .open ? EntrySpec.Relay.toPlatform : [],
            image: .init(user: image.user, directories: directories)
        )
    }

    /// Starts the container and waits for its PID 1, which may have come before the engine says that it has started.
    private func firstWord(_ line: ContainerLine, _ descriptors: [Int32]) async throws -> Descriptor {
        let name = "The container of the engine at \(engine.socket)"
        try await engine.start(container: mark.container)
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            try Task.checkCancellation()
            let arrived = try await InstanceRun.onThread {
                try line.accept(within: Self.lookMS, handing: descriptors)
            }
            if let control = arrived?.take() { return control }
            guard try await engine.hasContainer(mark.container) else {
                throw LaunchFailure(
                    stage: .sandbox,
                    text: "\(name) ended before its first process spoke."
                )
            }
        }
        throw LaunchFailure(
            stage: .sandbox,
            text: """
                \(name) was started, and its first process has not spoken for \(Self.patience.components.seconds) s.
                """
        )
    }

    private func memoryFile(_ entry: EntrySpec) throws(SystemError) -> Descriptor {
        let bytes = entry.bytes
        return Descriptor(
            owning: try check(clx_memory_file("entry", bytes, bytes.count), "make a memory file")
        )
    }
}
