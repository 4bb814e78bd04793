import Foundation
import GRDB

extension ObjectStore {
    /// Begins a multipart upload.
    ///
    /// - Parameters:
    ///   - key: What the object will be called.
    ///   - bucket: Where it will be.
    ///   - headers: Stored with it.
    ///   - checksum: Checksum that parts and object shall have.
    ///   - form: What the object's checksum covers; the algorithm's default if `nil`.
    /// - Returns: The open upload.
    /// - Throws: `ObjectStoreError.noSuchBucket`, `.outOfSpace` or `.fileFailure`.
    package func createUpload(
        _ key: ObjectKey,
        in bucket: Bucket,
        headers: ObjectHeaders = ObjectHeaders(),
        checksum: ChecksumAlgorithm? = nil,
        form: ChecksumForm? = nil
    ) async throws -> MultipartUpload {
        let volume = files.volume(for: bucket.name)
        let common = try await temporaryFile(for: nil, on: volume)
        let id = (0..<4).map { _ in
            Data(String(UInt64.random(in: 1 << 36 ... .max), radix: 36).utf8.suffix(8))
        }
        let upload = MultipartUpload(
            id: String(decoding: Data(id.joined()), as: UTF8.self),
            key: key,
            created: Date(milliseconds: now().milliseconds),
            headers: headers,
            algorithm: checksum,
            form: checksum.map { form ?? $0.defaultForm },
            file: common.id,
            partSize: nil
        )
        try await committer.commit(flushing: [volume.incoming]) { try upload.insert(in: bucket, $0) }
        common.keep()
        return upload
    }

    /// The open upload of an id.
    ///
    /// - Throws: `ObjectStoreError.noSuchUpload`.
    package func multipartUpload(
        _ id: String,
        of key: ObjectKey,
        in bucket: Bucket
    ) async throws -> MultipartUpload {
        try await index.read { try MultipartUpload.find(id, key: key, in: bucket, $0) }
    }

    /// Begins a part.
    ///
    /// - Parameters:
    ///   - number: 1–10,000.
    ///   - upload: The open upload.
    ///   - length: Bytes that will come, if known; without it the part cannot be given its place in the common file.
    ///   - checksum: Computed beside the MD5 if the upload itself asked for none.
    ///   - cipher: Of the upload's encryption with a key of the client's.
    /// - Returns: Where the bytes go.
    /// - Throws: `ObjectStoreError.partNumberOutOfRange`, `.noSuchUpload`, `.outOfSpace`, `.tooLarge` or `.fileFailure`.
    package func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        length: Int?,
        checksum: ChecksumAlgorithm? = nil,
        cipher: ObjectCipher? = nil
    ) async throws -> PartUpload {
        precondition(
            (upload.headers.customerEncryption == nil) == (cipher == nil),
            "a mark without its cipher"
        )
        guard (1...10_000).contains(number) else { throw ObjectStoreError.partNumberOutOfRange(number) }
        try await learnSlots(of: upload)
        let algorithm = upload.algorithm ?? checksum
        var cipher = cipher
        // A part that is sent twice must not give two texts under one stream.
        cipher?.stream = .random(in: .min ... .max)
        let volume = files.volume(of: upload.file)
        if let length, let claim = slots.claim(number, size: length, of: upload.id) {
            let path = volume.incomingPath(upload.file)
            let isShort = try await BlockingWork.run { try volume.isShort(of: length) }
            guard !isShort else { throw ObjectStoreError.outOfSpace(path: volume.root) }
            let file = try await BlockingWork.run { () throws -> OpenFile in
                do { return try OpenFile(path, .write) } catch ObjectStoreError.fileFailure(_, _, ENOENT) {
                    throw ObjectStoreError.noSuchUpload(upload.id)
                }
            }
            return PartUpload(
                store: self,
                upload: upload,
                number: number,
                algorithm: algorithm,
                length: length,
                cipher: cipher,
                place: .common(claim, file)
            )
        }
        let temporary = try await temporaryFile(for: length, on: volume)
        return PartUpload(
            store: self,
            upload: upload,
            number: number,
            algorithm: algorithm,
            length: length,
            cipher: cipher,
            place: .own(temporary)
        )
    }

    /// Ends an upload and removes its parts.
    ///
    /// - Throws: `ObjectStoreError.noSuchUpload`.
    package func abort(_ upload: MultipartUpload) async throws {
        let leftovers = try await committer.commit { try upload.remove($0) }
        slots.forget(upload.id)
        await removeIncoming(leftovers)
    }

    /// Parts of an upload in the order of their numbers: at most `limit` of those that come after `number`.
    package func parts(
        of upload: MultipartUpload,
        after number: Int,
        limit: Int
    ) async throws -> [UploadedPart] {
        try await index.read { try UploadedPart.fetch(of: upload, after: number, limit: limit, $0) }
    }

    func learnSlots(of upload: MultipartUpload) async throws {
        guard !slots.isKnown(upload.id) else { return }
        let (partSize, taken) = try await index.read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT part_size FROM upload WHERE id = ?",
                arguments: [upload.id]
            )
            guard let row else { throw ObjectStoreError.noSuchUpload(upload.id) }
            let parts = try UploadedPart.fetch(of: upload, database)
            return (row[0] as Int?, parts.filter { $0.file == nil }.map(\.number))
        }
        slots.learn(upload.id, partSize: partSize, taken: Set(taken))
    }
}
