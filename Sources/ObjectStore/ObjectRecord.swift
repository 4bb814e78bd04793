package import Foundation

/// What the index knows of one version of an object.
package struct ObjectRecord: Sendable, Hashable {
    package let bucket: String
    package let key: ObjectKey
    /// Bytes.
    package let size: Int
    /// Hex MD5 of the bytes, or `<md5 of the parts' md5s>-<parts>`; without quotes.
    package let eTag: String
    package let modified: Date
    /// The immutable file that holds the bytes.
    package let file: FileID
    package let checksum: ObjectChecksum?
    /// In listings only the storage class: they do not read the others.
    package let headers: ObjectHeaders
    /// Sizes of the parts of a multipart upload; `nil` for an object put at once and in listings.
    package let parts: PartSizes?
}

/// Headers that are stored with an object and given back with it.
package struct ObjectHeaders: Sendable, Hashable, Codable {
    package var contentType: String?
    package var contentEncoding: String?
    package var contentDisposition: String?
    package var contentLanguage: String?
    package var cacheControl: String?
    package var expires: String?
    /// `x-amz-meta-*`: names in lower case without the prefix.
    package var metadata: [String: String] = [:]
    /// Object tags.
    package var tags: [String: String] = [:]
    /// Value of `x-amz-storage-class` other than `STANDARD`.
    package var storageClass: String?
    /// Value of `x-amz-server-side-encryption`: kept and echoed, without effect here.
    package var encryption: String?
    /// Value of `x-amz-server-side-encryption-aws-kms-key-id`: kept and echoed, without effect here.
    package var encryptionKey: String?
    /// Value of `x-amz-website-redirect-location`: kept and echoed.
    package var redirect: String?

    package init() {}
}

/// Sizes of the parts that an object was made of, in runs of equal size.
package struct PartSizes: Sendable, Hashable, Codable {
    private var runs: [Run] = []

    private struct Run: Sendable, Hashable, Codable {
        let size: Int
        var count: Int
    }

    package init(_ sizes: some Sequence<Int>) {
        for size in sizes {
            if let last = runs.last, last.size == size {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(Run(size: size, count: 1))
            }
        }
    }

    package var count: Int { runs.reduce(0) { $0 + $1.count } }

    /// The bytes of one part.
    ///
    /// - Parameter number: From 1.
    /// - Returns: `nil` if there are fewer parts.
    package func range(ofPart number: Int) -> Range<Int>? {
        guard number >= 1 else { return nil }
        var start = 0
        var before = number - 1
        for run in runs {
            if before < run.count {
                let begin = start + before * run.size
                return begin..<begin + run.size
            }
            start += run.count * run.size
            before -= run.count
        }
        return nil
    }
}
