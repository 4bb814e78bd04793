import Agent
import CLinux
import ContainerEngine
import Engines
import Estimators
import Foundation
import Glibc
import ParquetBridge
import Reports

/// Finds out what this machine offers; `MachineFacts` judges it.
struct MachineSurvey {
    let dataDirectory: String

    private let environment = ProcessInfo.processInfo.environment
    private let files = FileManager.default

    init(dataDirectory: String) { self.dataDirectory = dataDirectory }

    func facts() -> MachineFacts {
        var facts = MachineFacts()
        facts.bubblewrap = program("bwrap", in: ["/usr/bin", "/usr/local/bin", "/bin"])
        tryKernel(&facts)
        facts.appArmorRestricts = number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == 1
        facts.mayCloneUnprivileged = number("/proc/sys/kernel/unprivileged_userns_clone").map { $0 != 0 }
        facts.mostUserNamespaces = number("/proc/sys/user/max_user_namespaces")
        facts.isContainer = ["/.dockerenv", "/run/.containerenv"].contains { files.fileExists(atPath: $0) }
        facts.controlGroups = controlGroups
        let machine = Machine.current()
        (facts.cpus, facts.memory) = (machine.cpus, machine.memory)
        facts.gpus = machine.gpus.map { "/dev/nvidia\($0)" }
        facts.engineSockets = engineSockets
        facts.uv = program("uv", in: searchPath + developmentTools)
        facts.networkProgram = Uplink.program
        facts.sharedUserReason = JobUser.problem(below: existingFolder)
        facts.xgboost = library
        facts.parquet = parquet
        facts.fuse = fuse
        examineDisk(&facts)
        // Whatever keeps the server from being found, `clary status` says more about it.
        if let server = try? RunningServer.find(dataDirectory: dataDirectory).record {
            facts.server = "\(server.url), process \(server.pid), on \(dataDirectory)."
        }
        return facts
    }

    // MARK: The kernel

    /// Has a process of one thread try namespaces, network, overlay and sandbox.
    private func tryKernel(_ facts: inout MachineFacts) {
        let folder = "\(existingFolder)/.clary-doctor-\(getpid())"
        let isMade = mkdir(folder, 0o700) == 0
        // Overlays may work elsewhere, but it is the data directory's file system that counts.
        let place = isMade ? folder : NSTemporaryDirectory() + "clary-doctor-\(getpid())"
        if !isMade { mkdir(place, 0o700) }
        defer { clx_remove_tree(place) }
        let words = [SandboxProbe.verb, place] + (facts.bubblewrap.map { [$0.path] } ?? [])
        guard let output = ProgramOutput.of(ExecutablePath.current, words) else {
            facts.namespaces = .failed("the probe did not end by itself")
            return
        }
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let step = SandboxProbe.Step(rawValue: String(parts[0])) else { continue }
            let attempt: MachineFacts.Attempt =
                parts[1].isEmpty
                ? .worked : .failed(parts[1].trimmingCharacters(in: .whitespaces))
            switch step {
            case .namespaces: facts.namespaces = attempt
            case .network: facts.network = attempt
            case .overlay: facts.overlay = attempt
            case .sandbox: facts.sandbox = attempt
            }
        }
    }

    private var controlGroups: MachineFacts.ControlGroups {
        guard files.fileExists(atPath: "/sys/fs/cgroup/cgroup.controllers") else {
            return files.fileExists(atPath: "/sys/fs/cgroup/memory") ? .v1 : .none
        }
        let lines = text("/proc/self/cgroup")?.split(separator: "\n") ?? []
        let own = lines.first { $0.hasPrefix("0::") }.map { "/sys/fs/cgroup\($0.dropFirst(3))" }
        guard let own else { return .v2(isDelegated: false) }
        let needed: [String] = [own, own + "/cgroup.procs", own + "/cgroup.subtree_control"]
        return .v2(isDelegated: needed.allSatisfy { access($0, W_OK) == 0 })
    }

    // MARK: Programs

    private var searchPath: [String] { (environment["PATH"] ?? "").split(separator: ":").map { String($0) } }

    /// Where `make setup` puts its tools, above a development build.
    private var developmentTools: [String] {
        var folder = URL(filePath: ExecutablePath.current).deletingLastPathComponent()
        var found: [String] = []
        while folder.path.count > 1 {
            found.append(folder.appending(path: ".clary/tools/bin").path)
            folder = folder.deletingLastPathComponent()
        }
        return found
    }

    private func program(
        _ name: String,
        in folders: [String],
        askVersion: Bool = true
    ) -> MachineFacts.Program? {
        let candidates: [String] = folders.map { "\($0)/\(name)" }
        guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else {
            return nil
        }
        let said = askVersion ? ProgramOutput.of(path, ["--version"]) : nil
        let line = said?.split(separator: "\n").first.map(String.init)
        return .init(path: path, version: line)
    }

    private var engineSockets: [String] {
        EngineSocket.candidates(environment: environment).filter { path in
            let socket = clx_unix_connect(path, Int32(SOCK_STREAM.rawValue))
            if socket >= 0 { close(socket) }
            return socket >= 0
        }
    }

    private var library: MachineFacts.Library {
        let candidates = XGBoostLibrary.candidates(
            environment: environment,
            executable: ExecutablePath.current
        )
        do {
            let library = try XGBoostLibrary.load(from: candidates)
            return .found(path: library.path, version: library.version)
        } catch .libraryUnusable(let path, let reason) {
            return .unusable(path: path, reason: reason)
        } catch {
            return .missing(searched: candidates.map { ($0 as NSString).deletingLastPathComponent })
        }
    }

    private var parquet: String? {
        let candidates = ParquetEnvironment.candidates(
            environment: environment,
            executable: ExecutablePath.current
        )
        do {
            return try ParquetEnvironment.find(in: candidates).packages
        } catch {
            return nil
        }
    }

    private var fuse: MachineFacts.Attempt {
        let device = open("/dev/fuse", O_RDWR | O_CLOEXEC)
        guard device >= 0 else { return .failed(String(cString: strerror(errno))) }
        close(device)
        return .worked
    }

    // MARK: The disk

    /// The data directory or, where it does not exist yet, the nearest folder above it that does.
    private var existingFolder: String {
        var path = dataDirectory
        while path.count > 1, !files.fileExists(atPath: path) {
            path = (path as NSString).deletingLastPathComponent
        }
        return path
    }

    private func examineDisk(_ facts: inout MachineFacts) {
        facts.dataDirectory = dataDirectory
        let folder = existingFolder
        var system = statvfs()
        if statvfs(folder, &system) == 0 { facts.freeDisk = Int(system.f_bavail) * Int(system.f_frsize) }
        var isFolder: ObjCBool = false
        _ = files.fileExists(atPath: folder, isDirectory: &isFolder)
        if !isFolder.boolValue {
            facts.dataDirectoryIsWritable = .failed("\(folder) is not a directory")
        } else if access(folder, W_OK | X_OK) != 0 {
            facts.dataDirectoryIsWritable = .failed("\(folder): \(String(cString: strerror(errno)))")
        } else {
            facts.dataDirectoryIsWritable = .worked
        }
    }

    private func text(_ path: String) -> String? {
        files.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
}
