/// Writes numbers as the shortest decimal text that reads back as the same value.
enum DecimalText {
    /// Appends a value; a missing one is nothing at all.
    ///
    /// Whole numbers have no point.
    static func append<Element: DataElement>(_ value: Element, to bytes: inout [UInt8]) {
        if value.isMissing { return }
        let whole = value.double
        if whole.magnitude < 1e7, let integer = Int32(exactly: whole), integer != 0 || whole.sign == .plus {
            append(integer: Int(integer), to: &bytes)
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
    }

    static func append(integer: Int, to bytes: inout [UInt8]) {
        if integer < 0 { bytes.append(0x2D) }
        var rest = integer.magnitude
        let start = bytes.count
        repeat {
            bytes.append(0x30 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }
}
