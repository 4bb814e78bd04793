import AsyncHTTPClient
package import NIOCore
import NIOHTTP1
import Resources

/// Reads objects piece by piece.
package protocol ObjectStreamer: Sendable {
    /// Passes an object's content on as it comes, from its beginning to its end, each byte once.
    ///
    /// - Parameters:
    ///   - object: Which one.
    ///   - eTag: What it must be, if that is known: an object that has changed meanwhile is refused.
    ///   - body: Takes the pieces; the next one is not read before it returns.
    /// - Throws: `ObjectAccessError`.
    func stream(
        _ object: ObjectReference,
        eTag: String?,
        to body: (ByteBuffer) async throws -> Void
    ) async throws(ObjectAccessError)
}

extension S3Client: ObjectStreamer {
    /// Goes on where it was when a connection breaks.
    package func stream(
        _ object: ObjectReference,
        eTag: String?,
        to body: (ByteBuffer) async throws -> Void
    ) async throws(ObjectAccessError) {
        var (offset, tag) = (0, eTag)
        do {
            _ = try await attempt(
                object.location,
                "GET",
                query: "",
                body: nil,
                headers: {
                    // Half of one object and half of another would be neither.
                    (offset > 0 ? [("Range", "bytes=\(offset)-")] : [])
                        + (tag.map { [("If-Match", $0)] } ?? [])
                },
                reached: { offset },
                { response in
                    guard offset == 0 || response.status == .partialContent else {
                        throw ObjectAccessError.refused(
                            location: object.location,
                            status: Int(response.status.code),
                            code: "RangeIgnored",
                            message: "The object store cannot go on in the middle of an object."
                        )
                    }
                    tag = tag ?? response.headers.first(name: "ETag")
                    for try await chunk in response.body {
                        offset += chunk.readableBytes
                        try await body(chunk)
                    }
                    return ""
                }
            )
        } catch .refused(let location, 412, _, _) {
            throw .refused(
                location: location,
                status: 412,
                code: "PreconditionFailed",
                message: "The object was overwritten after the job was created."
            )
        }
    }
}
