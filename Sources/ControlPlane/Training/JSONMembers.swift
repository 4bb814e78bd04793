package import Foundation

/// The members of a JSON object as they are written: numbers keep their digits, lists their spaces.
package struct JSONMembers {
    private var members: [String: Data] = [:]

    /// `nil` if the text is no JSON object.
    package init?(of text: Data) {
        // The standard parser says whether it is JSON at all; then the members can be found by their brackets.
        guard (try? JSONSerialization.jsonObject(with: text) as? [String: Any]) != nil else { return nil }
        let bytes = [UInt8](text)
        var position = 0
        Self.skipSpace(bytes, &position)
        position += 1
        while true {
            Self.skipSpace(bytes, &position)
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return }
            let key = Self.value(bytes, &position)
            Self.skipSpace(bytes, &position)
            position += 1  // The colon.
            Self.skipSpace(bytes, &position)
            let value = Self.value(bytes, &position)
            if let name = try? JSONSerialization.jsonObject(with: Data(key), options: .fragmentsAllowed)
                as? String
            {
                members[name] = Data(value)
            }
            Self.skipSpace(bytes, &position)
            guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { return }
            position += 1
        }
    }

    /// The value of a member as it is written.
    package subscript(_ name: String) -> Data? { members[name] }

    static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

    private static func skipSpace(_ bytes: [UInt8], _ position: inout Int) {
        while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    }

    /// Moves behind the value that begins at the position.
    private static func value(_ bytes: [UInt8], _ position: inout Int) -> ArraySlice<UInt8> {
        let start = position
        var depth = 0
        var isText = false
        while position < bytes.count {
            let byte = bytes[position]
            if isText {
                if byte == UInt8(ascii: "\\") { position += 1 }
                if byte == UInt8(ascii: "\"") { isText = false }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isText = true
                case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"):
                    if depth == 0 { return trimmed(bytes[start..<position]) }
                    depth -= 1
                case UInt8(ascii: ",") where depth == 0, UInt8(ascii: ":") where depth == 0:
                    return trimmed(bytes[start..<position])
                default: break
                }
            }
            position += 1
        }
        return trimmed(bytes[start..<min(position, bytes.count)])
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }
}
