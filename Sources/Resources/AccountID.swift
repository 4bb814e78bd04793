/// A twelve-digit account number.
package struct AccountID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let description: String

    /// The account of a Clary that was not told another one.
    package static let standard = AccountID(unchecked: "000000000000")

    /// Accepts exactly twelve ASCII digits; `nil` for anything else.
    package init?(_ text: String) {
        guard text.utf8.count == 12, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        description = text
    }

    private init(unchecked text: String) { description = text }

    package init(from decoder: any Decoder) throws {
        description = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
