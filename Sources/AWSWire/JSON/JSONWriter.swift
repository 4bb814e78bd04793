/// Writes a document as JSON.
///
/// Integers stay integers and floats keep their point (`1.0`), because clients hand the type of the number
/// on; timestamps are epoch seconds with at most three decimals.
struct JSONWriter: WireWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(1024) }

    mutating func begin(_ container: WireContainer) {
        separate()
        bytes.append(container == .list ? UInt8(ascii: "[") : UInt8(ascii: "{"))
    }

    mutating func end(_ container: WireContainer) {
        bytes.append(container == .list ? UInt8(ascii: "]") : UInt8(ascii: "}"))
    }

    mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func write(_ scalar: WireScalar) {
        separate()
        switch scalar {
        case .null: raw("null")
        case .bool(let flag): raw(flag ? "true" : "false")
        case .integer(let number): raw(String(number))
        case .number(let number): write(number)
        case .timestamp(let timestamp): write((timestamp.seconds * 1000).rounded() / 1000)
        case .string(let text): quote(text)
        }
    }

    /// A comma, unless this is the first thing in its container or the value of a name.
    ///
    /// Every text ends with a quotation mark, so the last byte tells.
    private mutating func separate() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
        default: bytes.append(UInt8(ascii: ","))
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

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        if text.utf8.contains(where: Self.mustEscape) {
            for byte in text.utf8 { escape(byte) }
        } else {
            raw(text)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
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

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
