import Environments
import Foundation
import Images
import Testing

@Suite struct EnvironmentBuildTests {
    /// Hangs with a child, as uv does that builds a package; says so in a file.
    private static let hanging = #"""
        sleep 1000 &
        echo "$$ $!" > "$(dirname "$0")/hangs"
        wait
        """#

    /// For what takes a moment, on a machine that has much else to do.
    private static let longest = Duration.seconds(60)

    /// The processes of the hanging uv, once it hangs.
    private func processes(_ stage: EnvironmentStage) async throws -> [pid_t] {
        let deadline = ContinuousClock.now + Self.longest
        while .now < deadline {
            let words = (try? String(contentsOfFile: "\(stage.folder)/hangs", encoding: .utf8)) ?? ""
            if words.hasSuffix("\n") {
                return words.split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("uv was not started")
        return []
    }

    private func expectEnd(of processes: [pid_t]) async throws {
        #expect(processes.count == 2)
        // The child is init's to reap.
        let deadline = ContinuousClock.now + Self.longest
        for process in processes {
            while isRunning(process), .now < deadline { try await Task.sleep(for: .milliseconds(5)) }
            #expect(!isRunning(process))
        }
    }

    private func isRunning(_ process: pid_t) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
            return false
        }
        return !line.contains(") Z ")
    }

    @Test func `a uv that does nothing is ended, and the reason names whom it asked`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let store = try stage.store(Self.hanging, patience: .seconds(1))
        let error = await #expect(throws: EnvironmentError.self) {
            try await store.environment(for: stage.image(EnvironmentStage.scikitLearn), user: "a test") { _ in
            }
        }
        let words = error.map { "\($0)" } ?? ""
        #expect(
            words.contains("uv did nothing for 1 second and was ended; it waited for an answer of pypi.org.")
        )
        try await expectEnd(of: processes(stage))
        #expect(stage.entries == ["leases", "locks"])
    }

    @Test(arguments: ["echo .", "echo . >> $HOME/file", "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done"])
    func `a uv that prints, writes or computes is left to work`(work: String) async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let slow = """
            HOME=$(dirname "$0")
            if [ "$1 $2" = "pip compile" ]; then
              for n in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 0.3; \(work); done
            fi

            """
        let store = try stage.store(slow + EnvironmentStage.obedient, patience: .seconds(3))
        let environment = try await store.environment(
            for: stage.image(EnvironmentStage.scikitLearn),
            user: "a test"
        ) { _ in }
        #expect(environment.recipe.version == "1.2.1")
        await store.close()
    }

    /// Its output is no sign of its end: it has none, and runs on.
    @Test(.timeLimit(.minutes(2)), arguments: [true, false])
    func `a uv that has closed its output is ended as well`(byPatience: Bool) async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let store = try stage.store(
            "exec >&- 2>&-\n\(Self.hanging)",
            patience: byPatience ? .seconds(1) : .seconds(600)
        )
        let image = try stage.image(EnvironmentStage.scikitLearn)
        let job = Task { _ = try await store.environment(for: image, user: "a test") { _ in } }
        let hanging = try await processes(stage)
        if byPatience {
            await #expect(throws: EnvironmentError.self) { try await job.value }
        } else {
            // Time for the output's end to be read.
            try await Task.sleep(for: .milliseconds(200))
            await store.close()
            await #expect(throws: EnvironmentError.closed) { try await job.value }
        }
        try await expectEnd(of: hanging)
    }

    /// One that computes a little is stuck all the same: what counts is the time from one look to the next.
    @Test(.timeLimit(.minutes(1)))
    func `a uv whose timers fire for ever does nothing`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        // Waits without a child, which would be something new: nobody writes into the pipe.
        let ticking = """
            mkfifo "$0-pipe"
            exec 3<> "$0-pipe"
            exec bash -c 'while true; do for i in {1..10000}; do ((x += i)); done; read -t 0.2 -u 3 word; done'
            """
        let store = try stage.store(ticking, patience: .seconds(4))
        let image = try stage.image(EnvironmentStage.scikitLearn)
        let error = await #expect(throws: EnvironmentError.self) {
            try await store.environment(for: image, user: "a test") { _ in }
        }
        #expect(error.map { "\($0)".contains("did nothing for 4 seconds") } == true)
    }

    @Test func `a build ends with the server, its processes too`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let store = try stage.store(Self.hanging)
        let image = try stage.image(EnvironmentStage.scikitLearn)
        let job = Task { _ = try await store.environment(for: image, user: "a test") { _ in } }
        let hanging = try await processes(stage)
        await store.close()
        await #expect(throws: EnvironmentError.closed) { try await job.value }
        try await expectEnd(of: hanging)
        #expect(stage.entries == ["leases", "locks"])
        await #expect(throws: EnvironmentError.closed) {
            try await store.environment(for: image, user: "a test") { _ in }
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a build ends with the last job that waits for it, not before`() async throws {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let store = try stage.store(Self.hanging)
        let image = try stage.image(EnvironmentStage.scikitLearn)
        let (notes, noting) = AsyncStream.makeStream(of: String.self)
        let jobs = (0..<2).map { _ in
            Task {
                _ = try await store.environment(for: image, user: "a test") { noting.yield($0) }
            }
        }
        for await note in notes where note.hasPrefix("Waiting") { break }
        let hanging = try await processes(stage)
        jobs[0].cancel()
        // It is over at once, while the other one waits on.
        await #expect(throws: CancellationError.self) { try await jobs[0].value }
        #expect(hanging.allSatisfy(isRunning))
        jobs[1].cancel()
        await #expect(throws: CancellationError.self) { try await jobs[1].value }
        try await expectEnd(of: hanging)
        #expect(stage.calls.count == 1)
        await store.close()
    }

    @Test func `what a killed server left half built goes at the next start, and nothing else`() async throws
    {
        let stage = EnvironmentStage()
        defer { stage.clear() }
        let draft = "\(stage.directory)/.draft-sklearn-1-7"
        try FileManager.default.createDirectory(
            atPath: "\(draft)/environment",
            withIntermediateDirectories: true
        )
        let (ours, theirs) = (try stage.store(Self.hanging), try stage.store(Self.hanging))
        let image = try stage.image(EnvironmentStage.scikitLearn)
        let job = Task { _ = try await theirs.environment(for: image, user: "a test") { _ in } }
        _ = try await processes(stage)
        let before = stage.entries
        #expect(before.filter { $0.hasPrefix(".draft-") }.count == 2)
        try await ours.clear()
        #expect(stage.entries == before.filter { $0 != ".draft-sklearn-1-7" })
        await theirs.close()
        await #expect(throws: EnvironmentError.closed) { try await job.value }
    }
}
