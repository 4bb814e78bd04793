import AgentProtocol
import Archive
import Glibc
import NIOCore
import ObjectAccess

/// The content of an object, chunk by chunk, decompressed where that was asked for.
final class ObjectBytes {
    private let object: DataObject
    /// -1 for a far object.
    private let file: Int32
    private let queue: ChunkQueue?
    private let gunzip: Gunzip?
    private var isAtEnd = false

    private static let chunkSize = 1 << 18

    /// - Throws: `InstanceFailure` if the object is gone, `SystemError`, `ArchiveError`.
    init(_ piece: ReadAhead.Stored, isGzip: Bool) throws {
        object = piece.object
        gunzip = isGzip ? try Gunzip() : nil
        switch piece.place {
        case .near(let path): (file, queue) = (try Self.open(piece.object, path: path), nil)
        case .far(let queue): (file, self.queue) = (-1, queue)
        }
    }

    deinit { if file >= 0 { close(file) } }

    /// Opens a near object's file; the caller closes it.
    static func open(_ object: DataObject, path: String) throws -> Int32 {
        let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else {
            if errno == ENOENT { throw InstanceFailure.vanished(object) }
            throw SystemError("open \(object.location)", code: errno)
        }
        return number
    }

    /// The next bytes; empty at the end.
    ///
    /// - Throws: `InstanceFailure` if the object cannot be read or is no gzip file, `SystemError`.
    func next() throws -> [UInt8] {
        guard let gunzip else { return try nextStored() }
        do {
            while true {
                let bytes = try gunzip.pull()
                if !bytes.isEmpty || isAtEnd { return bytes }
                let stored = try nextStored()
                if stored.isEmpty {
                    isAtEnd = true
                    try gunzip.finish()
                    return []
                }
                gunzip.push(stored)
            }
        } catch let error as ArchiveError where error.isClientsFault {
            throw InstanceFailure(
                blame: .client,
                message: """
                    Data download failed: the channel has CompressionType Gzip, and \(object.location) is not a whole \
                    gzip file.
                    """
            )
        }
    }

    private func nextStored() throws -> [UInt8] {
        guard let queue else { return try Self.read(file, object) }
        do {
            return try queue.take().map { Array($0.readableBytesView) } ?? []
        } catch {
            throw InstanceFailure(
                blame: error.isClientsFault ? .client : .platform,
                message: "Data download failed: \(error)"
            )
        }
    }

    private static func read(_ file: Int32, _ object: DataObject) throws(SystemError) -> [UInt8] {
        var status = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: chunkSize) { buffer, count in
            repeat {
                status = Glibc.read(file, buffer.baseAddress, chunkSize)
            } while status < 0 && errno == EINTR
            count = max(0, status)
        }
        guard status >= 0 else { throw SystemError("read \(object.location)", code: errno) }
        return bytes
    }
}
