/// Percent-encoding as signatures want it: everything but RFC 3986's unreserved characters, in upper-case hex.
package enum PercentEncoding {
    /// Whether a slash is data or separates path segments.
    package enum Slash: Sendable { case encoded, kept }

    /// `text` with every byte encoded that is not `A-Z a-z 0-9 - _ . ~` (or a kept slash).
    package static func encode(_ text: some StringProtocol, slash: Slash = .encoded) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 { append(byte, slash: slash, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text behind an encoded one; a plus sign stays a plus sign.
    ///
    /// A percent sign that no two hex digits follow stands for itself.
    ///
    /// - Returns: `nil` if the decoded bytes are not UTF-8.
    package static func decode(_ text: some StringProtocol) -> String? {
        guard text.utf8.contains(percent) else { return String(text) }
        return String(validating: decodedBytes(text.utf8), as: UTF8.self)
    }

    /// One byte in its encoded form.
    static func append(_ byte: UInt8, slash: Slash, to bytes: inout [UInt8]) {
        guard !isUnreserved(byte), !(slash == .kept && byte == UInt8(ascii: "/")) else {
            bytes.append(byte)
            return
        }
        bytes.append(percent)
        bytes.append(upperHex(byte >> 4))
        bytes.append(upperHex(byte & 15))
    }

    /// Writes `text`, which may or may not be encoded, in the one canonical encoding.
    static func appendNormalized(_ text: some StringProtocol, to bytes: inout [UInt8]) {
        if text.utf8.allSatisfy(isUnreserved) {
            bytes.append(contentsOf: text.utf8)
        } else {
            for byte in decodedBytes(text.utf8) { append(byte, slash: .encoded, to: &bytes) }
        }
    }

    static func decodedBytes(_ text: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var index = text.startIndex
        while index != text.endIndex {
            let byte = text[index]
            text.formIndex(after: &index)
            guard byte == percent, let pair = hexPair(text[index...]) else {
                bytes.append(byte)
                continue
            }
            bytes.append(pair)
            index = text.index(index, offsetBy: 2)
        }
        return bytes
    }

    private static func hexPair(_ rest: some Collection<UInt8>) -> UInt8? {
        let digits = rest.prefix(2)
        guard let first = digits.first, let high = Hex.value(of: first),
            let last = digits.dropFirst().first, let low = Hex.value(of: last)
        else { return nil }
        return high << 4 | low
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func upperHex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }

    private static var percent: UInt8 { UInt8(ascii: "%") }
}
