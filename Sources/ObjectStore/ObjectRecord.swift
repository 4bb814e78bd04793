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
    /// Which version of its key this is.
    package var version = VersionID.null
    /// Whether a read without a version gets it.
    package var isLatest = true
    /// What a listing knows of `isEncrypted`.
    var isListedAsEncrypted = false

    /// Whether the bytes in the file are encrypted with a key of a client's.
    package var isEncrypted: Bool { headers.customerEncryption != nil || isListedAsEncrypted }
}

/// The name of one version of an object.
package struct VersionID: Sendable, Hashable, CustomStringConvertible {
    /// `null`, or 32 hex digits.
    package let description: String

    private init(made description: String) { self.description = description }

    /// The version that a bucket without versioning gives.
    package static let null = VersionID(made: "null")

    /// A new name.
    ///
    /// - Parameter sequence: The version's place among those of its key.
    /// - Returns: The place in hex, and 16 random digits.
    static func new(sequence: Int) -> VersionID {
        let digits = [UInt64(sequence), UInt64.random(in: 0 ... .max)].map { number in
            let text = String(number, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return VersionID(made: digits.joined())
    }

    /// Reads what a client sends; `nil` for what was never given out.
    package init?(_ text: String) {
        if text != "null" {
            guard text.utf8.count == 32,
                text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
            else { return nil }
        }
        description = text
    }

    init(stored text: String?) { description = text ?? "null" }
}

/// A version that says that there is no object.
package struct DeleteMarker: Sendable, Hashable {
    package let key: ObjectKey
    package let version: VersionID
    package let modified: Date
    package let isLatest: Bool
}

/// What is found under a key, or a version of it.
package enum VersionEntry: Sendable, Hashable {
    case object(ObjectRecord)
    case deleteMarker(DeleteMarker)

    package var version: VersionID {
        switch self {
        case .object(let record): record.version
        case .deleteMarker(let marker): marker.version
        }
    }

    package var key: ObjectKey {
        switch self {
        case .object(let record): record.key
        case .deleteMarker(let marker): marker.key
        }
    }
}

extension VersionEntry? {
    /// The object that was found.
    ///
    /// - Throws: The error with which S3 says that there is none.
    func object(_ key: ObjectKey, _ version: VersionID?) throws(ObjectStoreError) -> ObjectRecord {
        switch self {
        case .object(let record): return record
        case .deleteMarker(let marker): throw .deleted(marker, isNamed: version != nil)
        case nil:
            guard let version else { throw .noSuchKey(key) }
            throw .noSuchVersion(key, version.description)
        }
    }
}

/// Headers that are stored with an object and given back with it, and what else belongs to a version.
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
    /// The account that the object belongs to, if it is not the bucket's.
    package var owner: String?
    /// Who may do what with the object; `nil` if only its owner may.
    package var grants: [ObjectGrant]?
    /// Until when the version may not be deleted.
    package var retention: ObjectRetention?
    /// Whether the version may not be deleted, without an end.
    package var isHeld: Bool?
    /// How the bytes are encrypted with a key of the client's; `nil` for bytes that are stored as they came.
    package var customerEncryption: CustomerEncryption?

    package init() {}
}

/// A line of an access control list.
package struct ObjectGrant: Sendable, Hashable, Codable {
    /// A canonical user id, or the URI of a group.
    package let grantee: String
    /// `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP` or `FULL_CONTROL`.
    package let permission: String

    package init(grantee: String, permission: String) {
        self.grantee = grantee
        self.permission = permission
    }
}

/// A time during which a version may not be deleted.
package struct ObjectRetention: Sendable, Hashable, Codable {
    package enum Mode: String, Sendable, Hashable, Codable {
        /// Those with a permission of their own may.
        case governance = "GOVERNANCE"
        /// Nobody may, and the time can only become longer.
        case compliance = "COMPLIANCE"
    }

    package let mode: Mode
    package let until: Date

    package init(mode: Mode, until: Date) {
        self.mode = mode
        self.until = until
    }
}

/// Sizes of the parts that an object was made of, in runs of equal size, with the parts' checksums.
package struct PartSizes: Sendable, Hashable, Codable {
    private(set) var runs: [Run] = []
    /// The parts' digests in a row, each of the length that the object's algorithm has.
    package var digests: Data?
    /// Which stream of the object's cipher each part has, if there is one.
    var streams: [UInt64]?

    struct Run: Sendable, Hashable, Codable {
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

    /// Base64 of the digest of one part.
    ///
    /// - Parameters:
    ///   - number: From 1.
    ///   - algorithm: The object's.
    /// - Returns: `nil` if it is not known.
    package func digest(ofPart number: Int, _ algorithm: ChecksumAlgorithm) -> String? {
        let length = algorithm.byteCount
        guard let digests, digests.count >= number * length else { return nil }
        return digests.dropFirst((number - 1) * length).prefix(length).base64EncodedString()
    }
}
