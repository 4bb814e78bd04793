import Foundation

extension LintStage {
    /// What a log has.
    func lines(of source: LogTail.Source) async throws -> [String] {
        var tail = LogTail(client: client, source: source)
        var lines: [String] = []
        while case let page = try await tail.next(), !page.isEmpty { lines += page.map(\.message) }
        return lines
    }

    /// A reason with the last lines of a log that it does not have itself.
    func explained(_ reason: String, _ source: LogTail.Source) async throws -> String {
        let lines = try await lines(of: source).filter { !$0.isEmpty }
        let bare = lines.last.map { Self.withoutLog(reason, endingWith: $0) } ?? reason
        // A job's reason is made of the end of its log, or of what the script's error was.
        let further = lines.suffix(20).filter { !bare.contains($0.trimmingCharacters(in: .whitespaces)) }
        let heading = further.last == lines.last ? "The end of its log:" : "Its log says besides:"
        return ([bare] + (further.isEmpty ? [] : [heading]) + further.suffix(10).map { "  \($0)" })
            .joined(separator: "\n")
    }

    /// The reason of an endpoint without the few lines of the log that stand between its words and the advice.
    private static func withoutLog(_ reason: String, endingWith last: String) -> String {
        guard let mark = reason.range(of: " Last lines of its log:\n"),
            let end = reason.range(of: last, options: .backwards, range: mark.upperBound..<reason.endIndex)
        else { return reason }
        let advice = reason[end.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
        return reason[..<mark.lowerBound] + (advice.isEmpty ? "" : "\n" + advice)
    }
}
