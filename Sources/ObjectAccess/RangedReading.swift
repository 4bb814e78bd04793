import AsyncHTTPClient
import Glibc
package import NIOCore
import NIOHTTP1
import Resources

/// Reads parts of objects.
package protocol RangeReader: Sendable {
    /// A range of an object, which must still be what the reference says that it is.
    func read(_ object: ObjectReference, range: Range<Int>) async throws(ObjectAccessError) -> ByteBuffer
}

extension S3Client: RangeReader {
    package func read(
        _ object: ObjectReference,
        range: Range<Int>
    ) async throws(ObjectAccessError) -> ByteBuffer {
        guard !range.isEmpty else { return ByteBuffer() }
        var content = ByteBuffer()
        try await receive(
            object,
            range: range,
            eTag: object.eTag,
            begin: { _ in content.clear() },
            take: { content.writeImmutableBuffer($0) }
        )
        return content
    }

    /// Objects above it come in ranges.
    private static let rangeSize = 16 << 20
    private static let rangesAtOnce = 4

    /// Asks for the check of the whole object.
    ///
    /// It stands for a header, which would have to be signed by itself.
    private static let withCheck = "?x-amz-checksum-mode=ENABLED"

    /// What is known of an object before it is read.
    private struct Facts: Sendable {
        let size: Int
        let eTag: String?
        let check: ObjectCheck?
    }

