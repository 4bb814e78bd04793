import AgentProtocol
import Glibc
import ObjectAccess

/// Writes the data of one epoch into a FIFO: objects one after the other, decompressed and framed where the channel says
/// so.
struct PipeWriter {
    let source: ObjectSource
    /// Open for writing; not closed here.
    let output: Int32
    let far: any ObjectStreamer

    /// Bytes of a decompressed object that wait in memory for their length to be known; a longer one is read twice.
    private static let mostInMemory = 16 << 20

    /// Writes everything.
    ///
    /// - Throws: `ReaderClosed`, `InstanceFailure`, `ListingError`, `SystemError`.
    func write(_ items: inout ReadAhead) throws {
        while let piece = try items.next() {
            switch piece {
            case .literal(let bytes):
                var frames = Frames(isRecordIO: source.isRecordIO, length: bytes.count, output: output)
                try frames.write(bytes)
                try frames.finish()
            case .object(let stored):
                defer { stored.cancel() }
                try write(stored)
            }
        }
    }

    private func write(_ stored: StoredItem) throws {
        if source.isGzip, source.isRecordIO { return try writeOfUnknownLength(stored) }
        var frames = Frames(isRecordIO: source.isRecordIO, length: stored.size, output: output)
        if !source.isGzip, case let file = try stored.open(), file >= 0 {
            defer { close(file) }
            do {
                try frames.splice(from: file, stored.size)
            } catch let error as ShortObject {
                try stored.check(file)
                throw error
            }
            try stored.check(file)
        } else {
            let content = try ObjectBytes(stored, isGzip: source.isGzip)
            while case let bytes = try content.next(), !bytes.isEmpty { try frames.write(bytes) }
        }
        try frames.finish()
    }

    /// The length is known only at the end, but a record begins with it.
    private func writeOfUnknownLength(_ stored: StoredItem) throws {
        var start: [UInt8] = []
        var length = 0
        let content = try ObjectBytes(stored, isGzip: true)
        while case let bytes = try content.next(), !bytes.isEmpty {
            length += bytes.count
            if length <= Self.mostInMemory { start += bytes } else { start = [] }
        }
        var frames = Frames(isRecordIO: true, length: length, output: output)
        if length <= Self.mostInMemory {
            try frames.write(start)
        } else {
            let again = stored.again(from: far)
            defer { again.cancel() }
            let content = try ObjectBytes(again, isGzip: true)
            while case let bytes = try content.next(), !bytes.isEmpty { try frames.write(bytes) }
        }
        try frames.finish()
    }
}
