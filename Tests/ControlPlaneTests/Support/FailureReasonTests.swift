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
            isBuiltIn: isBuiltIn,
            log: LogTarget(group: "/jobs", stream: "demo/algo-1", metricsOf: "demo")
        )
    }

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
        let expected = "AlgorithmError: no such column, exit code: 1"
        #expect(verdict(failure: "no such column", lines: ["noise"]) == .failed(expected))
    }

    @Test func `without a failure file the last five lines speak`() {
        let lines = (1...7).map { "line \($0)" }
        let tail = "line 3\nline 4\nline 5\nline 6\nline 7"
        #expect(verdict(lines: lines) == .failed("AlgorithmError: \(tail), exit code: 1. \(pointer)"))
    }

    @Test func `a container that says nothing and is killed leaves the signal's name`() {
        let expected = "AlgorithmError: The container wrote nothing, ended by signal 9 (SIGKILL). \(pointer)"
        #expect(verdict(code: nil, signal: 9) == .failed(expected))
    }

    @Test(arguments: [(1, "AlgorithmError"), (2, "ClientError"), (3, "InternalServerError")])
    func `exit codes of built-in algorithms say who is to blame`(code: Int, blame: String) {
        let expected = "\(blame): bad data, exit code: \(code)"
        #expect(
            verdict(code: code, failure: "Customer Error: bad data", isBuiltIn: true) == .failed(expected)
        )
        let own = "AlgorithmError: bad data, exit code: \(code)"
        #expect(verdict(code: code, failure: "bad data") == .failed(own))
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
