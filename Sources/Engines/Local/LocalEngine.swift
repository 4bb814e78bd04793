package import AgentProtocol
package import AsyncHTTPClient
import CLinux
import ContainerEngine
import Foundation
package import Logging
import Resources

/// Instances as detached processes of this machine, each an agent with its sandbox.
package actor LocalEngine: Engine {
    private let configuration: Configuration
    private let pure: Capacity
    private var capacity: Capacity

    /// Where things are.
    package struct Configuration: Sendable {
        /// Directory of the instances' directories; made if it is missing.
        package var directory: String
        /// The product's own binary, absolute.
        package var executable: String
        /// See `AgentBootstrap`.
        package var addressFile: String
        /// See `AgentBootstrap`.
        package var gatewayDirectory: String
        /// See `AgentBootstrap`.
        package var viewDirectories: [String]
        /// See `AgentBootstrap`.
        package var orphanTimeout: Duration
        package var machine: Machine
        /// Speaks to container engines; `nil` where no instance is ever a container of one.
        package var http: HTTPClient?
        package var logger: Logger

        package init(
            directory: String,
            executable: String,
            addressFile: String,
            gatewayDirectory: String,
            viewDirectories: [String] = [],
            orphanTimeout: Duration = .seconds(86_400),
            machine: Machine = .current(),
            http: HTTPClient? = nil,
            logger: Logger = Logger(label: "engine")
        ) {
            self.directory = directory
            self.executable = executable
            self.addressFile = addressFile
            self.gatewayDirectory = gatewayDirectory
            self.viewDirectories = viewDirectories
            self.orphanTimeout = orphanTimeout
            self.machine = machine
            self.http = http
            self.logger = logger
        }
    }

    package init(_ configuration: Configuration) {
        self.configuration = configuration
        pure = Capacity(machine: configuration.machine)
        capacity = pure
    }

    package nonisolated func limits(
        of instanceType: String
    ) throws(EngineError) -> (limits: InstanceLimits, notice: String?) {
        try pure.limits(of: Self.type(instanceType))
    }

    package func vacancy(for instanceTypes: [String]) async throws(EngineError) -> Vacancy {
        try capacity.vacancy(
            for: instanceTypes.map { name throws(EngineError) in try Self.type(name) }
        )
    }

    /// Whether no instance is running or about to run.
    package var isIdle: Bool { capacity.isFree }

    package func start(_ fleet: FleetSpec) async throws(EngineError) -> [InstanceHandle] {
        guard let leader = fleet.instances.first else { return [] }
        let wanted = try fleet.instances.map {
            seat throws(EngineError) -> (id: InstanceID, type: InstanceType) in
            (seat.id, try Self.type(seat.instanceType))
        }
        let places = try capacity.place(wanted, for: fleet.owner)
        do {
            return try await launch(fleet, places, holderSocket: paths(leader.id).holder)
        } catch {
            for seat in fleet.instances {
                capacity.free(seat.id)
                await sweep(files: paths(seat.id))
            }
            throw error
        }
    }

    package func kill(_ instance: InstanceHandle) async throws(EngineError) {
        BackgroundProcess(processID: instance.processID, start: instance.processStart).kill()
    }

    package nonisolated func isAlive(_ instance: InstanceHandle) async -> Bool {
        BackgroundProcess(processID: instance.processID, start: instance.processStart).isAlive
    }

    package func release(_ instance: InstanceHandle) async throws(EngineError) {
        // An agent that is on its way out must not write into a directory that is being removed.
        try await kill(instance)
        capacity.free(instance.instance)
        let visit = InstancePaths(instance.directory).visit
        if access(visit, F_OK) == 0 {
            for holder in Self.processes(naming: visit) { holder.kill() }
        }
        let paths = InstancePaths(instance.directory)
        await sweepEngine(paths)
        for path in EngineMark.removable(in: paths.root) + configuration.viewDirectories.map(paths.view) {
            try await Self.remove(path)
        }
    }

    package func keep(_ instance: InstanceHandle) async throws(EngineError) {
        try await kill(instance)
        capacity.free(instance.instance)
        await sweepEngine(InstancePaths(instance.directory))
    }

    package func adopt(_ instances: [InstanceHandle], keeping kept: [InstanceHandle] = []) async {
        for handle in kept {
            BackgroundProcess(processID: handle.processID, start: handle.processStart).kill()
        }
        for handle in instances {
            guard let type = InstanceCatalogue.type(named: handle.instanceType) else { continue }
            capacity.adopt(handle.instance, of: type, for: handle.owner, gpus: handle.gpus)
        }
        let known = Set((instances + kept).map(\.instance.description))
        // Before the first instance there is no directory.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: configuration.directory)) ?? []
        for name in names where !known.contains(name) {
            await sweep(InstancePaths("\(configuration.directory)/\(name)"))
        }
        for directory in configuration.viewDirectories {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            for name in names where !known.contains(name) { clx_remove_tree("\(directory)/\(name)") }
        }
    }

    // MARK: -

    private func launch(
        _ fleet: FleetSpec,
        _ places: [Capacity.Place],
        holderSocket: String
    ) async throws(EngineError) -> [InstanceHandle] {
        for (position, (seat, place)) in zip(fleet.instances, places).enumerated() {
            try prepare(seat, at: position, gpus: place.gpus, holderSocket: holderSocket)
        }
        let leader = paths(fleet.instances[0].id)
        let executable = configuration.executable
        // First the holder, which says at once what this machine refuses; agents meanwhile fetch their assignments.
        let results = await withTaskGroup(of: (Int, Result<BackgroundProcess, EngineError>).self) { group in
            if fleet.runtime == .sandbox {
                group.addTask {
                    (
                        -1,
                        await Self.background(
                            executable,
                            [
                                "holder", "--socket", holderSocket, "--instances",
                                String(fleet.instances.count),
                                "--network", fleet.network.rawValue, "--log", leader.holderLog,
                            ],
                            errors: leader.holderLog
                        )
                    )
                }
            }
            for (position, seat) in fleet.instances.enumerated() {
                let paths = paths(seat.id)
                group.addTask {
                    (
                        position,
                        await Self.background(
                            executable,
                            ["agent", "--bootstrap", paths.bootstrap, "--detach", "--log", paths.agentLog],
                            input: seat.token,
                            errors: paths.agentLog
                        )
                    )
                }
            }
            var results: [Int: Result<BackgroundProcess, EngineError>] = [:]
            for await (position, result) in group { results[position] = result }
            return results
        }
        do {
            _ = try results[-1]?.get()
            return try fleet.instances.enumerated().map { position, seat throws(EngineError) in
                guard let process = try results[position]?.get() else {
                    throw .failed("The agent did not start.")
                }
                return InstanceHandle(
                    instance: seat.id,
                    instanceType: seat.instanceType,
                    processID: process.processID,
                    processStart: process.start,
                    directory: paths(seat.id).root,
                    owner: fleet.owner,
                    gpus: places[position].gpus
                )
            }
        } catch {
            // All or none: what did start ends.
            for case .success(let process) in results.values { process.kill() }
            throw error
        }
    }

    private func prepare(
        _ seat: InstanceSeat,
        at position: Int,
        gpus: [Int],
        holderSocket: String
    ) throws(EngineError) {
        let paths = paths(seat.id)
        let bootstrap = AgentBootstrap(
            instance: seat.id,
            addressFile: configuration.addressFile,
            gatewayDirectory: configuration.gatewayDirectory,
            holderSocket: holderSocket,
            position: position,
            viewDirectories: configuration.viewDirectories,
            gpus: gpus,
            orphanTimeoutSeconds: Int(configuration.orphanTimeout.components.seconds)
        )
        do {
            try FileManager.default.createDirectory(
                atPath: paths.root,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let content = try JSONEncoder().encode(bootstrap)
            guard
                FileManager.default.createFile(
                    atPath: paths.bootstrap,
                    contents: content,
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw EngineError.failed("Cannot write \(paths.bootstrap).") }
        } catch {
            throw .failed("Cannot make the directory of instance \(seat.id): \(error)")
        }
    }

    /// Ends and removes an instance that nobody knows.
    private func sweep(_ paths: InstancePaths) async {
        for process in Self.processes(naming: paths.bootstrap) { process.kill() }
        await sweep(files: paths)
    }

    /// Removes what a container engine has made for an instance; where it does not answer, its containers have ended with
    /// their agents all the same.
    ///
    /// The marks of what is left stay.
    private func sweepEngine(_ paths: InstancePaths) async {
        guard let http = configuration.http else { return }
        do {
            try await EngineMark.clearAll(below: paths.root, http: http)
        } catch {
            configuration.logger.warning(
                "Something of the container engine's is left and will be removed at the next start.",
                metadata: ["directory": "\(paths.root)", "reason": "\(error)"]
            )
        }
    }

    /// What cannot be removed now is at the next start.
    private func sweep(files paths: InstancePaths) async {
        await sweepEngine(paths)
        for path in EngineMark.removable(in: paths.root) + configuration.viewDirectories.map(paths.view) {
            clx_remove_tree(path)
        }
    }

    /// Programs of ours whose arguments name this file.
    private static func processes(naming file: String) -> [BackgroundProcess] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { pid in
            guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"),
                line.split(separator: 0).contains(where: { $0.elementsEqual(file.utf8) })
            else { return nil }
            return BackgroundProcess(processID: pid, start: clx_process_start(pid))
        }
    }

    private func paths(_ instance: InstanceID) -> InstancePaths {
        InstancePaths("\(configuration.directory)/\(instance)")
    }

    private static func type(_ name: String) throws(EngineError) -> InstanceType {
        guard let type = InstanceCatalogue.type(named: name) else {
            throw .impossible("The instance type '\(name)' does not exist.")
        }
        return type
    }

    @concurrent
    private static func background(
        _ executable: String,
        _ arguments: [String],
        input: String = "",
        errors: String
    ) async -> Result<BackgroundProcess, EngineError> {
        await withCheckedContinuation { done in
            DispatchQueue.global().async {
                done.resume(
                    returning: Result { () throws(EngineError) in
                        try BackgroundProcess.launch(executable, arguments, input: input, errors: errors)
                    }
                )
            }
        }
    }

    @concurrent
    private static func remove(_ directory: String) async throws(EngineError) {
        // The sandbox ends a moment after its agent; what it still writes may come back once or twice.
        for _ in 0..<20 {
            let status = clx_remove_tree(directory)
            if status >= 0 { return }
            guard status == -ENOTEMPTY || status == -EBUSY else {
                throw .failed("Cannot remove \(directory): \(String(cString: strerror(-status))).")
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }
}
