package import AgentProtocol

/// The last line of a training job's log where the job did not end by itself.
package enum StopNote {
    /// Words for the log.
    ///
    /// - Parameters:
    ///   - cause: Why the container ended, or never ran.
    ///   - maxRuntimeSeconds: What the job was given.
    ///   - hasRun: Whether there was a container.
    /// - Returns: `nil` for an end that the container's own lines or the `FailureReason` explain.
    package static func text(for cause: ContainerExit.Cause, maxRuntimeSeconds: Int?, hasRun: Bool) -> String?
    {
        let moment = hasRun ? "." : " before the container ran."
        switch cause {
        case .stopRequested: return "The job was stopped by request\(moment)"
        case .peerFailed:
            return "This instance was stopped because another one of the job had failed\(moment)"
        case .maxRuntime:
            return maxRuntimeSeconds.map {
                """
                The job was stopped because its MaxRuntimeInSeconds (\($0)) was over. Give it more, or save \
                checkpoints (CheckpointConfig) and go on from them.
                """
            }
        case .itself, .outOfMemory, .outOfDisk, .tooManyProcesses: return nil
        }
    }
}
