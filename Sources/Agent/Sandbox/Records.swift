/// Lists of texts as bytes, for the short-lived programs of the sandbox: no JSON library has to be woken for them.
///
/// A record is the count of its fields and the fields, each closed by a NUL, which no argument, path or
/// environment entry can contain.
package enum Records {
    package static func encode(_ records: [[String]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for record in records {
            bytes += Array(String(record.count).utf8) + [0]
            for field in record { bytes += field.utf8.filter { $0 != 0 } + [0] }
        }
        return bytes
    }

    /// - Throws: `MalformedRecords` if the bytes were not made by `encode`.
    package static func decode(_ bytes: [UInt8]) throws(MalformedRecords) -> [[String]] {
        guard bytes.isEmpty || bytes.last == 0 else { throw MalformedRecords() }
        var fields = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)[...]
        if bytes.isEmpty { fields = [] }
        var records: [[String]] = []
        while let head = fields.popFirst() {
            guard let count = Int(String(decoding: head, as: UTF8.self)), (0...fields.count).contains(count)
            else {
                throw MalformedRecords()
            }
            records.append(fields.prefix(count).map { String(decoding: $0, as: UTF8.self) })
            fields = fields.dropFirst(count)
        }
        return records
    }
}

/// Bytes that are no list of records.
package struct MalformedRecords: Error, Equatable {}
