import AgentProtocol
import Archive
import Glibc
import Logging
import ObjectAccess
import Resources

/// Keeps a checkpoint directory's files in S3: those that changed, while the job runs and once more at its end.
actor CheckpointSync {
    private let directory: String
    private let location: S3Location
    private let writer: any ObjectWriter
    private let logger: Logger
    private var sent: [String: ContainedDirectory.Entry] = [:]
    private var lastSeen: [String: ContainedDirectory.Entry] = [:]

    /// How often the directory is looked at; a file is sent once it has stayed the same between two looks.
    private static let interval = Duration.seconds(2)

    init(directory: String, location: S3Location, writer: any ObjectWriter, logger: Logger) {
        self.directory = directory
        self.location = location
        self.writer = writer
        self.logger = logger
    }

    /// Remembers what was restored, so that it is not sent back.
    func rememberRestored() {
        for entry in entries() { sent[entry.path] = entry }
    }

    /// Synchronises until cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.interval)
            guard !Task.isCancelled else { return }
            let now = entries()
            let settled = now.filter { lastSeen[$0.path] == $0 && sent[$0.path] != $0 }
            lastSeen = Dictionary(now.map { ($0.path, $0) }) { first, _ in first }
            for entry in settled {
                do {
                    try await send(entry)
                } catch {
                    // The next look tries again; the last one, at the end, is the one that counts.
                    logger.warning(
                        "checkpoint not sent",
                        metadata: ["file": "\(entry.path)", "error": "\(error)"]
                    )
                }
            }
        }
    }

    /// Sends everything that has not been sent as it is now.
    func finish() async throws {
        for entry in entries() where sent[entry.path] != entry { try await send(entry) }
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
        sent[entry.path] = entry
    }
}
