import Checksums
import Crypto
import Foundation
import GRDB
import NIOCore

/// A part as Complete lists it.
package struct ListedPart: Sendable {
    package let number: Int
    /// Without quotes.
    package let eTag: String
    /// Base64 of the part's digest, if the client gives it.
    package let checksum: String?

    package init(number: Int, eTag: String, checksum: String? = nil) {
        self.number = number
        self.eTag = eTag
        self.checksum = checksum
    }
}

extension ObjectStore {
    /// Makes one object of the listed parts; the upload is over then.
    ///
    /// - Parameters:
    ///   - upload: The upload to end.
    ///   - bucket: Its bucket.
    ///   - listed: At least one part, in ascending order.
    ///   - size: The object's size as the client computed it.
    ///   - checksum: The object's checksum as the client computed it, base64.
    ///   - condition: What must hold for the object that is replaced.
    /// - Returns: The object's record.
    /// - Throws: `ObjectStoreError`; the upload is still open then and can be completed again.
    package func complete(
        _ upload: MultipartUpload,
        in bucket: Bucket,
        parts listed: [ListedPart],
        size: Int? = nil,
        checksum: String? = nil,
        if condition: WriteCondition = .none
    ) async throws -> ObjectRecord {
        try await learnSlots(of: upload)
        // A second Complete beside this one finds the upload taken, as it would a moment later.
        guard let isQuiet = slots.seal(upload.id) else { throw ObjectStoreError.noSuchUpload(upload.id) }
        defer { slots.unseal(upload.id) }
        let (upload, stored) = try await index.read { database in
            let present = try MultipartUpload.find(upload.id, key: upload.key, in: bucket, database)
            return (present, try UploadedPart.fetch(of: present, database))
        }
        let parts = try Self.select(listed, from: stored)
        let sum = try Self.checksum(of: parts, upload)
        if let checksum, let sum, checksum != sum.value {
            throw ObjectStoreError.digestMismatch(
                digest: sum.algorithm.rawValue,
                expected: checksum,
                computed: sum.value
            )
        }
        let volume = files.volume(of: upload.file)
        let assembly = PartAssembly(volume: volume, upload: upload, parts: parts, mayUseCommonFile: isQuiet)
        if let size, size != assembly.size {
            throw ObjectStoreError.wrongLength(announced: size, received: assembly.size)
        }
        let md5 = Data(Insecure.MD5.hash(data: parts.reduce(into: Data()) { $0 += $1.md5 }))
        var sizes = PartSizes(parts.map(\.size))
        if sum != nil { sizes.digests = Data(parts.compactMap(\.digest).joined()) }
        if upload.headers.customerEncryption != nil { sizes.streams = parts.map { $0.stream ?? 0 } }
        let record = ObjectRecord(
            bucket: bucket.name,
            key: upload.key,
            size: assembly.size,
            eTag: "\(md5.hex)-\(parts.count)",
            modified: Date(milliseconds: now().milliseconds),
            file: volume.newID(),
            checksum: sum,
            headers: upload.headers,
            parts: sizes
        )
        let blocks = Self.blocks(of: parts)
        let written = try await commit(
            record,
            in: bucket,
            if: condition,
            blocks: { _ in blocks },
            publish: { try assembly.publish(as: record.file) },
            with: { database in try upload.remove(database) }
        )
        slots.forget(upload.id)
        return written
    }

    /// Digests of the object's blocks; `nil` if those of one part are not known.
    private static func blocks(of parts: [UploadedPart]) -> BlockDigests? {
        var blocks = BlockDigests()
        for part in parts {
            guard let digests = part.blocks else { return nil }
            blocks.append(digests)
        }
        return blocks
    }

    /// Checks the list against the parts that there are.
    private static func select(
        _ listed: [ListedPart],
        from stored: [UploadedPart]
    ) throws(ObjectStoreError) -> [UploadedPart] {
        let byNumber = Dictionary(uniqueKeysWithValues: stored.map { ($0.number, $0) })
        var parts: [UploadedPart] = []
        for item in listed {
            if let last = parts.last, last.number >= item.number { throw .invalidPartOrder }
            guard let part = byNumber[item.number], part.eTag == item.eTag.lowercased(),
                item.checksum == nil || part.digest == nil
                    || item.checksum == part.digest?.base64EncodedString()
            else { throw .invalidPart(number: item.number) }
            parts.append(part)
        }
        for part in parts.dropLast() where part.size < 5 << 20 {
            throw .partTooSmall(number: part.number, size: part.size)
        }
        let size = parts.reduce(0) { $0 + $1.size }
        guard size <= ObjectUpload.sizeLimit else {
            throw .tooLarge(size: size, limit: ObjectUpload.sizeLimit)
        }
        return parts
    }

    /// The object's checksum from those of its parts.
    private static func checksum(
        of parts: [UploadedPart],
        _ upload: MultipartUpload
    ) throws -> ObjectChecksum? {
        guard let algorithm = upload.algorithm, let form = upload.form else { return nil }
        let digests = parts.compactMap(\.digest)
        guard digests.count == parts.count, let first = digests.first else { return nil }
        switch form {
        case .composite:
            var whole = RunningChecksum(algorithm)
            whole.update(.init(bytes: digests.joined()))
            let value = "\(whole.digest.base64EncodedString())-\(parts.count)"
            return ObjectChecksum(algorithm: algorithm, form: form, value: value)
        case .fullObject:
            let whole = zip(digests, parts).dropFirst().reduce(first) { sum, next in
                algorithm.combine(sum, next.0, length: next.1.size)
            }
            return ObjectChecksum(algorithm: algorithm, form: form, value: whole.base64EncodedString())
        }
    }
}

extension ChecksumAlgorithm {
    /// The check of two pieces in a row; only the cyclic checks have one.
    fileprivate func combine(_ first: Data, _ second: Data, length: Int) -> Data {
        switch self {
        case .crc32: CRC32.combine(first.bigEndian(), second.bigEndian(), secondLength: length).data
        case .crc32c: CRC32C.combine(first.bigEndian(), second.bigEndian(), secondLength: length).data
        case .crc64nvme: CRC64NVME.combine(first.bigEndian(), second.bigEndian(), secondLength: length).data
        case .sha1, .sha256: preconditionFailure("\(rawValue) has no full-object form in a multipart upload")
        }
    }
}

extension Data {
    fileprivate func bigEndian<Word: FixedWidthInteger>() -> Word { reduce(0) { $0 << 8 | Word($1) } }
}

extension FixedWidthInteger {
    /// The bytes, most significant first.
    fileprivate var data: Data {
        Data(
            stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) }
        )
    }
}
