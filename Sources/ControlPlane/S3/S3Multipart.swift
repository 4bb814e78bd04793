import AWSWire
import Foundation
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore

/// Multipart uploads: beginning, sending parts, ending.
extension S3Service {
    func createMultipartUpload(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let key = try request.key
        let stored = try newHeaders(request, in: bucket)
        let algorithm = try request.header("x-amz-checksum-algorithm").map {
            try ChecksumAlgorithm(named: $0)
        }
        let form = try checksumForm(request, of: algorithm)
        let upload = try await store.createUpload(
            key,
            in: bucket,
            headers: stored,
            checksum: algorithm,
            form: form
        )
        var headers = HTTPFields()
        headers.set("x-amz-checksum-algorithm", upload.algorithm?.rawValue)
        headers.set("x-amz-checksum-type", upload.form?.rawValue)
        headers.setEncryption(of: stored, request)
        return .document(
            XMLElement("InitiateMultipartUploadResult") {
                XMLElement("Bucket", bucket.name)
                XMLElement("Key", key.description)
                XMLElement("UploadId", upload.id)
            },
            headers: headers
        )
    }

    /// The form of the object's checksum that a client asks for.
    private func checksumForm(_ request: S3Request, of algorithm: ChecksumAlgorithm?) throws -> ChecksumForm?
    {
        guard let text = request.header("x-amz-checksum-type") else { return nil }
        guard let form = ChecksumForm(rawValue: text) else {
            throw ServiceError.invalidRequest("Value for x-amz-checksum-type header is invalid.")
        }
        guard let algorithm else {
            throw ServiceError.invalidRequest(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
            )
        }
        guard algorithm.allows(form) else {
            throw ServiceError.invalidRequest(
                """
                The \(form.rawValue) checksum type cannot be used with the \(algorithm.rawValue.lowercased()) checksum \
                algorithm.
                """
            )
        }
        return form
    }

    func uploadPart(_ request: S3Request) async throws -> ServerResponse {
        let (bucket, upload, number) = try await part(request)
        try checkCustomerKeys(request, in: bucket)
        let cipher = try cipher(of: upload, request)
        let checksum = try AnnouncedChecksum(request)
        if let expected = upload.algorithm, let actual = checksum.algorithm, expected != actual {
            throw ServiceError.invalidRequest(
                """
                Checksum Type mismatch occurred, expected checksum Type: \(expected.rawValue.lowercased()), actual \
                checksum Type: \(actual.rawValue.lowercased())
                """
            )
        }
        let length = try checkedBodyLength(request)
        var part = try await store.uploadPart(
            number,
            of: upload,
            length: length,
            checksum: checksum.algorithm,
            cipher: cipher
        )
        var size = 0
        for try await chunk in request.call.body {
            size += chunk.readableBytes
            guard size <= Self.bodyLimit else {
                throw ObjectStoreError.tooLarge(size: size, limit: Self.bodyLimit)
            }
            try await part.write(chunk)
        }
        let announced = try checksum.digests(length: length, trailers: request.call.body.trailers)
        let stored = try await part.finish(announced)
        var headers = HTTPFields()
        headers.set("ETag", "\"\(stored.eTag)\"")
        if let checksum = stored.checksum { headers.set(checksum.algorithm.header, checksum.value) }
        headers.setEncryption(of: upload.headers, request)
        return .empty(headers: headers)
    }

    func uploadPartCopy(_ request: S3Request) async throws -> ServerResponse {
        let (bucket, upload, number) = try await part(request)
        try checkCustomerKeys(request, in: bucket)
        let cipher = try cipher(of: upload, request)
        let source = try await openSource(request)
        let sourceCipher = try self.cipher(of: source.record.headers, request, of: .copySource)
        let range = try copiedRange(request, of: source.record)
        guard range.count <= Self.bodyLimit else {
            throw ObjectStoreError.tooLarge(size: range.count, limit: Self.bodyLimit)
        }
        var part = try await store.uploadPart(number, of: upload, length: range.count, cipher: cipher)
        try await source.read(range, with: sourceCipher) { try await part.write($0) }
        let stored = try await part.finish(AnnouncedDigests(length: range.count))
        var headers = HTTPFields()
        headers.setEncryption(of: upload.headers, request)
        if (try? store.bucket(source.record.bucket))?.versioning != .off {
            headers.set("x-amz-copy-source-version-id", source.record.version.description)
        }
        return .document(
            XMLElement("CopyPartResult") {
                XMLElement.time("LastModified", stored.modified)
                XMLElement.eTag(stored.eTag)
                if let checksum = stored.checksum { XMLElement(checksum.algorithm.element, checksum.value) }
            },
            headers: headers
        )
    }

