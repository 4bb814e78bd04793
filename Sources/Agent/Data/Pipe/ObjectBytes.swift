import AgentProtocol
import Archive
import Glibc
import NIOCore
import ObjectAccess

/// The content of an object or a file, chunk by chunk, decompressed where that was asked for.
final class ObjectBytes {
    private let item: StoredItem
    /// -1 for a far object.
    private let file: Int32
    private let queue: ChunkQueue?
    private let gunzip: Gunzip?
    private var isAtEnd = false

    private static let chunkSize = 1 << 18

    /// - Throws: `InstanceFailure` if the object is gone, `SystemError`, `ArchiveError`.
    init(_ item: StoredItem, isGzip: Bool) throws {
        self.item = item
        gunzip = isGzip ? try Gunzip() : nil
        queue = if case .far(_, let queue) = item { queue } else { nil }
        file = try item.open()
    }

    deinit { if file >= 0 { close(file) } }

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
            if file >= 0 { try item.check(file) }
            throw InstanceFailure(
                blame: .client,
                message: """
                    Data download failed: the channel has CompressionType Gzip, and \(item.address) is not a whole \
                    gzip file.
                    """
            )
        }
    }

    private func nextStored() throws -> [UInt8] {
        guard let queue else {
            let bytes = try Self.read(file, item)
            if bytes.isEmpty { try item.check(file) }
            return bytes
        }
        do {
            return try queue.take().map { Array($0.readableBytesView) } ?? []
        } catch {
            throw InstanceFailure(
                blame: error.isClientsFault ? .client : .platform,
                message: "Data download failed: \(error)"
            )
        }
    }

    private static func read(_ file: Int32, _ item: StoredItem) throws(SystemError) -> [UInt8] {
        var status = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: chunkSize) { buffer, count in
            repeat {
                status = Glibc.read(file, buffer.baseAddress, chunkSize)
            } while status < 0 && errno == EINTR
            count = max(0, status)
        }
        guard status >= 0 else { throw SystemError("read \(item.address)", code: errno) }
        return bytes
    }
}
