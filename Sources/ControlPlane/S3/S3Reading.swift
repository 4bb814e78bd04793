import AWSWire
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore

/// GetObject and HeadObject.
extension S3Service {
    func readObject(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let version = try request.version
        if request.header("x-amz-server-side-encryption") != nil {
            throw ServiceError.invalidArgument(
                "x-amz-server-side-encryption header is not supported for this operation.",
                name: "x-amz-server-side-encryption",
                value: request.header("x-amz-server-side-encryption") ?? ""
            )
        }
        let isHead = request.method == .head
        let reader = isHead ? nil : try await store.open(request.key, version: version, in: bucket)
        let record =
            if let reader { reader.record } else {
                try await store.head(request.key, version: version, in: bucket)
            }
        var headers = headers(of: record)
        switch Preconditions(request).evaluate(record) {
        case .proceed: break
        case .failed(let condition): throw ServiceError.preconditionFailed(condition)
        case .notModified: return .empty(.notModified, headers: headers)
        }
        let part = try selection(request, record)
        let cipher = try cipher(of: record.headers, request)
        headers.setEncryption(of: record.headers, request)
        let length = part.range.count
        headers.set("Accept-Ranges", "bytes")
        headers.set("Content-Type", record.headers.contentType ?? "binary/octet-stream")
        if request.call.caller.isAnonymous,
            request.call.query.contains(where: { $0.name.hasPrefix("response-") })
        {
            throw ServiceError.invalidRequest(
                "Request specific response headers cannot be used for anonymous GET requests."
            )
        }
        override(&headers, request)
        if let parts = part.parts { headers.set("x-amz-mp-parts-count", "\(parts)") }
        let wantsChecksum = request.header("x-amz-checksum-mode")?.uppercased() == "ENABLED"
        if part.isWhole {
            // A client checks what it receives against this, so it may only come with the whole object.
            if wantsChecksum { headers.set(record.checksum) }
        } else {
            if wantsChecksum, let number = part.number, let checksum = record.checksum,
                let digest = record.parts?.digest(ofPart: number, checksum.algorithm)
            {
                headers.set(checksum.algorithm.header, digest)
                headers.set("x-amz-checksum-type", checksum.form.rawValue)
            }
            let (first, last) = (part.range.lowerBound, part.range.upperBound - 1)
            headers.set("Content-Range", "bytes \(first)-\(last)/\(record.size)")
        }
        let content: ResponseContent
        if let reader {
            // Read before the head is sent: what is damaged at its start is an error, not a broken connection.
            let first = try await reader.first(of: part.range)
            if let cipher {
                content = .stream(length: length) { writer in
                    try await reader.read(part.range, with: cipher, startingWith: first) {
                        try await writer.write($0)
                    }
                }
            } else if let first, first.readableBytes == length {
                content = .bytes(first)
            } else {
                content = .stream(length: length) { writer in
                    try await Self.send(part.range, of: reader, startingWith: first, to: writer)
                }
            }
        } else {
            content = .head(length: length)
        }
        return ServerResponse(status: part.isWhole ? .ok : .partialContent, headers: headers, body: content)
    }

    /// Sends a range of an object, what is behind its first chunk by way of the kernel alone where the connection allows.
    private static func send(
        _ range: Range<Int>,
        of reader: ObjectReader,
        startingWith first: ByteBuffer?,
        to writer: any BodyWriter
    ) async throws {
        guard let first, let files = writer.files, range.count > first.readableBytes else {
            return try await reader.read(range, startingWith: first) { try await writer.write($0) }
        }
        try await writer.write(first)
        try await reader.readInPlace(range.dropFirst(first.readableBytes)) { part in
            try await files.write(FilePart(descriptor: part.descriptor, range: part.range, owner: part.owner))
        }
    }

    /// The bytes that a request asks for.
    private struct Selection {
        let range: Range<Int>
        let isWhole: Bool
        /// How many parts the object was made of, if a part was asked for.
        var parts: Int?
        /// The part that was asked for.
        var number: Int?
    }

    private func selection(_ request: S3Request, _ record: ObjectRecord) throws -> Selection {
        let whole = Selection(range: 0..<record.size, isWhole: true)
        let header = request.header("range")
        if let number = try request.number("partNumber", in: 1...10_000) {
            guard header == nil else {
                throw ServiceError.invalidRequest(
                    "Cannot specify both Range header and partNumber query parameter"
                )
            }
            let range = record.parts.map { $0.range(ofPart: number) } ?? (number == 1 ? whole.range : nil)
            guard let range else {
                throw ServiceError(
                    "InvalidPart",
                    "The requested partnumber is not satisfiable",
                    members: [
                        "PartNumberRequested": "\(number)", "ActualPartCount": "\(record.parts?.count ?? 1)",
                    ]
                )
            }
            // An empty object has no bytes for a Content-Range to name.
            return Selection(
                range: range,
                isWhole: record.size == 0,
                parts: record.parts?.count,
                number: number
            )
        }
        guard let header, let asked = ByteRange(header), rangeApplies(request, record) else { return whole }
        guard let range = asked.resolve(size: record.size) else {
            throw ServiceError(
                "InvalidRange",
                "The requested range is not satisfiable",
                status: 416,
                members: ["RangeRequested": header, "ActualObjectSize": "\(record.size)"]
            )
        }
        return Selection(range: range, isWhole: false)
    }

    /// `If-Range`: the range counts only if the object is still the one that the client has the rest of.
    private func rangeApplies(_ request: S3Request, _ record: ObjectRecord) -> Bool {
        guard let validator = request.header("if-range") else { return true }
        return validator == "\"\(record.eTag)\"" || validator == HTTPDate.text(record.modified)
    }

    /// Headers that say what the object is, whole or in part, read or not modified.
    private func headers(of record: ObjectRecord) -> HTTPFields {
        let stored = record.headers
        var headers = HTTPFields()
        headers.set("ETag", "\"\(record.eTag)\"")
        headers.set("Last-Modified", HTTPDate.text(record.modified))
        headers.set("Cache-Control", stored.cacheControl)
        headers.set("Content-Disposition", stored.contentDisposition)
        headers.set("Content-Encoding", stored.contentEncoding)
        headers.set("Content-Language", stored.contentLanguage)
        headers.set("Expires", stored.expires)
        headers.set("x-amz-storage-class", stored.storageClass)
        headers.set("x-amz-website-redirect-location", stored.redirect)
        if let bucket = try? store.bucket(record.bucket), bucket.versioning != .off {
            headers.set("x-amz-version-id", record.version.description)
        }
        headers.set("x-amz-expiration", expiry(of: record))
        if let retention = stored.retention {
            headers.set("x-amz-object-lock-mode", retention.mode.rawValue)
            headers.set("x-amz-object-lock-retain-until-date", CivilTime(retention.until).iso8601)
        }
        if let isHeld = stored.isHeld { headers.set("x-amz-object-lock-legal-hold", isHeld ? "ON" : "OFF") }
        if !stored.tags.isEmpty { headers.set("x-amz-tagging-count", "\(stored.tags.count)") }
        for (name, value) in stored.metadata { headers.set("x-amz-meta-\(name)", value) }
        return headers
    }

    /// `response-…` parameters: what the client wants to read in place of the stored headers.
    private func override(_ headers: inout HTTPFields, _ request: S3Request) {
        for name in [
            "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type",
            "Expires",
        ] {
            headers.set(name, request.parameter("response-\(name.lowercased())"))
        }
    }
}
