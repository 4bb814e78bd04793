import Crypto
import NIOCore

/// SHA-256 of a stream, one piece behind its reader: while the reader stores a piece, the piece is hashed beside it.
///
/// At most one piece is being hashed; the next waits for it. A stage that is dropped leaves a task that ends by itself
/// with that piece.
struct HashingStage: Sendable {
    private var hasher = SHA256()
    private var running: Task<SHA256, Never>?

    /// Smaller pieces are hashed at once: a task costs more than they do.
    private static let smallestPiece = 16 << 10

    init() {}

    /// Takes the next piece in.
    mutating func update(_ piece: ByteBuffer) async {
        await settle()
        guard piece.readableBytes >= Self.smallestPiece else {
            piece.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
            return
        }
        running = Task { @concurrent [hasher] in
            var hasher = hasher
            piece.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
            return hasher
        }
    }

    /// The digest of all pieces.
    mutating func finish() async -> SHA256.Digest {
        await settle()
        return hasher.finalize()
    }

    private mutating func settle() async {
        guard let running else { return }
        hasher = await running.value
        self.running = nil
    }
}
