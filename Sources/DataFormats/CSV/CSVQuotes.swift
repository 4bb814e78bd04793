/// Follows the quotes of a csv field byte by byte.
///
/// A quote opens a field only at its beginning, behind blanks at most; within quotes two of them stand for one (RFC 4180).
/// Anywhere else it is a character like others.
struct CSVQuotes {
    /// Whether delimiters and line breaks are content now.
    private(set) var isOpen = false
    private var mayOpen = true
    private var hasJustClosed = false

    /// Takes the next byte of the field; false for a quote that only stands around content.
    mutating func take(_ byte: UInt8) -> Bool {
        guard byte == .quote else {
            hasJustClosed = false
            if byte != .space, byte != .tab { mayOpen = false }
            return true
        }
        if isOpen {
            (isOpen, hasJustClosed) = (false, true)
            return false
        }
        if hasJustClosed {
            (isOpen, hasJustClosed) = (true, false)
            return true
        }
        guard mayOpen else { return true }
        (isOpen, mayOpen) = (true, false)
        return false
    }
}
