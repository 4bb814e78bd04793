/// Name of a resource of one kind: 1–63 letters, digits and inner hyphens (API reference, `CreateTrainingJob`).
///
/// The kind keeps `Name<TrainingJob>` and `Name<Endpoint>` apart.
package struct Name<Kind>: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Accepts a text that is a legal name.
    ///
    /// - Throws: `InvalidName` with the offending text.
    package init(parsing text: String) throws(InvalidName) {
        guard Self.isLegal(text) else { throw InvalidName(text: text) }
        description = text
    }

    private static func isLegal(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...63).contains(bytes.count), let first = bytes.first, let last = bytes.last else {
            return false
        }
        guard first != hyphen, last != hyphen else { return false }
        return bytes.allSatisfy { byte in
            byte == hyphen || (48...57).contains(byte) || (65...90).contains(byte)
                || (97...122).contains(byte)
        }
    }

    private static var hyphen: UInt8 { UInt8(ascii: "-") }
}

/// A text that is not a legal resource name.
package struct InvalidName: Error, Equatable {
    package let text: String

    package init(text: String) { self.text = text }
}

/// The kinds of named resources; they exist only to tell names apart.
package enum TrainingJob {}
/// See `TrainingJob`.
package enum Model {}
/// See `TrainingJob`.
package enum EndpointConfig {}
/// See `TrainingJob`.
package enum Endpoint {}
