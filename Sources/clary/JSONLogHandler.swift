import Foundation
import Glibc
import Logging

/// Writes each log entry as one line of JSON on standard error, for programs that collect logs.
struct JSONLogHandler: LogHandler {
    private let label: String
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    private struct Entry: Encodable {
        let time: String
        let level: Logger.Level
        let logger: String
        let message: String
        /// What belongs to the message, by its names.
        let fields: [String: String]?
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        let entry = Entry(
            time: Date.now.formatted(.iso8601.time(includingFractionalSeconds: true)),
            level: event.level,
            logger: label,
            message: "\(event.message)",
            fields: fields.isEmpty ? nil : fields
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var line = try? encoder.encode(entry) else { return }  // Texts always encode.
        line.append(0x0A)
        // One call, so that lines of several threads do not mix; what standard error does not take is lost, as ever.
        line.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
