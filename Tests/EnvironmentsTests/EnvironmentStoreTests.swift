import Environments
import Foundation
import Images
import Logging
import Synchronization
import Testing

/// uv in these tests is a shell script that makes what uv would make: what is tested is what the store does about it.
@Suite struct EnvironmentStoreTests {
    private let folder = URL.temporaryDirectory.appending(path: "clary-\(UUID().uuidString)").path()

    private func store(_ script: String) throws -> EnvironmentStore {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let uv = "\(folder)/uv"
        try "#!/bin/sh\necho \"$*\" >> \(folder)/calls\n\(script)\n".write(
            toFile: uv,
            atomically: true,
            encoding: .utf8
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: uv)
        let version = try #require(ReleaseVersion("3.11"))
        return EnvironmentStore(
            directory: "\(folder)/environments",
            installer: PackageInstaller(
                program: uv,
                indexes: PackageIndexes(environment: [:], files: []),
                environment: ["PATH": "/usr/bin:/bin"]
            ),
            machine: {
                // Any program that is there does for an interpreter.
                HostMachine(
                    interpreters: [.init(version: version, path: "/bin/sh")],
                    processor: "x86_64",
                    hasGPU: false,
                    wheels: []
                )
            },
            logger: Logger(label: "test")
        )
    }

    /// Does what `uv pip compile` and `uv venv` leave behind.
    private static let obedient = #"""
        case "$1 $2" in
          "pip compile") for last; do :; done; echo "scikit-learn==1.2.1" > "$last" ;;
          "venv -q") for last; do :; done; mkdir -p "$last/bin" "$last/lib"; ln -s /bin/true "$last/bin/python" ;;
        esac
        """#

    private func image(_ uri: String) throws -> FrameworkImage {
        guard case .framework(let image) = ImageCatalogue.entry(for: ImageReference(uri)) else {
            throw ImageRefusal(uri)
        }
        return image
    }

    private var calls: [String] {
        ((try? String(contentsOfFile: "\(folder)/calls", encoding: .utf8)) ?? "").split(separator: "\n").map(
            String.init
        )
    }

    @Test func `an environment is built once, from a lock that stays`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try store(Self.obedient)
        let image = try image("sagemaker-scikit-learn:1.2-1-cpu-py3")
        let heard = Mutex<[String]>([])
        async let first = store.environment(for: image) { words in heard.withLock { $0.append(words) } }
        async let second = store.environment(for: image) { _ in }
        let environment = try await first
        #expect(try await second == environment)
        #expect(heard.withLock { $0 }.last?.contains("scikit-learn 1.2.1") == true)
        #expect(calls.map { String($0.split(separator: " -")[0]) } == ["pip compile", "venv", "pip sync"])
        #expect(await store.list().map(\.id) == [environment.recipe.id])
        #expect(try await store.remove(environment.recipe.id))
        #expect(await store.list().isEmpty)
        _ = try await store.environment(for: image) { _ in }
        #expect(calls.count == 5, "the lock is still there: \(calls)")
    }

    @Test func `what cannot be had says so in uv's words and leaves nothing`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try store("echo '  × No solution found: scikit-learn==1.2.1 was not found' >&2; exit 1")
        let image = try image("sagemaker-scikit-learn:1.2-1-cpu-py3")
        let error = await #expect(throws: EnvironmentError.self) {
            try await store.environment(for: image) { _ in }
        }
        #expect(
            error.map { "\($0)" }?.contains("No solution found: scikit-learn==1.2.1 was not found") == true
        )
        let left = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/environments")
        #expect(left == ["locks"])
    }

    @Test func `the next recipe is tried where packages cannot be had`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try store("case \"$*\" in *torch-backend*) exit 1;; esac\n" + Self.obedient)
        let environment = try await store.environment(for: image("pytorch-training:2.3.0-cpu-py311")) { _ in }
        #expect(!environment.recipe.usesProcessorIndex)
        #expect(calls.count == 4)
        // Another job takes what is there, and does not ask again for what could not be had.
        #expect(
            try await store.environment(for: image("pytorch-training:2.3.0-cpu-py311")) { _ in }
                == environment
        )
        #expect(calls.count == 4)
    }

    @Test func `without uv the reason says how to get it`() async throws {
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
            try await store.environment(for: image("sagemaker-scikit-learn:1.2-1-cpu-py3")) { _ in }
        }
    }
}

@Suite struct RuntimeProgramsTests {
    @Test func `the programs are those of the Python package`() throws {
        let folder = URL.temporaryDirectory.appending(path: "clary-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = try RuntimePrograms.install(in: folder)
        #expect(try RuntimePrograms.install(in: folder) == place)
        let source = #filePath.components(separatedBy: "/Tests/")[0] + "/Python/clary_runtime"
        let there = FileManager.default.enumerator(atPath: source)?.compactMap { $0 as? String } ?? []
        let programs = there.filter { $0.hasSuffix(".py") && !$0.hasSuffix("parquet.py") }
        #expect(programs.count > 10)
        for path in programs {
            let own = try String(contentsOfFile: "\(place)/\(path)", encoding: .utf8)
            let theirs = try String(contentsOfFile: "\(source)/\(path)", encoding: .utf8)
            #expect(own == theirs || own + "\n" == theirs, "run `make generate`: \(path) differs")
        }
    }
}
