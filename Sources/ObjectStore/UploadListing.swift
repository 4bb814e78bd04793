import Foundation
import GRDB

/// A page of open multipart uploads, by key and then by id.
package struct UploadPage: Sendable {
    package var uploads: [MultipartUpload] = []
    package var commonPrefixes: [String] = []
    /// Where the next page goes on; `nil` if this is the last.
    package var next: (key: String, id: String)?
}

extension ObjectStore {
    /// Open multipart uploads of a bucket.
    ///
    /// - Parameters:
    ///   - bucket: Whose uploads.
    ///   - query: As for objects; `startAfter` is the key marker.
    ///   - idMarker: With a key marker: of that key, only uploads after this id. Without it none of that key.
    /// - Returns: A page.
    /// - Throws: An error of the index.
    package func uploads(of bucket: Bucket, _ query: ListQuery, idMarker: String?) async throws -> UploadPage
    {
        let prefix = Data(query.prefix.utf8)
        let all = try await index.read { database in
            try MultipartUpload.fetch(in: bucket, prefix: prefix, after: query.startAfter, idMarker, database)
        }
        var page = UploadPage()
        var last: (key: String, id: String)?
        for upload in all {
            let common = query.delimiter.flatMap { Self.commonPrefix(of: upload.key, query.prefix, $0) }
            if let common, common == page.commonPrefixes.last || common == query.startAfter { continue }
            guard page.uploads.count + page.commonPrefixes.count < query.limit else {
                page.next = last
                break
            }
            if let common {
                page.commonPrefixes.append(common)
                last = (common, "")
            } else {
                page.uploads.append(upload)
                last = (upload.key.description, upload.id)
            }
        }
        return page
    }

    private static func commonPrefix(of key: ObjectKey, _ prefix: String, _ delimiter: String) -> String? {
        let rest = Data(key.description.utf8.dropFirst(prefix.utf8.count))
        guard !delimiter.isEmpty, let range = rest.firstRange(of: Data(delimiter.utf8)) else { return nil }
        return prefix + String(decoding: rest[..<range.upperBound], as: UTF8.self)
    }
}
