import Glibc

/// The container's log: lines on standard output.
package struct ContainerLog: Sendable {
    private let write: @Sendable (String) -> Void

    /// - Parameter write: Takes one line, without its end.
    package init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

    /// Writes each line to standard output at once.
    package static let standardOutput = ContainerLog { line in
        var bytes = Array(line.utf8)
        bytes.append(0x0A)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Nobody listens any more: the work matters more than its log.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// A bare line.
    func line(_ text: String) { write(text) }

    /// A line in the container's form, `[2026-01-31:12:00:00:INFO] text`, in UTC.
    func info(_ text: String) { stamped("INFO", text) }

    func warning(_ text: String) { stamped("WARNING", text) }

    func error(_ text: String) { stamped("ERROR", text) }

    private func stamped(_ level: String, _ text: String) {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : String(number) }
        let day = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        write("[\(day):\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)):\(level)] \(text)")
    }
}
