import Foundation

/// One key of a statement's conditions, with the values that it is compared with.
struct PolicyCondition: Sendable, Equatable {
    enum Comparison: Sendable, Equatable {
        case text(ignoringCase: Bool)
        /// Wildcards count.
        case likeness
        case arn
        case number(Order)
        case date(Order)
        case bool
        case address
        case null
    }

    enum Order: Sendable { case equal, less, lessOrEqual, greater, greaterOrEqual }
    enum Quantifier: Sendable { case single, forAnyValue, forAllValues }

    let comparison: Comparison
    let isNegated: Bool
    let ifExists: Bool
    let quantifier: Quantifier
    /// In lower case.
    let key: String
    let values: [Value]

    /// A policy's value, read once in the form of its comparison.
    enum Value: Sendable, Equatable {
        case pattern(TextPattern)
        case arn(ARNPattern)
        case number(Double)
        case bool(Bool)
        case network(AddressRange)
    }

    func holds(in context: RequestContext) -> Bool {
        let present = context[key]
        if comparison == .null {
            return values.contains(.bool(present == nil))
        }
        guard let present, !(present.isEmpty && quantifier == .single) else {
            if ifExists { return true }
            switch quantifier {
            case .single: return isNegated
            case .forAllValues: return true
            case .forAnyValue: return false
            }
        }
        switch quantifier {
        case .forAllValues: return present.allSatisfy { isOne($0, context) != isNegated }
        case .forAnyValue: return present.contains { isOne($0, context) != isNegated }
        case .single: return present.contains { isOne($0, context) } != isNegated
        }
    }

    /// Whether a value of the request is one of the policy's.
    private func isOne(_ text: String, _ context: RequestContext) -> Bool {
        switch comparison {
        case .text(let ignoringCase):
            let scalars = (ignoringCase ? text.lowercased() : text).unicodeScalars.map(\.value)
            return patterns.contains { $0.matches(scalars, in: context) }
        case .likeness:
            let scalars = text.unicodeScalars.map(\.value)
            return patterns.contains { $0.matches(scalars, in: context) }
        case .arn:
            let name = ResourceName(text)
            return values.contains {
                if case .arn(let arn) = $0 { arn.matches(name, in: context) } else { false }
            }
        case .number(let order):
            guard let number = Double(text) else { return false }
            return numbers.contains { Self.holds(order, number, $0) }
        case .date(let order):
            guard let time = PolicyTime.seconds(text) else { return false }
            return numbers.contains { Self.holds(order, time, $0) }
        case .bool:
            return values.contains(.bool(text.lowercased() == "true"))
        case .address:
            guard let address = AddressRange(text) else { return false }
            return values.contains {
                if case .network(let range) = $0 { range.contains(address) } else { false }
            }
        case .null:
            return false
        }
    }

    private var patterns: some Sequence<TextPattern> {
        values.lazy.compactMap { value -> TextPattern? in
            guard case .pattern(let pattern) = value else { return nil }
            return pattern
        }
    }

    private var numbers: some Sequence<Double> {
        values.lazy.compactMap { value -> Double? in
            guard case .number(let number) = value else { return nil }
            return number
        }
    }

    private static func holds(_ order: Order, _ left: Double, _ right: Double) -> Bool {
        switch order {
        case .equal: left == right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}

/// Times as policies write them.
enum PolicyTime {
    /// Seconds since 1970 of an ISO 8601 time or date, or of seconds.
    static func seconds(_ text: String) -> Double? {
        if let seconds = Double(text) { return seconds }
        let style = Date.ISO8601FormatStyle()
        let parsed =
            (try? style.parse(text))
            ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? style.year().month().day().parse(text))
        return parsed?.timeIntervalSince1970
    }
}

/// A network in CIDR notation, or one address.
struct AddressRange: Sendable, Equatable {
    private let bytes: [UInt8]
    private let bits: Int

    /// Reads IPv4 or IPv6, with or without `/bits`; `nil` for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let bytes = Self.bytes(String(parts[0])) else { return nil }
        let bits = parts.count == 2 ? Int(parts[1]) : bytes.count * 8
        guard let bits, (0...bytes.count * 8).contains(bits) else { return nil }
        self.bytes = bytes
        self.bits = bits
    }

    func contains(_ address: AddressRange) -> Bool {
        guard address.bytes.count == bytes.count, address.bits >= bits else { return false }
        return (0..<bits).allSatisfy { bit in
            let mask = UInt8(0x80) >> UInt8(bit % 8)
            return bytes[bit / 8] & mask == address.bytes[bit / 8] & mask
        }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        text.contains(":") ? version6(text) : version4(text)
    }

    private static func version4(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8($0) }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func version6(_ text: String) -> [UInt8]? {
        let halves = text.components(separatedBy: "::")
        guard halves.count <= 2 else { return nil }
        let groups = halves.map { half in half.isEmpty ? [] : half.components(separatedBy: ":") }
        let words = groups.map { $0.compactMap { $0.count <= 4 ? UInt16($0, radix: 16) : nil } }
        guard zip(groups, words).allSatisfy({ $0.count == $1.count }) else { return nil }
        let count = words.reduce(0) { $0 + $1.count }
        guard halves.count == 2 ? count <= 7 : count == 8 else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - count)
        let all = halves.count == 2 ? words[0] + zeros + words[1] : words[0]
        return all.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    }
}
