/// Where and why a text could not be read as records.
package struct DataFormatError: Error, Equatable, CustomStringConvertible {
    /// What was wrong with the text.
    package enum Reason: Equatable, Sendable {
        /// A field that is no number; the text is shortened.
        case notANumber(String)
        /// A row with another number of fields than the rows before it.
        case raggedRow(expected: Int, found: Int)
        /// A quote that its line does not close.
        case unterminatedQuote
        /// A libsvm row that does not start with a number.
        case missingLabel(String)
        /// A libsvm item that is not `index:value`.
        case malformedPair(String)
        /// A libsvm feature index that is not above the one before it.
        case indexNotIncreasing(UInt32)
        /// Some rows name a weight or a query and others don't.
        case mixedRows(String)
        /// A line longer than a reader accepts, in bytes.
        case lineTooLong(limit: Int)
    }

    package var reason: Reason
    /// Counted from 1, in the block of text that was parsed or, once `located`, in the file.
    package var line: Int
    /// Field of the line, counted from 1; nil if the whole line is meant.
    package var field: Int?
    /// Name of the file; nil until somebody who knows it has said it.
    package var file: String?

    package init(_ reason: Reason, line: Int, field: Int? = nil, file: String? = nil) {
        self.reason = reason
        self.line = line
        self.field = field
        self.file = file
    }

    /// The same error in a file whose first `linesBefore` lines precede the parsed block.
    package func located(in file: String?, after linesBefore: Int) -> Self {
        var error = self
        error.line += linesBefore
        error.file = file ?? self.file
        return error
    }

    package var description: String {
        var place = file.map { "file '\($0)', " } ?? ""
        place += "line \(line)"
        if let field { place += ", column \(field)" }
        return "\(place): \(explanation)"
    }

    private var explanation: String {
        switch reason {
        case .notANumber(let text):
            "'\(text)' is not a number" + (line == 1 ? " (data must have no header line)" : "")
        case .raggedRow(let expected, let found):
            "the row has \(found) columns, the rows before it have \(expected)"
        case .unterminatedQuote: "a quoted field is not closed on its line"
        case .missingLabel(let text): "the row starts with '\(text)' where its label should be"
        case .malformedPair(let text): "'\(text)' is not of the form index:value"
        case .indexNotIncreasing(let index): "feature index \(index) does not come after the one before it"
        case .mixedRows(let what): "some rows name a \(what) and others do not"
        case .lineTooLong(let limit): "the line is longer than \(limit) bytes"
        }
    }
}
