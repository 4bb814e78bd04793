import ControlPlane
import Foundation
import Glibc
import Reports

/// Where commands print: a terminal of some width, or a file or pipe that has none.
enum Screen {
    /// Places in a line of standard output; `nil` where it is no terminal.
    static var width: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    static func show(_ table: Table) {
        for line in table.lines(width: width) { print(line) }
    }

    /// Prints reasons as they are, each behind an empty line, made harmless for terminals.
    static func explain(_ reasons: [String]) {
        for reason in reasons {
            print("")
            for line in reason.split(separator: "\n", omittingEmptySubsequences: false) {
                print(PlainText.line(String(line)))
            }
        }
    }

    /// Prints a value as an indented JSON document.
    static func showJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Writes a line to standard error, where it does not mix with what a command prints.
    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Writes a line at once, also into a pipe.
    static func say(_ text: String) {
        print(text)
        flush()
    }

    /// Writes out what was printed.
    static func flush() { fflush(nil) }

    /// Such as `2026-01-31 09:05:07`, in this machine's time zone.
    static func time(_ date: Date) -> String {
        var (seconds, parts) = (time_t(date.timeIntervalSince1970), tm())
        localtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &parts)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What an instance may use where its type offers more: `2 of 4 CPUs, 7.8 GiB of 16 GiB`; else nothing.
    static func clamping(
        _ limit: PlatformOverview.Share?,
        _ offered: PlatformOverview.Share?
    ) -> String {
        guard let limit, let offered else { return "" }
        let cpus =
            limit.cpus < offered.cpus
            ? "\(Units.number(limit.cpus)) of \(Units.number(offered.cpus)) CPUs"
            : Units.count(Int(limit.cpus), "CPU")
        let memory =
            limit.memoryBytes < offered.memoryBytes
            ? "\(Units.bytes(limit.memoryBytes)) of \(Units.bytes(offered.memoryBytes))"
            : Units.bytes(limit.memoryBytes)
        return "\(cpus), \(memory)"
    }
}