    /// Brings an object to a file: a large one in several ranges at once, each to its place.
    ///
    /// The whole is compared with the check that the store has of it.
    ///
    /// - Throws: `ObjectAccessError`; `.refused` with the code `PreconditionFailed` for an object that has become another
    ///   one, and with `BadDigest` for one that is not what was stored.
    package func read(
        _ object: ObjectReference,
        to path: String,
        arrived: @escaping @Sendable (_ bytes: Int) -> Void
    ) async throws(ObjectAccessError) {
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw .file("Cannot write \(path): \(lastError()).") }
        defer { close(number) }
        let file = PlacedFile(number: number, path: path)
        if let size = object.size, size > Self.rangeSize {
            try await readInRanges(object, try await facts(of: object), to: file, arrived)
        } else {
            try await readAtOnce(object, to: file, arrived)
        }
    }

    private func readAtOnce(
        _ object: ObjectReference,
        to file: PlacedFile,
        _ arrived: @Sendable (Int) -> Void
    ) async throws(ObjectAccessError) {
        var running = ObjectCheck.Running(nil)
        var announced: ObjectCheck?
        var offset = 0
        try await receive(
            object,
            range: nil,
            eTag: object.eTag,
            begin: { headers in
                announced = ObjectCheck(headers)
                running = ObjectCheck.Running(announced?.algorithm)
                arrived(-offset)
                offset = 0
                try file.truncate()
            },
            take: { chunk in
                running.update(chunk)
                try file.write(chunk, at: offset)
                offset += chunk.readableBytes
                arrived(chunk.readableBytes)
            }
        )
        if let announced, !announced.matches([running]) { throw Self.damaged(object) }
    }

    private func readInRanges(
        _ object: ObjectReference,
        _ facts: Facts,
        to file: PlacedFile,
        _ arrived: @escaping @Sendable (Int) -> Void
    ) async throws(ObjectAccessError) {
        let ranges = stride(from: 0, to: facts.size, by: Self.rangeSize).map {
            $0..<min(facts.size, $0 + Self.rangeSize)
        }
        var done = [ObjectCheck.Running?](repeating: nil, count: ranges.count)
        do {
            try await withThrowingTaskGroup(of: (Int, ObjectCheck.Running).self) { group in
                for (number, range) in ranges.enumerated() {
                    if number >= Self.rangesAtOnce, let (number, check) = try await group.next() {
                        done[number] = check
                    }
                    group.addTask { (number, try await readRange(object, range, facts, to: file, arrived)) }
                }
                while let (number, check) = try await group.next() { done[number] = check }
            }
        } catch let error as ObjectAccessError {
            throw error
        } catch {
            throw .cancelled
        }
        if let check = facts.check, !check.matches(done.compactMap(\.self)) { throw Self.damaged(object) }
    }

    private func readRange(
        _ object: ObjectReference,
        _ range: Range<Int>,
        _ facts: Facts,
        to file: PlacedFile,
        _ arrived: @Sendable (Int) -> Void
    ) async throws(ObjectAccessError) -> ObjectCheck.Running {
        var running = ObjectCheck.Running(nil)
        var offset = range.lowerBound
        try await receive(
            object,
            range: range,
            eTag: facts.eTag,
            begin: { _ in
                running = ObjectCheck.Running(facts.check?.algorithm)
                arrived(range.lowerBound - offset)
                offset = range.lowerBound
            },
            take: { chunk in
                running.update(chunk)
                try file.write(chunk, at: offset)
                offset += chunk.readableBytes
                arrived(chunk.readableBytes)
            }
        )
        return running
    }

    private func facts(of object: ObjectReference) async throws(ObjectAccessError) -> Facts {
        var facts: Facts?
        _ = try await attempt(
            object.location,
            "HEAD",
            query: Self.withCheck,
            body: nil,
            headers: { Self.condition(object.eTag) },
            { response in
                let headers = response.headers
                facts = headers.first(name: "content-length").flatMap { Int($0) }.map {
                    Facts(size: $0, eTag: headers.first(name: "etag"), check: ObjectCheck(headers))
                }
                return ""
            }
        )
        guard let facts else {
            throw .unreachable(location: object.location, reason: "the reply to HEAD has no length")
        }
        return facts
    }

    /// Reads an object or a range of it; after a broken connection from its beginning, which `begin` is told.
    private func receive(
        _ object: ObjectReference,
        range: Range<Int>?,
        eTag: String?,
        begin: (HTTPHeaders) throws -> Void,
        take: (ByteBuffer) throws -> Void
    ) async throws(ObjectAccessError) {
        do {
            _ = try await attempt(
                object.location,
                "GET",
                query: range == nil ? Self.withCheck : "",
                body: nil,
                headers: {
                    (range.map { [("range", "bytes=\($0.lowerBound)-\($0.upperBound - 1)")] } ?? [])
                        + Self.condition(eTag)
                },
                { response in
                    try begin(response.headers)
                    var count = 0
                    for try await chunk in response.body {
                        count += chunk.readableBytes
                        try take(chunk)
                    }
                    // A store that ignores the range, or an object that has become shorter.
                    guard count == range?.count ?? count else {
                        throw ObjectAccessError.refused(
                            location: object.location,
                            status: 412,
                            code: "PreconditionFailed",
                            message: "\(range?.count ?? 0) bytes were asked for, \(count) came."
                        )
                    }
                    return ""
                }
            )
        } catch .refused(let location, 412, _, let message) {
            throw .refused(
                location: location,
                status: 412,
                code: "PreconditionFailed",
                message: "The object was overwritten after the job was created. \(message)"
            )
        }
    }

    private static func condition(_ eTag: String?) -> [(name: String, value: String)] {
        eTag.map { [("if-match", $0)] } ?? []
    }

    private static func damaged(_ object: ObjectReference) -> ObjectAccessError {
        .refused(
            location: object.location,
            status: 200,
            code: "BadDigest",
            message: "What came is not what the object's checksum says. Upload it again."
        )
    }
}

/// A file that is written at any place, by several tasks at once.
private struct PlacedFile: Sendable {
    let number: Int32
    let path: String

    func write(_ buffer: ByteBuffer, at offset: Int) throws(ObjectAccessError) {
        let failed = buffer.withUnsafeReadableBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = pwrite(
                    number,
                    bytes.baseAddress.map { $0 + done },
                    bytes.count - done,
                    offset + done
                )
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return true }
                done += count
            }
            return false
        }
        if failed { throw .file("Cannot write \(path): \(lastError()).") }
    }

    func truncate() throws(ObjectAccessError) {
        guard ftruncate(number, 0) == 0 else { throw .file("Cannot write \(path): \(lastError()).") }
    }
}

/// The text of `errno`.
private func lastError() -> String { String(cString: strerror(errno)) }
