/// Finds out how a CSV text is delimited from its first line.
package enum CSVSniffer {
    /// Delimiters that are looked for, the likelier first.
    package static let candidates: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C, 0x3A, 0x20]

    /// The delimiter that cuts `line` into numbers.
    ///
    /// If none does, the first candidate that occurs at all, so that the parser can say which field is wrong. Nil if
    /// the line holds no candidate.
    package static func delimiter(ofFirstLine line: Span<UInt8>) -> UInt8? {
        var occurring: UInt8?
        for candidate in candidates where contains(candidate, in: line) {
            if occurring == nil { occurring = candidate }
            if (try? CSVFormat(delimiter: candidate).parse(line)) != nil { return candidate }
        }
        return occurring
    }

    /// Number of columns in `line` as `delimiter` cuts it.
    package static func columnCount(ofFirstLine line: Span<UInt8>, delimiter: UInt8) -> Int {
        var count = 1
        var isQuoted = false
        for index in line.indices {
            if line[index] == .quote { isQuoted.toggle() }
            if line[index] == delimiter, !isQuoted { count += 1 }
        }
        return count
    }

    /// Outside quotes and not only as padding at the ends.
    private static func contains(_ candidate: UInt8, in line: Span<UInt8>) -> Bool {
        var isQuoted = false
        var sawField = false
        for index in line.indices {
            let byte = line[index]
            if byte == .quote { isQuoted.toggle() }
            if byte == candidate, !isQuoted {
                guard candidate == .space else { return true }
                if sawField, index + 1 < line.count, line[index + 1] > .space { return true }
            } else if byte > .space {
                sawField = true
            }
        }
        return false
    }
}
