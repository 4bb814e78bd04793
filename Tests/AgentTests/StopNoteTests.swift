import Agent
import AgentProtocol
import Testing

@Suite struct StopNoteTests {
    @Test(arguments: [
        (ContainerExit.Cause.stopRequested, true, "The job was stopped by request."),
        (.stopRequested, false, "The job was stopped by request before the container ran."),
        (.peerFailed, true, "This instance was stopped because another one of the job had failed."),
    ])
    func `a log says why its job did not end by itself`(
        cause: ContainerExit.Cause,
        hasRun: Bool,
        words: String
    ) {
        #expect(StopNote.text(for: cause, maxRuntimeSeconds: nil, hasRun: hasRun) == words)
    }

    @Test(arguments: [ContainerExit.Cause.itself, .outOfMemory, .outOfDisk, .tooManyProcesses])
    func `an end that has its own words gets no others`(cause: ContainerExit.Cause) {
        #expect(StopNote.text(for: cause, maxRuntimeSeconds: 60, hasRun: true) == nil)
    }

    @Test func `a job that took too long is told how much it had`() {
        let words = StopNote.text(for: .maxRuntime, maxRuntimeSeconds: 60, hasRun: true)
        #expect(words?.contains("MaxRuntimeInSeconds (60) was over") == true)
    }
}
