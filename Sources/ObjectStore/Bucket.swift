package import Foundation
package import Resources

/// A bucket: a name that is unique in the whole store, with its owner.
package struct Bucket: Hashable, Sendable {
    /// Row of the index; never used twice.
    let id: Int64
    package let name: String
    package let account: AccountID
    package let region: Region
    package let created: Date
    /// Whether objects keep their earlier versions.
    package internal(set) var versioning = Versioning.off
    /// The bucket's other settings as documents, by the names of their sub-resources.
    package internal(set) var settings: [String: String] = [:]

    package enum Versioning: String, Sendable, Hashable {
        /// Never switched on.
        case off
        case enabled
        /// New objects have no version of their own; the versions that there are stay.
        case suspended
    }

    /// Whether S3 accepts a text as the name of a new bucket: 3–63 characters, lower-case letters, digits, dots and
    /// hyphens, letters or digits at both ends, no two dots in a row, not an IPv4 address, no reserved prefix or suffix.
    package static func isLegalName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last,
            isLetterOrDigit(first), isLetterOrDigit(last),
            bytes.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }),
            !["..", ".-", "-."].contains(where: name.contains), !isIPv4Address(name)
        else { return false }
        return !["xn--", "sthree-", "amzn-s3-demo-"].contains(where: name.hasPrefix)
            && !["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"].contains(where: name.hasSuffix)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte)
    }

    private static func isIPv4Address(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { (1...3).contains($0.utf8.count) && Int($0) != nil }
    }
}
