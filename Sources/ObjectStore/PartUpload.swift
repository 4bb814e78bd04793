import Foundation
package import NIOCore

/// A part of a multipart upload on its way in; dropped before `finish`, it leaves nothing.
package struct PartUpload: ~Copyable {
    private let store: ObjectStore
    private let upload: MultipartUpload
    private let number: Int
    private let algorithm: ChecksumAlgorithm?
    private let length: Int?
    private let place: Place
    private let cipher: ObjectCipher?
    private var writer: DigestingWriter

    /// Where the part is written.
    enum Place: Sendable {
        case common(SlotClaim, OpenFile)
        case own(TemporaryFile)

        var file: OpenFile {
            switch self {
            case .common(_, let file): file
            case .own(let temporary): temporary.file
            }
        }

        var claim: SlotClaim? {
            guard case .common(let claim, _) = self else { return nil }
            return claim
        }
    }

    init(
        store: ObjectStore,
        upload: MultipartUpload,
        number: Int,
        algorithm: ChecksumAlgorithm?,
        length: Int?,
        cipher: ObjectCipher?,
        place: Place
    ) {
        self.store = store
        self.upload = upload
        self.number = number
        self.algorithm = algorithm
        self.length = length
        self.place = place
        self.cipher = cipher
        writer = DigestingWriter(
            place.file,
            at: place.claim?.offset ?? 0,
            lease: place.claim,
            checksum: algorithm,
            cipher: cipher
        )
    }

    /// Takes the next bytes in; waits while the disk or the digests are behind.
    ///
    /// - Throws: `ObjectStoreError.wrongLength` as soon as more bytes come than were announced: they would run into the
    ///   next part's place.
    package mutating func write(_ buffer: ByteBuffer) async throws {
        if let length, writer.count + buffer.readableBytes > length {
            throw ObjectStoreError.wrongLength(
                announced: length,
                received: writer.count + buffer.readableBytes
            )
        }
        try await writer.write(buffer)
    }

    /// Makes the part durable.
    ///
    /// - Parameter announced: What the client said about the bytes.
    /// - Returns: The part as it was committed.
    /// - Throws: `ObjectStoreError`; then an earlier part with the same number is as it was.
    package consuming func finish(
        _ announced: AnnouncedDigests = AnnouncedDigests()
    ) async throws -> UploadedPart {
        let digests = try await writer.finish()
        if let length, length != digests.size {
            throw ObjectStoreError.wrongLength(announced: length, received: digests.size)
        }
        try digests.verify(announced, algorithm)
        let ownFile: FileID? = if case .own(let temporary) = place { temporary.id } else { nil }
        let part = UploadedPart(
            number: number,
            size: digests.size,
            md5: cipher?.seal(digests.md5) ?? digests.md5,
            digest: digests.checksum,
            algorithm: algorithm,
            modified: Date(milliseconds: store.now().milliseconds),
            file: ownFile,
            blocks: digests.blocks,
            stream: cipher?.stream
        )
        let partSize = place.claim?.partSize
        try await BlockingWork.run { [file = place.file] in try file.synchronize() }
        let replaced = try await store.committer.commit(flushing: [
            store.files.volume(of: upload.file).incoming
        ]) {
            [upload] database in
            try part.write(to: upload, partSize: partSize, database)
        }
        switch place {
        case .common(let claim, _): claim.commit()
        case .own(let temporary): temporary.keep()
        }
        if let replaced { await store.removeIncoming([replaced]) }
        return part
    }
}
