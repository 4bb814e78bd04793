extension LintStage {
    /// What a log has.
    func lines(of source: LogTail.Source) async throws -> [String] {
        var tail = LogTail(client: client, source: source)
        var lines: [String] = []
        while case let page = try await tail.next(), !page.isEmpty { lines += page.map(\.message) }
        return lines
    }

    /// A reason with the last lines of a log, unless it has them already.
    func explained(_ reason: String, _ source: LogTail.Source) async throws -> String {
        let lines = try await lines(of: source).filter { !$0.isEmpty }
        guard !lines.isEmpty, !reason.contains(lines.suffix(3).joined(separator: "\n")) else { return reason }
        return ([reason, "The end of its log:"] + lines.suffix(10).map { "  \($0)" }).joined(separator: "\n")
    }
}
