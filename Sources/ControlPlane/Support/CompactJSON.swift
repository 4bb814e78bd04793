/// JSON without spaces whose members keep the order they are written in, as the service writes its config files.
enum CompactJSON {
    case text(String)
    case list([CompactJSON])
    case object([(name: String, value: CompactJSON)])

    /// A flat object of strings, in the order of its keys.
    static func strings(_ members: [String: String]) -> CompactJSON {
        .object(members.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
    }

    var encoded: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .list(let items): "[" + items.map(\.encoded).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.name) + ":" + $0.value.encoded }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