    private func copiedRange(_ request: S3Request, of source: ObjectRecord) throws -> Range<Int> {
        let name = "x-amz-copy-source-range"
        guard let header = request.header(name) else { return 0..<source.size }
        guard case .from(let first, through: let last?)? = ByteRange(header) else {
            throw ServiceError.invalidArgument(
                """
                The \(name) value must be of the form bytes=first-last where first and last are the zero-based offsets \
                of the first and last bytes to copy
                """,
                name: name,
                value: header
            )
        }
        guard last < source.size else {
            throw ServiceError(
                "InvalidRange",
                "Range specified is not valid for source object of size: \(source.size)",
                members: ["ArgumentName": name, "ArgumentValue": header]
            )
        }
        return first..<last + 1
    }

    func completeMultipartUpload(_ request: S3Request) async throws -> ServerResponse {
        let (bucket, upload) = try await upload(request)
        try checkCustomerKeys(request, in: bucket)
        // The key is not needed here, but one that comes must be the upload's.
        if let key = try CustomerKey(request) { _ = try key.cipher(of: upload.headers) }
        let condition = try WriteCondition(request)
        // The digest of this header is the object's, not the document's.
        let value = upload.algorithm.flatMap { request.header($0.header) }
        let document = try await request.document(
            "CompleteMultipartUpload",
            limit: 4 << 20,
            checksum: .ofObject
        )
        let parts = try document.children(named: "Part").map(Self.listedPart)
            .reduce(into: [ListedPart]()) { parts, part in
                // A part that was sent twice may be listed twice: the later one counts.
                if parts.last?.number == part.number { parts.removeLast() }
                parts.append(part)
            }
        guard (1...10_000).contains(parts.count) else { throw ServiceError.malformedXML }
        let record = try await store.complete(
            upload,
            in: bucket,
            parts: parts,
            size: try announcedSize(request),
            checksum: value,
            if: condition
        )
        var headers = HTTPFields()
        if record.version != .null { headers.set("x-amz-version-id", record.version.description) }
        headers.set("x-amz-expiration", expiry(of: record))
        headers.setEncryption(of: upload.headers, request)
        return .document(
            XMLElement("CompleteMultipartUploadResult") {
                XMLElement("Location", location(request, bucket, record.key))
                XMLElement("Bucket", bucket.name)
                XMLElement("Key", record.key.description)
                XMLElement.eTag(record.eTag)
                checksumElements(record.checksum)
            },
            headers: headers
        )
    }

    private func announcedSize(_ request: S3Request) throws -> Int? {
        try request.header("x-amz-mp-object-size").map { text in
            guard let size = Int(text), size >= 0 else {
                throw ServiceError.invalidRequest("Value for x-amz-mp-object-size header is invalid.")
            }
            return size
        }
    }

    private static func listedPart(_ element: XMLElement) throws -> ListedPart {
        guard let number = element["PartNumber"].flatMap({ Int($0.text) }), let eTag = element["ETag"]?.text
        else {
            throw ServiceError.malformedXML
        }
        guard (1...10_000).contains(number) else { throw ObjectStoreError.partNumberOutOfRange(number) }
        let checksum = ChecksumAlgorithm.allCases.lazy.compactMap { element[$0.element]?.text }.first
        return ListedPart(
            number: number,
            eTag: eTag.trimmingCharacters(in: CharacterSet(charactersIn: "\" ")),
            checksum: checksum
        )
    }

    private func location(_ request: S3Request, _ bucket: Bucket, _ key: ObjectKey) -> String {
        let host = request.call.head.authority ?? "localhost"
        let scheme = request.call.head.scheme ?? "http"
        return "\(scheme)://\(host)/\(bucket.name)/\(PercentEncoding.encode(key.description, slash: .kept))"
    }

    func abortMultipartUpload(_ request: S3Request) async throws -> ServerResponse {
        let (_, upload) = try await upload(request)
        try await store.abort(upload)
        return .empty(.noContent)
    }

    /// The upload that a request names.
    func upload(_ request: S3Request) async throws -> (Bucket, MultipartUpload) {
        let bucket = try bucket(request)
        let id = request.parameter("uploadId") ?? ""
        return (bucket, try await store.multipartUpload(id, of: request.key, in: bucket))
    }

    private func part(_ request: S3Request) async throws -> (Bucket, MultipartUpload, number: Int) {
        let text = request.parameter("partNumber") ?? ""
        guard let number = Int(text), (1...10_000).contains(number) else {
            throw ServiceError.invalidArgument(
                "Part number must be an integer between 1 and 10000, inclusive",
                name: "partNumber",
                value: text
            )
        }
        let (bucket, upload) = try await upload(request)
        return (bucket, upload, number)
    }
}
