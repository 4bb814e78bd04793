import ControlPlane
import Environments
import Foundation
import Images
import Logging
import Store
import Testing

@Suite struct EnvironmentSweeperTests {
    @Test func `marks of uses that nobody holds go, and those of others stay`() async throws {
        let folder = URL.temporaryDirectory.appending(path: "clary-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let leases = "\(folder)/environments/leases/sklearn-1"
        try FileManager.default.createDirectory(atPath: leases, withIntermediateDirectories: true)
        for name in ["killed", "held"] { try Data().write(to: URL(filePath: "\(leases)/\(name)")) }
        let lock = open("\(leases)/held", O_RDONLY | O_CLOEXEC)
        defer { close(lock) }
        #expect(flock(lock, LOCK_SH) == 0)
        let environments = EnvironmentStore(
            directory: "\(folder)/environments",
            installer: nil,
            machine: { .init(interpreters: [], processor: "x86_64", hasGPU: false, wheels: []) },
            logger: Logger(label: "test")
        )
        let sweeper = EnvironmentSweeper(
            environments: environments,
            images: ImagesAPI(
                environments: environments,
                runtimes: ContainerRuntimes(engine: nil),
                database: try StateDatabase(file: "\(folder)/state.sqlite")
            ),
            packages: "\(folder)/packages",
            logger: Logger(label: "test")
        )
        await sweeper.sweep(before: .now)
        #expect(try FileManager.default.contentsOfDirectory(atPath: leases) == ["held"])
    }
}
