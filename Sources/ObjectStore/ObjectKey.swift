package import Foundation

/// Name of an object in its bucket: 1–1,024 bytes of UTF-8, compared byte by byte.
///
/// Swift compares strings by canonical equivalence, S3 by bytes: `é` in one code point and in two are two keys.
package struct ObjectKey: Sendable, CustomStringConvertible {
    package let description: String

    /// Accepts a text of legal length.
    ///
    /// - Throws: `ObjectStoreError.keyTooLong` or `.emptyKey`.
    package init(_ text: String) throws(ObjectStoreError) {
        guard !text.isEmpty else { throw .emptyKey }
        guard text.utf8.count <= 1024 else { throw .keyTooLong(bytes: text.utf8.count) }
        description = text
    }

    /// A key that was accepted before.
    init(stored bytes: Data) { description = String(decoding: bytes, as: UTF8.self) }

    /// The key's UTF-8.
    package var bytes: Data { Data(description.utf8) }
}

extension ObjectKey: Hashable, Comparable {
    package static func == (left: ObjectKey, right: ObjectKey) -> Bool {
        left.description.utf8.elementsEqual(right.description.utf8)
    }

    package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in description.utf8 { hasher.combine(byte) }
    }
}
