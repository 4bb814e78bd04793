import ArgumentParser
import ControlPlane
import Foundation
import Reports

/// `clary status`: what the server is, has and does.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the running server, its resources and its instances.",
        discussion: """
            Tells where the server listens, its process, its data directory and disk, how many jobs and endpoints there \
            are, and which instances hold how much of the machine. Counts are of every account and region. Exits with 1 \
            if no server runs on the data directory.

            An instance may use up to its LIMIT; what it HOLDS of the machine is less, so that at least four instances \
            of any type fit. Only a lack of what can be held makes jobs wait.

            Examples:
              clary status
              clary status --json | jq .server.url
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Flag(help: "Print a JSON document.")
    var json = false

    func run() async throws {
        let overview = try await ServerClient(dataDirectory).overview()
        if json { return try Screen.showJSON(overview) }
        Screen.show(facts(overview))
        show(overview.kept ?? [])
        guard !overview.instances.isEmpty else { return }
        var table = Table([
            .init("INSTANCE", least: 16), .init("TYPE"), .init("OF", least: 12, hiding: 1),
            .init("LIMIT", hiding: 2), .init("HOLDS", hiding: 3), .init("GPUS", hiding: 4),
        ])
        for instance in overview.instances {
            table.add([
                instance.id, instance.instanceType,
                instance.owner.split(separator: ":").last.map(String.init) ?? "",
                Self.text(instance.limit), Self.text(instance.reservation),
                instance.gpus.map(String.init).joined(separator: ","),
            ])
        }
        print()
        Screen.show(table)
    }

    private func show(_ kept: [PlatformOverview.Kept]) {
        guard !kept.isEmpty else { return }
        var table = Table([
            .init("KEPT", least: 16), .init("INSTANCE"), .init("REGION", hiding: 1), .init("UNTIL"),
            .init("ENTER WITH"),
        ])
        for instance in kept {
            table.add([
                instance.name, instance.host, instance.region, Screen.time(instance.until),
                "clary shell \(instance.name)"
                    + (instance.host == "algo-1" ? "" : " --host \(instance.host)"),
            ])
        }
        print()
        Screen.show(table)
    }

    private func facts(_ overview: PlatformOverview) -> Table {
        let (server, machine, resources) = (overview.server, overview.machine, overview.resources)
        var table = Table([.init(""), .init("", least: 20)])
        let worker = server.workerPid.flatMap { $0 == server.pid ? nil : " (worker \($0))" } ?? ""
        let ending = server.isShuttingDown ? ", shutting down" : ""
        table.add([
            "Server",
            "Clary \(server.version) at \(server.url), process \(server.pid)\(worker), up "
                + Units.duration(server.uptimeSeconds) + ending,
        ])
        if let fingerprint = server.authorityFingerprint { table.add(["CA fingerprint", fingerprint]) }
        let used = (overview.disk.isAtLeast ? "at least " : "") + Units.bytes(overview.disk.usedBytes)
        table.add([
            "Data", "\(server.dataDirectory): \(used) used, \(Units.bytes(overview.disk.freeBytes)) free",
        ])
        for (path, free) in (overview.disk.freeElsewhere ?? [:]).sorted(by: { $0.key < $1.key }) {
            table.add(["Buckets", "\(path): \(Units.bytes(free)) free"])
        }
        if let damaged = overview.damagedObjects, let first = damaged.first {
            let others = damaged.count > 1 ? " and \(damaged.count - 1) more" : ""
            table.add(["DAMAGED", "\(first)\(others): the disk gives back other bytes; see clary scrub"])
        }
        table.add([
            "Machine",
            Units.count(machine.cpus, "CPU") + ", " + Units.bytes(machine.memoryBytes)
                + (machine.gpus > 0 ? ", " + Units.count(machine.gpus, "GPU") : ""),
        ])
        table.add([
            "Held",
            "\(Units.number(machine.reservedCPUs)) CPU\(machine.reservedCPUs == 1 ? "" : "s"), "
                + Units.bytes(machine.reservedMemoryBytes)
                + (machine.gpus > 0 ? ", " + Units.count(machine.reservedGPUs, "GPU") : "") + " by "
                + Units.count(overview.instances.count, "instance"),
        ])
        table.add(["Training jobs", Self.text(resources.trainingJobs)])
        table.add(["Endpoints", Self.text(resources.endpoints)])
        table.add([
            "Models",
            "\(resources.models), and \(Units.count(resources.endpointConfigs, "endpoint configuration"))",
        ])
        table.add(["Account", server.account])
        return table
    }

    private static func text(_ census: [String: Int]) -> String {
        guard !census.isEmpty else { return "none" }
        return census.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    private static func text(_ share: PlatformOverview.Share?) -> String {
        share.map { "\(Units.number($0.cpus)) CPU, \(Units.bytes($0.memoryBytes))" } ?? ""
    }
}
