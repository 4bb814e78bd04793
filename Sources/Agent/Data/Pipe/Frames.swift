import CLinux
import Glibc

/// What one object looks like in a FIFO: its bytes, or RecordIO around them.
///
/// A record is a magic number, a word with the length in its low 29 bits, the bytes, and zeros up to a multiple of four.
/// Longer objects are split; the top three bits of the word say so: 1 for the first part, 2, 3 for the last.
package struct Frames {
    private let output: Int32
    private let isRecordIO: Bool
    /// Bytes that are still to come.
    private var rest: Int
    /// Bytes that are still to come in this part.
    private var partRest = 0
    private var parts = 0
    private var padding = 0

    /// The longest part: a multiple of four, so that only the last one has padding.
    package static let longestPart = 1 << 29 - 4

    /// Of an object of `length` bytes.
    package init(isRecordIO: Bool, length: Int, output: Int32) {
        self.output = output
        self.isRecordIO = isRecordIO
        rest = length
    }

    /// Writes the next bytes of the object.
    ///
    /// - Throws: `ReaderClosed`, `SystemError`.
    package mutating func write(_ bytes: [UInt8]) throws {
        guard isRecordIO else { return try Self.write(bytes[...], to: output) }
        var bytes = bytes[...]
        while !bytes.isEmpty {
            if partRest == 0 { try beginPart() }
            let now = bytes.prefix(partRest)
            try Self.write(now, to: output)
            bytes = bytes.dropFirst(now.count)
            partRest -= now.count
        }
    }

    /// Writes the next `count` bytes from a file's position on, without a copy where the system can.
    ///
    /// - Throws: `ReaderClosed`, `SystemError`, `ShortObject`.
    package mutating func splice(from file: Int32, _ count: Int) throws {
        var left = count
        while left > 0 {
            if isRecordIO, partRest == 0 { try beginPart() }
            let moved = clx_splice(file, output, isRecordIO ? min(left, partRest) : left)
            switch moved {
            case 1...:
                left -= Int(moved)
                if isRecordIO { partRest -= Int(moved) }
            case 0: throw ShortObject()
            case -Int64(EPIPE): throw ReaderClosed()
            case -Int64(EINVAL): return try copy(from: file, left)
            default: throw SystemError("write into a FIFO", code: Int32(-moved))
            }
        }
    }

    /// Ends the object.
    package mutating func finish() throws {
        guard isRecordIO else { return }
        if parts == 0 { try beginPart() }
        guard rest == 0, partRest == 0 else { throw ShortObject() }
        guard padding > 0 else { return }
        try Self.write([UInt8](repeating: 0, count: padding)[...], to: output)
    }

    /// For file systems that cannot splice.
    private mutating func copy(from file: Int32, _ count: Int) throws {
        var left = count
        while left > 0 {
            let most = min(left, 1 << 18)
            var got = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
                repeat { got = read(file, buffer.baseAddress, most) } while got < 0 && errno == EINTR
                count = max(0, got)
            }
            guard got >= 0 else { throw SystemError("read an object", code: errno) }
            guard got > 0 else { throw ShortObject() }
            try write(bytes)
            left -= got
        }
    }

    private mutating func beginPart() throws {
        // More bytes than were announced.
        guard rest > 0 || parts == 0 else { throw ShortObject() }
        let length = min(rest, Self.longestPart)
        rest -= length
        partRest = length
        padding = (4 - length % 4) % 4
        let kind: UInt32 = parts == 0 ? (rest == 0 ? 0 : 1) : (rest == 0 ? 3 : 2)
        parts += 1
        var header: [UInt8] = []
        for word in [0xCED7_230A, UInt32(length) | kind << 29] {
            for shift in [0, 8, 16, 24] { header.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
        }
        try Self.write(header[...], to: output)
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to output: Int32) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                throw ReaderClosed()
            } else if errno != EINTR {
                throw SystemError("write into a FIFO", code: errno)
            }
        }
    }
}

/// An object has another length than its listing says.
package struct ShortObject: Error, CustomStringConvertible {
    package var description: String { "an object has not the length that the object store says" }
}
