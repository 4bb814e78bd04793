import Environments
import Foundation
import Images
import Logging
import Synchronization
import Testing

@Suite struct EnvironmentStoreTests {
    @Test func `an environment is built once, from a lock that stays`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let store = try stage.store(EnvironmentStage.obedient)
        let image = try stage.image("sagemaker-scikit-learn:1.2-1-cpu-py3")
        let heard = Mutex<[String]>([])
        let id = try await built(store, image) { words in heard.withLock { $0.append(words) } }
        #expect(heard.withLock { $0 }.last?.contains("scikit-learn 1.2.1") == true)
        #expect(
            stage.calls.map { String($0.split(separator: " -")[0]) } == ["pip compile", "venv", "pip sync"]
        )
        #expect(await store.list().map(\.id) == [id])
        #expect(try await store.remove(id) == .removed)
        #expect(await store.list().isEmpty)
        _ = try await store.environment(for: image, user: "a test") { _ in }
        #expect(stage.calls.count == 5, "the lock is still there: \(stage.calls)")
    }

    /// Two jobs want it at once; both have ended on return.
    private func built(
        _ store: EnvironmentStore,
        _ image: FrameworkImage,
        note: @escaping @Sendable (String) async -> Void
    ) async throws -> String {
        async let first = store.environment(for: image, user: "a test", note: note)
        async let second = store.environment(for: image, user: "a test") { _ in }
        let environment = try await first
        #expect(try await second.path == environment.path)
        return environment.recipe.id
    }

    @Test func `what cannot be had says so in uv's words and leaves nothing`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let store = try stage.store(
            "echo '  × No solution found: scikit-learn==1.2.1 was not found' >&2; exit 1"
        )
        let image = try stage.image("sagemaker-scikit-learn:1.2-1-cpu-py3")
        let error = await #expect(throws: EnvironmentError.self) {
            try await store.environment(for: image, user: "a test") { _ in }
        }
        #expect(
            error.map { "\($0)" }?.contains("No solution found: scikit-learn==1.2.1 was not found") == true
        )
        #expect(stage.entries == ["leases", "locks"])
    }

    @Test func `the next recipe is tried where packages cannot be had`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let store = try stage.store(
            "case \"$*\" in *torch-backend*) exit 1;; esac\n" + EnvironmentStage.obedient
        )
        let environment = try await store.environment(
            for: stage.image("pytorch-training:2.3.0-cpu-py311"),
            user: "a test"
        ) { _ in }
        #expect(!environment.recipe.usesProcessorIndex)
        #expect(stage.calls.count == 4)
        // Another job takes what is there, and does not ask again for what could not be had.
        #expect(
            try await store.environment(for: stage.image("pytorch-training:2.3.0-cpu-py311"), user: "a test")
            { _ in }
            .path == environment.path
        )
        #expect(stage.calls.count == 4)
    }

    @Test func `without uv the reason says how to get it`() async throws {
        let stage = EnvironmentStage()
        let store = EnvironmentStore(
            directory: "/nonexistent",
            installer: nil,
            machine: {
                HostMachine(
                    interpreters: [ReleaseVersion("3.11")].compactMap(\.self).map {
                        .init(version: $0, path: "/bin/sh")
                    },
                    processor: "x86_64",
                    hasGPU: false,
                    wheels: []
                )
            },
            logger: Logger(label: "test")
        )
        await #expect(throws: EnvironmentError.noInstaller) {
            try await store.environment(
                for: stage.image("sagemaker-scikit-learn:1.2-1-cpu-py3"),
                user: "a test"
            ) { _ in }
        }
    }
}
