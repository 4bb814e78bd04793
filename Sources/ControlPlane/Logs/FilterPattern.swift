import AWSWire
import SageMakerAPI

/// A filter pattern of CloudWatch Logs for unstructured text: which messages it accepts.
///
/// Terms are parts of the message, in the case given. `a b` asks for both, `?a ?b` for either, `-a` for
/// neither of that kind; a phrase stands in double quotes. Optional terms count only where no term must be
/// there, as in the service. Patterns for JSON, for fields, and regular expressions are refused.
struct FilterPattern: Sendable, Equatable {
    private var required: [String] = []
    private var optional: [String] = []
    private var excluded: [String] = []

    /// Reads a pattern; the empty one accepts everything.
    ///
    /// - Throws: `InvalidParameterException` for a pattern that cannot be read or is not offered.
    init(_ text: String) throws(ServiceError) {
        if let first = text.first(where: { !$0.isWhitespace }), first == "{" || first == "[" {
            throw CloudWatchLogs.Failure.invalidParameter(
                "Filter patterns for JSON or space-delimited events are not offered by this Clary; "
                    + "use terms, \"phrases\", ?either ?or, -without."
            )
        }
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
                continue
            }
            let mark = first == "?" || first == "-" ? first : nil
            if mark != nil { rest.removeFirst() }
            let term = try Self.term(&rest)
            switch mark {
            case "?": optional.append(term)
            case "-": excluded.append(term)
            default: required.append(term)
            }
        }
    }

    /// Whether the pattern accepts a message.
    func matches(_ message: String) -> Bool {
        guard !excluded.contains(where: message.contains) else { return false }
        guard required.isEmpty else { return required.allSatisfy(message.contains) }
        return optional.isEmpty || optional.contains(where: message.contains)
    }

    /// Takes a term or a phrase from the front.
    private static func term(_ rest: inout Substring) throws(ServiceError) -> String {
        guard rest.first == "\"" else {
            let end = rest.firstIndex(where: \.isWhitespace) ?? rest.endIndex
            let term = rest[..<end]
            rest = rest[end...]
            guard !term.isEmpty, !term.hasPrefix("%"), !term.contains("\"") else { throw invalid }
            return String(term)
        }
        rest.removeFirst()
        var term = ""
        while let character = rest.popFirst() {
            if character == "\"" {
                guard !term.isEmpty else { throw invalid }
                return term
            }
            if character == "\\", let next = rest.popFirst() {
                term.append(next)
            } else {
                term.append(character)
            }
        }
        throw invalid
    }

    private static var invalid: ServiceError {
        CloudWatchLogs.Failure.invalidParameter("Invalid filter pattern")
    }
}
