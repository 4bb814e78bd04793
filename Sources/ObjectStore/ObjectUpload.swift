import Foundation
import GRDB
package import NIOCore

/// An object on its way in.
///
/// Nothing is visible before `finish`; an upload that is dropped instead leaves nothing.
package struct ObjectUpload: ~Copyable {
    private let store: ObjectStore
    private let bucket: Bucket
    private let volume: Volume
    private let key: ObjectKey
    private let headers: ObjectHeaders
    private let algorithm: ChecksumAlgorithm?
    private let cipher: ObjectCipher?
    /// A small object stays in memory until it is known to be whole.
    private var gathered = ByteBuffer()
    /// Where a larger one is written while it comes.
    private var stream: Stream?

    private struct Stream: ~Copyable {
        let temporary: TemporaryFile
        var writer: DigestingWriter
    }

    /// Bytes that are held in memory at most.
    fileprivate static let smallSize = 64 << 10

    /// Largest object: 5 TiB, as in S3.
    package static let sizeLimit = 5 << 40

    init(
        store: ObjectStore,
        bucket: Bucket,
        key: ObjectKey,
        headers: ObjectHeaders,
        algorithm: ChecksumAlgorithm?,
        cipher: ObjectCipher?
    ) {
        self.store = store
        self.bucket = bucket
        volume = store.files.volume(for: bucket.name)
        self.key = key
        self.headers = headers
        self.algorithm = algorithm
        self.cipher = cipher
    }

    /// Takes the next bytes in; waits while the disk or the digests are behind.
    ///
    /// - Throws: `ObjectStoreError.outOfSpace` or `.fileFailure`.
    package mutating func write(_ buffer: ByteBuffer) async throws {
        if stream?.temporary == nil {
            if gathered.readableBytes + buffer.readableBytes <= Self.smallSize {
                gathered.writeImmutableBuffer(buffer)
                return
            }
            try await begin(length: nil)
        }
        try await stream?.writer.write(buffer)
    }

    /// Begins the file.
    fileprivate mutating func begin(length: Int?) async throws {
        let temporary = try await store.temporaryFile(for: length, on: volume)
        var writer = DigestingWriter(temporary.file, checksum: algorithm, cipher: cipher)
        if gathered.readableBytes > 0 { try await writer.write(gathered) }
        gathered = ByteBuffer()
        stream = Stream(temporary: temporary, writer: writer)
    }

    /// Makes the object durable and visible.
    ///
    /// - Parameters:
    ///   - announced: What the client said about the bytes.
    ///   - condition: What must hold for the object that is replaced.
    /// - Returns: The record as it was committed.
    /// - Throws: `ObjectStoreError`; then the key is as it was before.
    package consuming func finish(
        _ announced: AnnouncedDigests = AnnouncedDigests(),
        if condition: WriteCondition = .none
    ) async throws -> ObjectRecord {
        guard let temporary = stream?.temporary, let digests = try await stream?.writer.finish() else {
            return try await finishSmall(announced, if: condition)
        }
        try digests.verify(announced, algorithm)
        return try await store.commit(
            record(digests, file: temporary.id),
            in: bucket,
            if: condition,
            blocks: { _ in digests.blocks },
            publish: { [volume, temporary] in
                let folder = try volume.publish(temporary.file, as: temporary.id)
                temporary.keep()
                return folder
            }
        )
    }

    /// Writes the bytes where they stay: a file that is whole at once needs no other name before.
    private func finishSmall(
        _ announced: AnnouncedDigests,
        if condition: WriteCondition
    ) async throws -> ObjectRecord {
        let bytes = gathered
        let start = RunningDigests(checksum: algorithm.map(RunningChecksum.init))
        let stored = try cipher?.apply(bytes, at: 0) ?? bytes
        let digests = start.advanced(over: bytes, storedAs: stored).digests(size: bytes.readableBytes)
        try digests.verify(announced, algorithm)
        let record = record(digests, file: volume.newID())
        let isJournaled = store.journal.takes(stored.readableBytes)
        return try await store.commit(
            record,
            in: bucket,
            if: condition,
            blocks: { _ in digests.blocks },
            publish: { [volume] in
                if try volume.isShort(of: bytes.readableBytes) {
                    throw ObjectStoreError.outOfSpace(path: volume.root)
                }
                return try volume.write(stored, as: record.file, isJournaled: isJournaled)
            },
            with: { [journal = store.journal] database in
                if isJournaled { try journal.insert(record.file, stored, database) }
                return []
            }
        )
    }

    private func record(_ digests: Digests, file: FileID) -> ObjectRecord {
        ObjectRecord(
            bucket: bucket.name,
            key: key,
            size: digests.size,
            eTag: (cipher?.seal(digests.md5) ?? digests.md5).hex,
            modified: Date(milliseconds: store.now().milliseconds),
            file: file,
            checksum: digests.checksum.flatMap { digest in
                algorithm.map { .init(algorithm: $0, form: .fullObject, value: digest.base64EncodedString()) }
            },
            headers: headers,
            parts: nil
        )
    }
}

