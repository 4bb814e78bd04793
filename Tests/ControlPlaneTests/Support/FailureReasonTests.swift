import AgentProtocol
import ControlPlane
import Resources
import Testing

@Suite struct FailureReasonTests {
    private func verdict(
        code: Int? = 1,
        signal: Int? = nil,
        failure: String? = nil,
        lines: [String] = [],
        cause: ContainerExit.Cause = .itself,
        host: String? = nil,
        isBuiltIn: Bool = false
    ) -> HostVerdict {
        FailureReason.verdict(
            of: ContainerExit(
                code: code,
                signal: signal,
                failureText: failure,
                lastLines: lines,
                cause: cause
            ),
            host: host,
            isIsolated: false,
            isBuiltIn: isBuiltIn,
            log: LogTarget(group: "/jobs", stream: "demo/algo-1", metricsOf: "demo")
        )
    }

    private let killed =
        "Something killed it: most often this machine had no memory left (see `dmesg`)."
    private let pointer = "See the log group /jobs, stream demo/algo-1."

    @Test(arguments: [
        (ContainerExit.Cause.itself, 0, HostVerdict.succeeded),
        (.stopRequested, 143, .stopped),
        (.peerFailed, 0, .stopped),
        (.maxRuntime, 137, .maxRuntimeExceeded),
    ])
    func `an end that was asked for or clean is no failure`(
        cause: ContainerExit.Cause,
        code: Int,
        expected: HostVerdict
    ) {
        #expect(verdict(code: code, cause: cause) == expected)
    }

    @Test func `the failure file comes before the log`() {
        let expected = "AlgorithmError: no such column, exit code: 1. \(pointer)"
        #expect(verdict(failure: "no such column", lines: ["noise"]) == .failed(expected))
    }

    @Test(arguments: ["no such column.", "no such column. \n\n", "no such column"])
    func `words that end a sentence do not end it before the exit code`(words: String) {
        let expected = HostVerdict.failed("AlgorithmError: no such column, exit code: 1. \(pointer)")
        #expect(verdict(failure: words) == expected)
        #expect(verdict(lines: [words]) == expected)
    }

    @Test func `advice follows a sentence`() {
        #expect(FailureReason.complete("It broke", with: "Mend it.") == "It broke. Mend it.")
        #expect(FailureReason.complete("It broke.", with: "Mend it.") == "It broke. Mend it.")
        #expect(FailureReason.complete("It broke", with: nil) == "It broke")
    }

    @Test(arguments: [
        """
        Traceback (most recent call last):
          File "/opt/ml/input/data/sm_drivers/common/utils.py", line 193, in execute_commands
            raise subprocess.CalledProcessError(exitcode, commands)
        subprocess.CalledProcessError: Command '['python', 'train.py']' returned non-zero exit status 1.
        """,
        "Training Execution failed. For more details, see CloudWatch logs at 'aws/sagemaker/TrainingJobs'.",
    ])
    func `a driver's failure file that says nothing of the script comes after the log`(file: String) {
        let expected = "AlgorithmError: ValueError: bad, exit code: 1. \(pointer)"
        #expect(verdict(failure: file, lines: ["ValueError: bad"]) == .failed(expected))
        guard case .failed(let reason) = verdict(failure: file) else {
            Issue.record("it did not fail")
            return
        }
        #expect(reason.contains(file.prefix(30)))
    }

    @Test func `without a failure file the last five lines speak`() {
        let lines = (1...7).map { "line \($0)" }
        let tail = "line 3\nline 4\nline 5\nline 6\nline 7"
        #expect(verdict(lines: lines) == .failed("AlgorithmError: \(tail), exit code: 1. \(pointer)"))
    }

    @Test func `a container that says nothing and is killed leaves the signal's name`() {
        let expected =
            "AlgorithmError: The container wrote nothing, ended by signal 9 (SIGKILL). \(killed) \(pointer)"
        #expect(verdict(code: nil, signal: 9) == .failed(expected))
    }

    @Test(arguments: [(1, "AlgorithmError"), (2, "ClientError"), (3, "InternalServerError")])
    func `exit codes of built-in algorithms say who is to blame`(code: Int, blame: String) {
        let expected = "\(blame): bad data, exit code: \(code). \(pointer)"
        #expect(
            verdict(code: code, failure: "Customer Error: bad data", isBuiltIn: true) == .failed(expected)
        )
        let own = "AlgorithmError: bad data, exit code: \(code). \(pointer)"
        #expect(verdict(code: code, failure: "bad data") == .failed(own))
    }

    @Test func `a long log leaves room for the ending, the hint and the pointer`() throws {
        let line = String(repeating: "x", count: 900)
        guard case .failed(let text) = verdict(code: 127, lines: [line, line, "sh: nothing: not found"])
        else {
            Issue.record("it did not fail")
            return
        }
        #expect(text.count == 1024)
        #expect(text.contains("sh: nothing: not found, exit code: 127. The command 'nothing' was not found"))
        #expect(text.hasSuffix(pointer))
    }

    @Test(arguments: [
        (139, "Native code crashed"), (137, "killed it"), (126, "chmod +x"), (1, nil), (130, nil),
    ])
    func `some exit codes speak for themselves`(code: Int, hint: String?) {
        let exit = ContainerExit(code: code, signal: nil, failureText: nil, lastLines: ["?"], cause: .itself)
        let sentence = FailureHint.sentence(for: exit, of: .training(isIsolated: false, hasPeers: false))
        #expect(hint.map { sentence?.contains($0) == true } ?? (sentence == nil))
    }

    @Test func `too little memory is said in words, with the host where there are several`() throws {
        guard case .failed(let text) = verdict(cause: .outOfMemory, host: "algo-2") else {
            Issue.record("it did not fail")
            return
        }
        #expect(text.hasPrefix("AlgorithmError: algo-2: Out of memory: "))
        #expect(text.hasSuffix(pointer))
    }
}
