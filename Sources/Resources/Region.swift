/// An AWS region name such as `us-east-1`: clients look image tables and DNS suffixes up by it.
package struct Region: Hashable, Sendable, Codable, CustomStringConvertible {
    package let description: String

    /// The region of a client that was not told another one.
    package static let standard = Region(unchecked: "us-east-1")

    /// Accepts the shape of a region name (`xx-name-1`, `us-gov-west-1`); `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard (3...4).contains(parts.count), text.utf8.count <= 32,
            let number = parts.last, (1...2).contains(number.count),
            number.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            parts.dropLast().allSatisfy({ part in
                !part.isEmpty && part.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            })
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
