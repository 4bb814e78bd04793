import Foundation

/// A document that does not fit its shape.
struct WireMismatch: Error {
    let message: String
    /// The value that does not fit.
    var path: [any CodingKey] = []
    /// A value that would fit in its place; `nil` where none is known.
    var stub: WireValue?
}

/// How values are spelled in a protocol.
enum WireSpelling: Sendable {
    /// JSON: numbers and booleans are numbers and booleans, a list is a list.
    case typed
    /// Forms: every scalar is text, and a list is a structure of `member` whose names are numbers.
    case text
}

/// Makes a shape from a tree.
struct WireDecoder: Decoder {
    let value: WireValue
    let spelling: WireSpelling
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(_ value: WireValue, spelling: WireSpelling, codingPath: [any CodingKey] = []) {
        self.value = value
        self.spelling = spelling
        self.codingPath = codingPath
    }

    /// Makes a value; the kinds of value that have a form of their own on the wire are made here.
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        if type == Data.self {
            guard let data = Data(base64Encoded: try string()) else {
                throw mismatch("is not base64", stub: .string(""))
            }
            if let data = data as? T { return data }
        }
        return try T(from: self)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        switch value {
        case .structure(let members):
            return KeyedDecodingContainer(WireKeyedDecoder<Key>(members: members, decoder: self))
        case .string("") where spelling == .text:
            // A form spells an empty structure as a name without a value.
            return KeyedDecodingContainer(WireKeyedDecoder<Key>(members: WireMembers(), decoder: self))
        default:
            throw cannotConvert("a structure or map", stub: .structure(WireMembers()))
        }
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        WireUnkeyedDecoder(items: try items(), decoder: self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    /// The decoder of a member or list item.
    func child(_ value: WireValue, _ key: any CodingKey) -> WireDecoder {
        WireDecoder(value, spelling: spelling, codingPath: codingPath + [key])
    }

    // MARK: Values

    private func items() throws -> [WireValue] {
        switch (value, spelling) {
        case (.list(let items), _):
            return items
        case (.string(""), .text):
            return []
        case (.structure(let members), .text):
            guard members.names == ["member"], case .structure(let numbered) = members["member"] else {
                break
            }
            let indices = numbered.names.compactMap { Int($0) }.sorted()
            guard indices.count == numbered.names.count else { break }
            return indices.compactMap { numbered["\($0)"] }
        default:
            break
        }
        throw cannotConvert("a list", stub: .list([]))
    }

    func string() throws -> String {
        guard case .string(let text) = value else { throw cannotConvert("a String", stub: .string("")) }
        return text
    }

    func bool() throws -> Bool {
        switch (value, spelling) {
        case (.bool(let flag), _): return flag
        case (.string("true"), .text): return true
        case (.string("false"), .text): return false
        default: throw cannotConvert("a Boolean", stub: .bool(false))
        }
    }

    func integer<Number: FixedWidthInteger>() throws -> Number {
        switch (value, spelling) {
        case (.integer(let number), _):
            if let number = Number(exactly: number) { return number }
        case (.number(let number), _):
            if let number = Number(exactly: number) { return number }
        case (.string(let text), .text):
            if let number = Number(text) { return number }
        default:
            break
        }
        throw cannotConvert("an Integer", stub: .integer(0))
    }

    func double() throws -> Double {
        switch (value, spelling) {
        case (.integer(let number), _): return Double(number)
        case (.number(let number), _): return number
        case (.string("NaN"), _): return .nan
        case (.string("Infinity"), _): return .infinity
        case (.string("-Infinity"), _): return -.infinity
        case (.string(let text), .text):
            if let number = Double(text) { return number }
        default: break
        }
        throw cannotConvert("a Double", stub: .number(0))
    }

    // MARK: Failures

    private func cannotConvert(_ wanted: String, stub: WireValue) -> WireMismatch {
        let found =
            switch value {
            case .null: "NULL_VALUE"
            case .bool(true): "TRUE_VALUE"
            case .bool(false): "FALSE_VALUE"
            case .integer: "NUMBER_VALUE"
            case .number(let number): "NUMBER_VALUE \(number)"
            case .string where spelling == .typed: "STRING_VALUE"
            case .string(let text): "'\(text.prefix(64))'"
            case .list: "Start of list"
            case .structure: "Start of structure or map"
            }
        return mismatch("\(found) can not be converted to \(wanted)", isSentence: true, stub: stub)
    }

    /// An error that names the member.
    private func mismatch(_ text: String, isSentence: Bool = false, stub: WireValue) -> WireMismatch {
        let path = Self.text(of: codingPath)
        let sentence =
            isSentence ? (path.isEmpty ? text : "\(text) at \(path)") : "The value of \(path) \(text)"
        return WireMismatch(message: sentence, path: codingPath, stub: stub)
    }

    /// `ResourceConfig.InstanceCount`, `InputDataConfig.1.member.ChannelName`.
    static func text(of path: [any CodingKey]) -> String {
        path.map { key in key.intValue.map { "\($0 + 1).member" } ?? key.stringValue }.joined(separator: ".")
    }
}
