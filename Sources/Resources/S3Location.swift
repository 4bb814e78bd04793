/// An `s3://bucket/key` address; the key may be a prefix and may be empty.
package struct S3Location: Hashable, Sendable, Codable, CustomStringConvertible {
    package let bucket: String
    package let key: String

    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// Parses `s3://bucket[/key]`; `nil` if the scheme or the bucket is missing.
    package init?(uri: String) {
        guard uri.hasPrefix("s3://") else { return nil }
        let rest = uri.dropFirst(5)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        guard slash > rest.startIndex else { return nil }
        bucket = String(rest[..<slash])
        key = slash == rest.endIndex ? "" : String(rest[rest.index(after: slash)...])
    }

    package var description: String { "s3://\(bucket)/\(key)" }

    /// This location with `component` after it, separated by exactly one slash.
    package func appending(_ component: String) -> S3Location {
        S3Location(
            bucket: bucket,
            key: key.isEmpty || key.hasSuffix("/") ? key + component : "\(key)/\(component)"
        )
    }
}
