/// Where and why bytes could not be read as records, or records could not be written.
package struct DataFormatError: Error, Equatable, CustomStringConvertible {
    /// What was wrong.
    ///
    /// Texts from outside are shortened.
    package enum Reason: Equatable, Sendable {
        /// A field that is no number.
        case notANumber(String)
        /// A number that the element type cannot hold.
        case unrepresentable(String, ElementType)
        /// An empty field where the element type has no missing value.
        case missingValue(ElementType)
        /// A row with another number of columns than the rows before it.
        case raggedRow(expected: Int, found: Int)
        /// A row that has no more columns than labels and weights.
        case noFeatures(columns: Int)
        /// A quote that its line does not close, where every line is a row.
        case unterminatedQuote
        /// A quote that nothing closes: not the rest of the file, or not the longest row there may be.
        case unclosedQuote
        /// A libsvm row with a list of labels.
        case severalLabels(String)
        /// A libsvm row that does not start with a number.
        case missingLabel(String)
        /// A libsvm item that is not `index:value`.
        case malformedPair(String)
        /// A feature index that is not above the one before it.
        case indexNotIncreasing(UInt64)
        /// A feature index that is below the first one or beyond the row's width.
        case indexOutOfRange(UInt64, limit: UInt64)
        /// Some rows name a weight, a query or a label and others don't.
        case mixedRows(String)
        /// Some records are dense and others are sparse.
        case mixedLayouts
        /// A line or record longer than a reader accepts, in bytes.
        case lineTooLong(limit: Int)
        /// Sparse rows that would be too many values as dense ones.
        case tooWide(columns: Int, limit: Int)
        /// Bytes that are not what the format has in this place.
        case malformed(String)
        /// Records that the format to be written cannot hold.
        case unwritable(String)
    }

    /// What a place is counted in.
    package enum Unit: String, Sendable {
        case line
        case record
    }

    package var reason: Reason
    package var unit: Unit
    /// Counted from 1, in the block that was parsed or, once `located`, in the file.
    package var number: Int
    /// Column or item of the record, counted from 1; nil if the whole record is meant.
    package var column: Int?
    /// Name of the file; nil until somebody who knows it has said it.
    package var file: String?

    package init(_ reason: Reason, line: Int, column: Int? = nil, file: String? = nil) {
        self.reason = reason
        unit = .line
        number = line
        self.column = column
        self.file = file
    }

    package init(_ reason: Reason, record: Int, column: Int? = nil, file: String? = nil) {
        self.reason = reason
        unit = .record
        number = record
        self.column = column
        self.file = file
    }

    /// The same error in a file of which so many lines (or records) precede the parsed block.
    package func located(in file: String?, after before: Int) -> Self {
        var error = self
        error.number += before
        error.file = file ?? self.file
        return error
    }

    package var description: String {
        var place = file.map { "file '\($0)', " } ?? ""
        place += "\(unit.rawValue) \(number)"
        if let column { place += ", column \(column)" }
        return "\(place): \(explanation)"
    }

    private var explanation: String {
        switch reason {
        case .notANumber(let text):
            "'\(text)' is not a number"
                + (unit == .line && number == 1 ? " (data must have no header line)" : "")
        case .unrepresentable(let text, let type): "'\(text)' is not a value of type \(type.rawValue)"
        case .missingValue(let type): "the value is missing, and \(type.rawValue) has no missing value"
        case .raggedRow(let expected, let found):
            "the row has \(found) columns, the rows before it have \(expected)"
        case .noFeatures(let columns): "the row has \(columns) columns, which leaves none for features"
        case .unterminatedQuote: "a quoted field is not closed on its line"
        case .unclosedQuote: "a quoted field begins here and is not closed"
        case .severalLabels(let text):
            "the row has several labels ('\(text)'), and one label per row is what can be read"
        case .missingLabel(let text): "the row starts with '\(text)' where its label should be"
        case .malformedPair(let text): "'\(text)' is not of the form index:value"
        case .indexNotIncreasing(let index): "feature index \(index) does not come after the one before it"
        case .indexOutOfRange(let index, let limit): "feature index \(index) is out of range (limit \(limit))"
        case .mixedRows(let what): "some rows name a \(what) and others do not"
        case .mixedLayouts: "some records are dense and others are sparse"
        case .lineTooLong(let limit): "the \(unit.rawValue) is longer than \(limit) bytes"
        case .tooWide(let columns, let limit):
            "rows of \(columns) columns would take more than \(limit) values as dense rows"
        case .malformed(let what): what
        case .unwritable(let what): what
        }
    }
}

/// At most 40 characters of a text from outside, without control characters, for messages.
func shortened(_ text: String) -> String {
    let visible = String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F })
    return visible.count <= 40 ? visible : visible.prefix(37) + "..."
}

extension UInt8 {
    static var tab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }
    static var quote: UInt8 { 0x22 }
    static var hash: UInt8 { 0x23 }
    static var comma: UInt8 { 0x2C }
    static var colon: UInt8 { 0x3A }
}
