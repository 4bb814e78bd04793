/// Writes a tree as JSON.
///
/// Integers stay integers and floats keep their point (`1.0`), because clients hand the type of the number
/// on; timestamps are epoch seconds with at most three decimals.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: WireValue) {
        switch value {
        case .null: raw("null")
        case .bool(let flag): raw(flag ? "true" : "false")
        case .integer(let number): raw(String(number))
        case .number(let number): write(number)
        case .timestamp(let timestamp): write((timestamp.seconds * 1000).rounded() / 1000)
        case .string(let text): write(text)
        case .list(let items): write(items)
        case .structure(let members), .map(let members): write(members)
        }
    }

    /// Numbers that JSON does not have are strings, as the JSON protocols say.
    private mutating func write(_ number: Double) {
        if number.isNaN {
            raw("\"NaN\"")
        } else if number.isInfinite {
            raw(number < 0 ? "\"-Infinity\"" : "\"Infinity\"")
        } else {
            raw(number.description)
        }
    }

    private mutating func write(_ items: [WireValue]) {
        raw("[")
        for (index, item) in items.enumerated() {
            if index > 0 { raw(",") }
            write(item)
        }
        raw("]")
    }

    private mutating func write(_ members: WireMembers) {
        raw("{")
        for (index, name) in members.names.enumerated() {
            if index > 0 { raw(",") }
            write(name)
            raw(":")
            write(members[name] ?? .null)
        }
        raw("}")
    }

    private mutating func write(_ text: String) {
        raw("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20, 0x7F: raw("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        raw("\"")
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
