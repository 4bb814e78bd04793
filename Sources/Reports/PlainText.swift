/// Text from anywhere, made fit for a terminal.
package enum PlainText {
    /// One line without anything that would act on a terminal.
    ///
    /// Escape sequences, control characters and marks that turn the direction of writing go; line breaks and
    /// carriage returns within become blanks, tabs stay.
    package static func line(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return text }
        var stripper = EscapeStripper()
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where stripper.passes(scalar) {
            switch scalar {
            case "\n", "\r": result.append(" ")
            case "\t": result.append(scalar)
            case _ where isHarmful(scalar): continue
            default: result.append(scalar)
            }
        }
        while result.last == " " { result.removeLast() }
        return String(result)
    }

    /// Places that a harmless line takes in a terminal: wide characters take two, combining marks none.
    package static func width(of text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + places(of: $1) }
    }

    /// The text, its end replaced by `…` if it takes more than `width` places.
    package static func cut(_ text: String, to width: Int) -> String {
        guard self.width(of: text) > width else { return text }
        var (kept, used) = ("", 0)
        for character in text {
            let places = places(of: character)
            guard used + places <= width - 1 else { break }
            kept.append(character)
            used += places
        }
        return width > 0 ? kept + "…" : ""
    }

    private static func places(of character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        switch first.value {
        case 0x0300...0x036F, 0x200B...0x200D, 0xFE00...0xFE0F: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// Recognises the escape sequences of terminals (ECMA-48) one character after the other.
private struct EscapeStripper {
    private enum State {
        case text
        /// After ESC.
        case escape
        /// Within a control sequence, up to its final character.
        case control
        /// Within a string (title, link, device control), up to BEL or ESC `\`.
        case string
        /// After ESC within a string.
        case stringEscape
    }

    private var state = State.text

    /// Whether the next character belongs to the text.
    mutating func passes(_ scalar: Unicode.Scalar) -> Bool {
        // A line's end ends what was left open, so that one broken line does not swallow the others.
        if scalar == "\n" {
            state = .text
            return true
        }
        switch state {
        case .text:
            switch scalar.value {
            case 0x1B: state = .escape
            case 0x9B: state = .control
            case 0x90, 0x98, 0x9D...0x9F: state = .string
            default: return true
            }
        case .escape:
            switch scalar {
            case "[": state = .control
            case "]", "P", "X", "^", "_": state = .string
            case _ where (0x20...0x2F).contains(scalar.value): break  // One more character follows.
            default: state = .text
            }
        case .control:
            if (0x40...0x7E).contains(scalar.value) { state = .text }
        case .string:
            if scalar.value == 0x07 || scalar.value == 0x9C { state = .text }
            if scalar.value == 0x1B { state = .stringEscape }
        case .stringEscape:
            state = scalar == "\\" ? .text : .string
        }
        return false
    }
}
