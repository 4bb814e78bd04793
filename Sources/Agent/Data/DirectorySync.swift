import AgentProtocol
import Archive
import Glibc
import Logging
import ObjectAccess
import Resources

/// Keeps a directory's files in S3 while the job runs: its checkpoints, its TensorBoard events.
actor DirectorySync {
    private let directory: String
    private let location: S3Location
    private let writer: any ObjectWriter
    private let logger: Logger
    private let pace: Pace
    private var sent: [String: Sent] = [:]
    private var lastSeen: [String: ContainedDirectory.Entry] = [:]

    private struct Sent {
        var entry: ContainedDirectory.Entry
        /// `nil` for a file that came from there.
        var time: ContinuousClock.Instant?
    }

    /// When a file that has changed is sent.
    enum Pace {
        /// Once it has stayed the same between two looks: half a checkpoint is of no use.
        case complete
        /// Also while it grows: events are read up to the last whole one.
        case growing
    }

    private static let interval = Duration.seconds(2)
    /// How often a file that goes on growing is sent.
    private static let growingInterval = Duration.seconds(10)

    init(directory: String, location: S3Location, writer: any ObjectWriter, pace: Pace, logger: Logger) {
        self.directory = directory
        self.location = location
        self.writer = writer
        self.pace = pace
        self.logger = logger
    }

    /// Remembers what was restored, so that it is not sent back.
    func rememberRestored() {
        for entry in entries() { sent[entry.path] = Sent(entry: entry) }
    }

    /// Synchronises until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            guard !Task.isCancelled else { return }
            let now = entries()
            let due = now.filter { sent[$0.path]?.entry != $0 && isDue($0) }
            lastSeen = Dictionary(now.map { ($0.path, $0) }) { first, _ in first }
            for entry in due {
                do {
                    try await send(entry)
                } catch {
                    // The next look tries again; the last one, at the end, is the one that counts.
                    logger.warning("file not sent", metadata: ["file": "\(entry.path)", "error": "\(error)"])
                }
            }
        }
    }

    /// Sends everything that has not been sent as it is now.
    func finish() async throws {
        for entry in entries() where sent[entry.path]?.entry != entry { try await send(entry) }
    }

    private func isDue(_ entry: ContainedDirectory.Entry) -> Bool {
        if lastSeen[entry.path] == entry { return true }
        switch pace {
        case .complete: return false
        case .growing:
            guard let last = sent[entry.path]?.time else { return lastSeen[entry.path] != nil }
            return last.duration(to: .now) >= Self.growingInterval
        }
    }

    /// None where the job has removed the directory.
    private func entries() -> [ContainedDirectory.Entry] {
        var skipped: [String] = []
        guard let entries = try? ContainedDirectory(directory).list(skipped: &skipped) else { return [] }
        return entries.filter { !$0.isDirectory && !$0.path.hasSuffix(".sagemaker-uploading") }
    }

    private func send(_ entry: ContainedDirectory.Entry) async throws {
        // Through a descriptor: the job may swap the file for a link at any moment.
        let file = Descriptor(owning: try ContainedDirectory(directory).openFile(entry.path))
        try await writer.write("/proc/self/fd/\(file.number)", to: location.appending(entry.path))
        sent[entry.path] = Sent(entry: entry, time: .now)
    }
}
