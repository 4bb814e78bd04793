import Environments
import Foundation
import Images
import Synchronization
import Testing

/// Two stores on one directory are two servers that share it.
@Suite struct EnvironmentLeaseTests {
    @Test func `no server removes what another one uses, and it says who that is`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let (ours, theirs) = (
            try stage.store(EnvironmentStage.obedient), try stage.store(EnvironmentStage.obedient)
        )
        var environment: PythonEnvironment? = try await ours.environment(
            for: stage.image(EnvironmentStage.scikitLearn),
            user: "training job a"
        ) { _ in }
        let id = try #require(environment?.recipe.id)
        let process = ProcessInfo.processInfo.processIdentifier
        let users = ["training job a (of the server with process \(process))"]
        #expect(try await theirs.remove(id) == .used(by: users))
        #expect(try await ours.remove(id) == .used(by: users))
        #expect(environment.map { FileManager.default.fileExists(atPath: $0.path) } == true)
        environment = nil
        #expect(try await theirs.remove(id) == .removed)
        #expect(try await ours.remove(id) == .absent)
        #expect(stage.entries == ["leases", "locks"])
    }

    @Test func `an agent keeps an environment without its server, until it is killed`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let store = try stage.store(EnvironmentStage.obedient)
        var environment: PythonEnvironment? = try await store.environment(
            for: stage.image(EnvironmentStage.scikitLearn),
            user: "training job a"
        ) { _ in }
        let id = try #require(environment?.recipe.id)
        let agent = Process()
        agent.executableURL = URL(filePath: "/usr/bin/flock")
        agent.arguments = [
            "--shared", "--no-fork", try #require(environment?.lease?.path), "sh", "-c",
            "echo held; exec sleep 1000",
        ]
        let output = Pipe()
        agent.standardOutput = output
        try agent.run()
        #expect(output.fileHandleForReading.availableData == Data("held\n".utf8))
        environment = nil
        guard case .used(let users) = try await store.remove(id) else {
            Issue.record("it was removed below the agent")
            return
        }
        #expect(users.count == 1)
        kill(agent.processIdentifier, SIGKILL)
        agent.waitUntilExit()
        #expect(try await store.remove(id) == .removed)
        // Nothing is left of the use either.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(stage.directory)/leases/\(id)").isEmpty
        )
    }

    @Test func `jobs that come while environments are removed always find theirs`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let (ours, theirs) = (
            try stage.store(EnvironmentStage.obedient), try stage.store(EnvironmentStage.obedient)
        )
        let image = try stage.image(EnvironmentStage.scikitLearn)
        let isOver = Flag()
        async let first: Void = use(ours, image, until: isOver)
        async let second: Void = use(ours, image, until: isOver)
        try await remove(5, of: theirs)
        isOver.raise()
        _ = try await (first, second)
        await ours.close()
        await theirs.close()
    }

    private func use(_ store: EnvironmentStore, _ image: FrameworkImage, until isOver: Flag) async throws {
        while !isOver.isRaised {
            let environment = try await store.environment(for: image, user: "a job") { _ in }
            for _ in 0..<20 {
                #expect(access("\(environment.path)/clary-environment.json", F_OK) == 0)
                await Task.yield()
            }
            withExtendedLifetime(environment) {}
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)

        var isRaised: Bool { state.withLock(\.self) }

        func raise() { state.withLock { $0 = true } }
    }

    private func remove(_ count: Int, of store: EnvironmentStore) async throws {
        var left = count
        while left > 0 {
            for listing in await store.list() where try await store.remove(listing.id) == .removed {
                left -= 1
            }
            await Task.yield()
        }
    }
}
