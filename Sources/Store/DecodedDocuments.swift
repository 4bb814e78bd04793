import Foundation
import Resources
import Synchronization

/// Values of documents that were read lately.
///
/// The stored bytes are read every time and compared with those that a value was made of, so nothing here can
/// be out of date; only the decoding is saved, which costs ten times as much as the reading.
final class DecodedDocuments: Sendable {
    struct Key: Hashable, Sendable {
        let kind: String
        let scope: Scope
        let name: String
    }

    private struct Entry: Sendable {
        let document: Data
        let value: any Sendable
    }

    private struct Contents: Sendable {
        var entries: [Key: Entry] = [:]
        var size = 0
    }

    /// Bytes of documents that are kept at most; the values are a few times as large.
    private let limit: Int
    private let contents = Mutex(Contents())

    init(limit: Int = 8 << 20) { self.limit = limit }

    /// The value that was made of exactly these bytes.
    func value<Value>(_ type: Value.Type, of document: Data, at key: Key) -> Value? {
        guard let entry = contents.withLock({ $0.entries[key] }), entry.document == document else {
            return nil
        }
        return entry.value as? Value
    }

    /// Keeps a value; where there is no room, forgets the others, since what is in use comes back at once.
    func keep(_ value: some Sendable, of document: Data, at key: Key) {
        contents.withLock { contents in
            contents.size += document.count - (contents.entries[key]?.document.count ?? 0)
            if contents.size > limit {
                contents = Contents(entries: [:], size: document.count)
            }
            contents.entries[key] = Entry(document: document, value: value)
        }
    }
}
