package import AgentProtocol
package import Resources

/// Words for why a container's end fails a job, for the person who reads `FailureReason`.
package enum FailureReason {
    /// What a container's end means.
    ///
    /// - Parameters:
    ///   - exit: How it ended.
    ///   - host: Named where the job has several instances.
    ///   - isIsolated: Whether the job has `EnableNetworkIsolation`.
    ///   - isBuiltIn: Whether the exit codes are those of the built-in algorithms (1 algorithm, 2 customer,
    ///     3 platform; common contract, section 1).
    ///   - log: Group and stream to read on.
    /// - Returns: A failure's text is the `FailureReason`.
    package static func verdict(
        of exit: ContainerExit,
        host: String?,
        isIsolated: Bool,
        isBuiltIn: Bool,
        log: LogTarget
    ) -> HostVerdict {
        switch exit.cause {
        case .stopRequested, .peerFailed: return .stopped
        case .maxRuntime: return .maxRuntimeExceeded
        case .itself where exit.code == 0: return .succeeded
        case .itself, .outOfMemory, .outOfDisk, .tooManyProcesses: break
        }
        let work = FailureHint.Work.training(isIsolated: isIsolated, hasPeers: host != nil)
        return .failed(text(of: exit, host: host, work: work, isBuiltIn: isBuiltIn, log: log))
    }

    private static func text(
        of exit: ContainerExit,
        host: String?,
        work: FailureHint.Work,
        isBuiltIn: Bool,
        log: LogTarget
    ) -> String {
        let place = host.map { "\($0): " } ?? ""
        let blame = prefix(of: exit, isBuiltIn: isBuiltIn)
        let ending =
            exit.signal.map { "ended by signal \($0)\(signalName($0))" } ?? "exit code: \(exit.code ?? -1)"
        if let limit = brokenLimit(exit.cause) { return "\(blame): \(place)\(limit) \(pointer(to: log))" }
        let advice = [FailureHint.sentence(for: exit, of: work), pointer(to: log)].compactMap(\.self)
            .joined(
                separator: " "
            )
        let (head, rest) = ("\(blame): \(place)", ", \(ending). \(advice)")
        let room = max(0, longest - head.count - rest.count)
        if let failure = exit.failureText, !failure.isEmpty, exit.lastLines.isEmpty || !isDriversOwn(failure)
        {
            return head + withoutPrefix(failure).asClause.prefix(room) + rest
        }
        let tail = exit.lastLines.suffix(5).joined(separator: "\n").asClause
        // The end of a log tells more than its beginning.
        return head + (tail.isEmpty ? "The container wrote nothing" : tail).suffix(room) + rest
    }

    /// A reason with a piece of advice behind it, in the room that there is.
    ///
    /// Where it is too long the middle goes: its beginning says who is to blame, and its end where to read on.
    package static func complete(_ reason: String, with advice: String?) -> String {
        guard let advice else { return String(reason.prefix(longest)) }
        let reason = reason.asSentence
        let room = longest - advice.count - 1
        // Behind lines of a log it has a line of its own.
        let space = reason.contains("\n") ? "\n" : " "
        guard reason.count > room else { return "\(reason)\(space)\(advice)" }
        let half = (room - 1) / 2
        return "\(reason.prefix(half))…\(reason.suffix(half))\(space)\(advice)"
    }

    /// Characters that the API's field has room for.
    private static let longest = 1024

    /// What a limit of the instance means for the one who broke it.
    private static func brokenLimit(_ cause: ContainerExit.Cause) -> String? {
        switch cause {
        case .outOfMemory:
            """
            Out of memory: the container used all the memory of its instance and was stopped. Use a larger instance type \
            or less data.
            """
        case .outOfDisk:
            """
            Out of disk: the container wrote more than its volume holds and was stopped. Ask for a larger \
            VolumeSizeInGB or write less.
            """
        case .tooManyProcesses:
            """
            Too many processes: the container had more processes than an instance may have and was stopped. Look for a \
            loop that starts processes.
            """
        case .itself, .stopRequested, .maxRuntime, .peerFailed: nil
        }
    }

    private static func prefix(of exit: ContainerExit, isBuiltIn: Bool) -> String {
        guard isBuiltIn, exit.cause == .itself else { return "AlgorithmError" }
        return switch exit.code {
        case 2: "ClientError"
        case 3: "InternalServerError"
        default: "AlgorithmError"
        }
    }

    /// Failure files of the built-in containers begin with their own name for the blame; it is said once.
    private static func withoutPrefix(_ text: String) -> String {
        for prefix in [
            "Customer Error: ", "Algorithm Error: ", "Platform Error: ", "ClientError: ", "AlgorithmError: ",
        ] where text.hasPrefix(prefix) {
            return String(text.dropFirst(prefix.count))
        }
        return text
    }

    /// Whether a failure file says no more than that the script failed, as the drivers of the SageMaker SDK 3.x write it.
    private static func isDriversOwn(_ failure: String) -> Bool {
        failure.hasPrefix("Training Execution failed. For more details, see CloudWatch logs")
            || failure.contains("/opt/ml/input/data/sm_drivers/")
                && failure.contains("\nsubprocess.CalledProcessError: Command ")
    }

    private static func pointer(to log: LogTarget) -> String {
        "See the log group \(log.group), stream \(log.stream)."
    }

    private static func signalName(_ signal: Int) -> String {
        switch signal {
        case 6: " (SIGABRT)"
        case 9: " (SIGKILL)"
        case 11: " (SIGSEGV)"
        case 15: " (SIGTERM)"
        default: ""
        }
    }
}
