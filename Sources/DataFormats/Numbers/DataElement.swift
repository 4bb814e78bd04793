/// The types that numbers may have in memory.
package enum ElementType: String, Sendable, CaseIterable {
    case float32
    case float64
    case int32
}

/// A number in memory: `Float`, `Double` or `Int32`.
package protocol DataElement: BitwiseCopyable, Hashable, Sendable, CustomStringConvertible {
    static var type: ElementType { get }
    /// What stands for a missing value: NaN; nil in integers, which have none.
    static var missing: Self? { get }
    static var zero: Self { get }
    static var one: Self { get }
    var isMissing: Bool { get }
    /// The same value; every element is a double, too.
    var double: Double { get }

    /// Reads the decimal number that starts at `position` and moves `position` behind it.
    ///
    /// - Returns: The nearest value of this type; nil, with `position` unchanged, if no decimal number starts there, or
    ///   it is none of this type.
    static func scan(_ text: Span<UInt8>, _ position: inout Int) -> Self?

    /// The nearest value; nil if an integer cannot hold it exactly.
    init?(converting value: Double)
}

extension Float: DataElement {
    package static var type: ElementType { .float32 }
    package static var missing: Float? { .nan }
    package static var one: Float { 1 }
    @inlinable package var isMissing: Bool { isNaN }
    package var double: Double { Double(self) }

    @inline(__always)
    package static func scan(_ text: Span<UInt8>, _ position: inout Int) -> Float? {
        NumberScanner.scanFloat(text, &position)
    }

    package init?(converting value: Double) { self = Float(value) }
}

extension Double: DataElement {
    package static var type: ElementType { .float64 }
    package static var missing: Double? { .nan }
    package static var one: Double { 1 }
    @inlinable package var isMissing: Bool { isNaN }
    package var double: Double { self }

    @inline(__always)
    package static func scan(_ text: Span<UInt8>, _ position: inout Int) -> Double? {
        NumberScanner.scanDouble(text, &position)
    }

    package init?(converting value: Double) { self = value }
}

extension Int32: DataElement {
    package static var type: ElementType { .int32 }
    package static var missing: Int32? { nil }
    package static var one: Int32 { 1 }
    package var isMissing: Bool { false }
    package var double: Double { Double(self) }

    package static func scan(_ text: Span<UInt8>, _ position: inout Int) -> Int32? {
        let start = position
        guard let number = NumberScanner.scanDouble(text, &position), let exact = Int32(exactly: number)
        else {
            position = start
            return nil
        }
        return exact
    }

    package init?(converting value: Double) { self.init(exactly: value) }
}
