import CZlib

/// Decompresses gzip data of one or more members as it comes: what is pushed in can be pulled out.
@safe package final class Gunzip {
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var offset = 0
    private var state = State.before

    private enum State {
        case before, inside
        /// After a member; what follows is another one, or padding.
        case after
        /// In the padding, which is ignored.
        case over
    }

    /// - Throws: `ArchiveError.system` if there is no memory for it.
    package init() throws(ArchiveError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .system("Cannot start decompression (zlib status \(status)).") }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Takes the next compressed bytes, once all before have been pulled out.
    package func push(_ bytes: [UInt8]) {
        input = bytes
        offset = 0
    }

    /// The next decompressed bytes, at most `most`; empty if it wants more.
    ///
    /// - Throws: `ArchiveError.malformed`.
    package func pull(_ most: Int = 1 << 18) throws(ArchiveError) -> [UInt8] {
        while state != .over {
            if state != .inside {
                guard offset < input.count else { return [] }
                if state == .after, input[offset] != 0x1F {
                    state = .over
                    break
                }
                unsafe inflateReset(stream)
                state = .inside
            }
            let (result, status) = inflate(most)
            if status == Z_STREAM_END { state = .after }
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw .malformed("the compressed data is damaged")
            }
            if !result.isEmpty { return result }
            if status != Z_STREAM_END, offset == input.count { return [] }
        }
        return []
    }

    private func inflate(_ most: Int) -> ([UInt8], Int32) {
        var status = Z_OK
        let rest = input.count - offset
        let result = unsafe [UInt8](unsafeUninitializedCapacity: most) { target, count in
            unsafe input.withUnsafeMutableBufferPointer { source in
                unsafe stream.pointee.next_in = source.baseAddress.map { unsafe $0 + offset }
                unsafe stream.pointee.avail_in = UInt32(rest)
                unsafe stream.pointee.next_out = target.baseAddress
                unsafe stream.pointee.avail_out = UInt32(most)
                unsafe status = CZlib.inflate(stream, Z_NO_FLUSH)
            }
            count = unsafe most - Int(stream.pointee.avail_out)
        }
        unsafe offset += rest - Int(stream.pointee.avail_in)
        return (result, status)
    }

    /// Says that this was all.
    ///
    /// - Throws: `ArchiveError.malformed` if the data ended inside a member.
    package func finish() throws(ArchiveError) {
        if state == .inside { throw .malformed("the compressed data ends early") }
    }
}
