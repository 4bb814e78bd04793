import Crypto
import Foundation
import NIOCore

/// Writes a stream into a file while its digests are computed beside it.
///
/// The bytes are gathered into chunks of a MiB or a few. A chunk is written, and each digest is advanced over it, on threads of
/// their own while the next chunk is gathered: the stream goes as fast as the slowest of them (MD5), not as their sum.
/// Two chunks are held at most.
struct DigestingWriter: ~Copyable {
    private static let smallChunk = 64 << 10
    /// A long stream pays for larger chunks with fewer pauses between them; many short ones at once stay small.
    private var chunkSize: Int { count < 64 << 20 ? 1 << 20 : 4 << 20 }

    private let file: OpenFile
    private let start: Int
    /// Bytes taken in.
    private(set) var count = 0
    private var gathered = ByteBuffer()
    private var digests: RunningDigests
    private let lease: SlotClaim?
    /// Encrypts what is written; the digests of the client are of the bytes as they came.
    private let cipher: ObjectCipher?
    /// The chunk under way; always waited for before the next one starts.
    private var underway: Task<RunningDigests, any Error>?

    /// - Parameters:
    ///   - file: Where the bytes go.
    ///   - start: Position of the first byte.
    ///   - lease: The right to write there; held until the last byte is written, even if the writer is dropped before.
    ///   - checksum: Computed beside the MD5.
    ///   - cipher: Encrypts what is written; `nil` for bytes that are stored as they come.
    init(
        _ file: OpenFile,
        at start: Int = 0,
        lease: SlotClaim? = nil,
        checksum: ChecksumAlgorithm?,
        cipher: ObjectCipher? = nil
    ) {
        self.lease = lease
        self.cipher = cipher
        self.file = file
        self.start = start
        digests = RunningDigests(checksum: checksum.map(RunningChecksum.init))
    }

    /// Takes the next bytes in; waits while the chunk before is not done.
    mutating func write(_ buffer: ByteBuffer) async throws {
        var buffer = buffer
        count += buffer.readableBytes
        if gathered.readableBytes == 0, buffer.readableBytes >= chunkSize {
            gathered = buffer
        } else {
            if gathered.capacity == 0 { gathered = ByteBufferAllocator().buffer(capacity: chunkSize) }
            gathered.writeBuffer(&buffer)
        }
        if gathered.readableBytes >= chunkSize { try await flush() }
    }

    /// Waits until every byte is handed to the file system.
    ///
    /// - Returns: The digests of all of them.
    mutating func finish() async throws -> Digests {
        if gathered.readableBytes > 0 { try await flush() }
        try await settle()
        return digests.digests(size: count)
    }

    private mutating func settle() async throws {
        guard let task = underway else { return }
        underway = nil
        digests = try await task.value
    }

    private mutating func flush() async throws {
        try await settle()
        let chunk = gathered
        let offset = count - chunk.readableBytes
        let position = start + offset
        gathered = ByteBuffer()
        if chunk.readableBytes <= Self.smallChunk {
            // One trip to another thread costs more than all of it.
            digests = try await BlockingWork.run { [digests, file, lease, cipher] in
                defer { withExtendedLifetime(lease) {} }
                let stored = try cipher?.apply(chunk, at: offset) ?? chunk
                try file.write(stored, at: position)
                return digests.advanced(over: chunk, storedAs: stored)
            }
            return
        }
        underway = Task { [digests, file, lease, cipher] in
            let stored =
                if let cipher {
                    try await BlockingWork.run { try cipher.apply(chunk, at: offset) }
                } else { chunk }
            async let written: Void = BlockingWork.run {
                defer { withExtendedLifetime(lease) {} }
                try file.write(stored, at: position)
                // A busy disk makes it wait, and nothing here has to wait for it.
                BlockingWork.begin { file.beginFlushing(position..<position + stored.readableBytes) }
            }
            async let checksum = digests.checksum(after: chunk)
            async let blocks = digests.blocks(after: stored)
            let md5 = try await BlockingWork.run {
                var md5 = digests.md5
                chunk.withUnsafeReadableBytes { md5.update(bufferPointer: $0) }
                return md5
            }
            try await written
            return RunningDigests(md5: md5, checksum: try await checksum, blocks: try await blocks)
        }
    }
}

/// The digests of the bytes so far.
struct RunningDigests: Sendable {
    var md5 = Insecure.MD5()
    var checksum: RunningChecksum?
    /// What later reads are compared with.
    var blocks = RunningBlocks()

    /// All of them with one more chunk in them, which the file may have encrypted.
    func advanced(over chunk: ByteBuffer, storedAs stored: ByteBuffer) -> RunningDigests {
        var next = self
        chunk.withUnsafeReadableBytes { next.md5.update(bufferPointer: $0) }
        next.checksum?.update(chunk)
        next.blocks.update(stored)
        return next
    }

    /// What they are of so many bytes in all.
    func digests(size: Int) -> Digests {
        Digests(
            size: size,
            md5: Data(md5.finalize()),
            checksum: checksum.map(\.digest),
            blocks: blocks.digests
        )
    }

    /// The block digests with one more chunk in them.
    func blocks(after chunk: ByteBuffer) async throws -> RunningBlocks {
        try await BlockingWork.run {
            var blocks = blocks
            blocks.update(chunk)
            return blocks
        }
    }

    /// The checksum with one more chunk in it.
    func checksum(after chunk: ByteBuffer) async throws -> RunningChecksum? {
        guard let checksum else { return nil }
        return try await BlockingWork.run {
            var checksum = checksum
            checksum.update(chunk)
            return checksum
        }
    }
}

/// What a finished stream was.
struct Digests: Sendable {
    /// Bytes.
    let size: Int
    let md5: Data
    /// Big-endian digest of the requested checksum.
    let checksum: Data?
    var blocks = BlockDigests()

    /// Compares with what the client announced.
    func verify(_ announced: AnnouncedDigests, _ algorithm: ChecksumAlgorithm?) throws(ObjectStoreError) {
        if let length = announced.length, length != size {
            throw .wrongLength(announced: length, received: size)
        }
        if let expected = announced.md5, expected != md5 {
            throw .digestMismatch(
                digest: "MD5",
                expected: expected.base64EncodedString(),
                computed: md5.base64EncodedString()
            )
        }
        if let expected = announced.checksum, let checksum, let algorithm,
            expected != checksum.base64EncodedString()
        {
            throw .digestMismatch(
                digest: algorithm.rawValue,
                expected: expected,
                computed: checksum.base64EncodedString()
            )
        }
    }
}