extension ObjectStore {
    /// Begins an object.
    ///
    /// - Parameters:
    ///   - key: What it will be called.
    ///   - bucket: Where it will be.
    ///   - headers: Stored with it.
    ///   - length: Bytes that will come, if known: a disk without room for them is refused at once.
    ///   - checksum: Computed and stored beside the MD5.
    ///   - cipher: Of the headers' encryption with a key of the client's.
    /// - Returns: Where the bytes go.
    /// - Throws: `ObjectStoreError.outOfSpace`, `.tooLarge` or `.fileFailure`.
    package func upload(
        _ key: ObjectKey,
        in bucket: Bucket,
        headers: ObjectHeaders = ObjectHeaders(),
        length: Int? = nil,
        checksum: ChecksumAlgorithm? = nil,
        cipher: ObjectCipher? = nil
    ) async throws -> ObjectUpload {
        precondition((headers.customerEncryption == nil) == (cipher == nil), "a mark without its cipher")
        var upload = ObjectUpload(
            store: self,
            bucket: bucket,
            key: key,
            headers: headers,
            algorithm: checksum,
            cipher: cipher
        )
        if let length, length > ObjectUpload.smallSize { try await upload.begin(length: length) }
        return upload
    }

    /// A file for so many bytes.
    func temporaryFile(for length: Int?, on volume: Volume) async throws -> TemporaryFile {
        if let length, length > ObjectUpload.sizeLimit {
            throw ObjectStoreError.tooLarge(size: length, limit: ObjectUpload.sizeLimit)
        }
        return try await BlockingWork.run {
            if try volume.isShort(of: length ?? 0) {
                throw ObjectStoreError.outOfSpace(path: volume.root)
            }
            return try volume.temporary()
        }
    }

    /// Publishes a file and makes a record of it the key's object.
    ///
    /// - Parameters:
    ///   - record: Names the file.
    ///   - bucket: Where the object is.
    ///   - condition: What must hold for the object that is replaced.
    ///   - blocks: Gives the digests of the file, in the transaction; none where they are not known.
    ///   - publish: Gives the file its final name, and the folder whose entries may not be on the disk yet; blocks.
    ///   - change: What else the transaction does; it returns files in `incoming` that are removed afterwards.
    /// - Returns: The record as it was written.
    /// - Throws: What `publish` and `change` throw, or `ObjectStoreError`; then the published file is gone.
    func commit(
        _ record: ObjectRecord,
        in bucket: Bucket,
        if condition: WriteCondition,
        blocks: @escaping @Sendable (Database) throws -> BlockDigests?,
        publish: @escaping @Sendable () throws -> String?,
        with change: @escaping @Sendable (Database) throws -> [FileID] = { _ in [] }
    ) async throws -> ObjectRecord {
        // One visit to one thread: on the way to another, a small object would spend as long as on the disk.
        let outcome = try await BlockingWork.run { [committer] in
            let folder = try publish()
            return Result {
                try committer.commitNow(flushing: folder.map { [$0] } ?? []) { database in
                    let blocks = try blocks(database)
                    let leftovers = try change(database)
                    return (leftovers, try record.write(in: bucket, if: condition, blocks: blocks, database))
                }
            }
        }
        do {
            let (leftovers, (written, replaced)) = try outcome.get()
            await remove(replaced)
            await removeIncoming(leftovers)
            return written
        } catch {
            await removeUnlessNamed(record.file)
            throw error
        }
    }

    /// Removes a published file whose commit failed, unless the index names it after all.
    ///
    /// If the index cannot even be asked, the next start finds out.
    private func removeUnlessNamed(_ file: FileID) async {
        do {
            let isNamed = try await committer.commit { database in
                try Bool.fetchOne(
                    database,
                    sql: "SELECT EXISTS (SELECT 1 FROM named WHERE file = ?)",
                    arguments: [file.number]
                )
            }
            guard isNamed != true else { return }
            try await BlockingWork.run { [files] in try files.remove(file) }
        } catch {
            // See above.
        }
    }
}

extension Data {
    /// Lower-case hex digits.
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
