/// An AWS region name such as `us-east-1`: clients look image tables and DNS suffixes up by it.
package struct Region: Hashable, Sendable, Codable, CustomStringConvertible {
    package let description: String

    /// The region of a client that was not told another one.
    package static let standard = Region(unchecked: "us-east-1")

    /// Accepts the shape of a region name (`xx-name-1`, `us-gov-west-1`); `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (3...4).contains(parts.count), text.utf8.count <= 32,
            let number = parts.last, (1...2).contains(number.count), number.allSatisfy(\.isASCIIDigit),
            parts.dropLast().allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIILowercase) })
        else { return nil }
        description = text
    }

    private init(unchecked text: String) { description = text }

    /// `aws`, `aws-cn` or `aws-us-gov`: the second member of every ARN.
    package var partition: String {
        if description.hasPrefix("cn-") { return "aws-cn" }
        return description.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
    }

    package init(from decoder: any Decoder) throws {
        description = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var isASCIILowercase: Bool { ("a"..."z").contains(self) }
}
