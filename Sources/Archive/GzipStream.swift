import CZlib
import Glibc

/// Compresses what is written to it into a file descriptor that it does not own.
@safe struct GzipWriter: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>
    private let output: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 17)
    /// Compressed bytes so far.
    private(set) var written = 0

    /// Starts a gzip member.
    ///
    /// - Parameters:
    ///   - output: Open for writing.
    ///   - level: 1 (fast) to 9 (small).
    /// - Throws: `ArchiveError.system` if there is no memory for it.
    init(output: Int32, level: Int32) throws(ArchiveError) {
        self.output = output
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 + 16: the largest window, with a gzip header.
        let status = unsafe deflateInit2_(
            stream,
            level,
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else { throw .system("Cannot start compression (zlib status \(status)).") }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    mutating func write(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) { try run(bytes, flush: Z_NO_FLUSH) }

    mutating func finish() throws(ArchiveError) { try run([], flush: Z_FINISH) }

    private mutating func run(_ bytes: ArraySlice<UInt8>, flush: Int32) throws(ArchiveError) {
        var input = Array(bytes)
        var done = false
        var offset = 0
        while !done {
            let (produced, consumed, status) = unsafe input.withUnsafeMutableBufferPointer { source in
                unsafe buffer.withUnsafeMutableBufferPointer { target in
                    unsafe stream.pointee.next_in = source.baseAddress.map { unsafe $0 + offset }
                    unsafe stream.pointee.avail_in = UInt32(source.count - offset)
                    unsafe stream.pointee.next_out = target.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(target.count)
                    let status = unsafe deflate(stream, flush)
                    return unsafe (
                        target.count - Int(stream.pointee.avail_out),
                        source.count - offset - Int(stream.pointee.avail_in), status
                    )
                }
            }
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw .system("Cannot compress (zlib status \(status)).")
            }
            offset += consumed
            try writeAll(buffer[..<produced], to: output)
            written += produced
            done =
                flush == Z_FINISH ? status == Z_STREAM_END : offset == input.count && produced < buffer.count
        }
    }
}

/// Reads a file, decompressing it if it is gzip (one or more members), from a descriptor that it does not own.
@safe struct GzipReader: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: Int32
    private var source = [UInt8](repeating: 0, count: 1 << 17)
    private var available: Range<Int> = 0..<0
    private let isCompressed: Bool
    private var ended = false

    init(input: Int32) throws(ArchiveError) {
        self.input = input
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let magic = unsafe [UInt8](unsafeUninitializedCapacity: 2) { buffer, count in
            unsafe count = max(0, pread(input, buffer.baseAddress, 2, 0))
        }
        isCompressed = magic == [0x1F, 0x8B]
        let status = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .system("Cannot start decompression (zlib status \(status)).") }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The next bytes, at most `most`; empty at the end.
    ///
    /// - Throws: `ArchiveError.malformed` if the compressed data is damaged or ends early.
    mutating func read(_ most: Int) throws(ArchiveError) -> [UInt8] {
        guard isCompressed else { return try readAll(most) }
        while !ended {
            if available.isEmpty { try fill() }
            if available.isEmpty { throw .malformed("the compressed data ends early") }
            var status = Z_OK
            var produced = 0
            let from = available.lowerBound
            let count = available.count
            let result = unsafe [UInt8](unsafeUninitializedCapacity: most) { target, initialized in
                unsafe source.withUnsafeMutableBufferPointer { source in
                    unsafe stream.pointee.next_in = source.baseAddress.map { unsafe $0 + from }
                    unsafe stream.pointee.avail_in = UInt32(count)
                    unsafe stream.pointee.next_out = target.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(most)
                    unsafe status = inflate(stream, Z_NO_FLUSH)
                    unsafe produced = most - Int(stream.pointee.avail_out)
                }
                initialized = produced
            }
            available = unsafe (available.upperBound - Int(stream.pointee.avail_in))..<available.upperBound
            switch status {
            case Z_STREAM_END: try nextMember()
            case Z_OK, Z_BUF_ERROR: break
            default: throw .malformed("the compressed data is damaged")
            }
            if !result.isEmpty { return result }
        }
        return []
    }

    /// gzip files may be concatenated; anything else after the end (zeros, mostly) is ignored.
    private mutating func nextMember() throws(ArchiveError) {
        if available.isEmpty { try fill() }
        guard !available.isEmpty, source[available.lowerBound] == 0x1F else {
            ended = true
            return
        }
        unsafe inflateReset(stream)
    }

    private mutating func fill() throws(ArchiveError) {
        source = try readAll(1 << 17)
        available = 0..<source.count
    }

    private func readAll(_ most: Int) throws(ArchiveError) -> [UInt8] {
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
            var got = 0
            repeat {
                unsafe got = Glibc.read(input, buffer.baseAddress, most)
            } while got < 0 && errno == EINTR
            failed = got < 0
            count = max(0, got)
        }
        if failed { throw .system("Cannot read the archive: \(lastError()).") }
        return bytes
    }
}

/// Writes everything to a descriptor.
func writeAll(_ bytes: ArraySlice<UInt8>, to output: Int32) throws(ArchiveError) {
    var rest = bytes
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(output, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw .system("Cannot write: \(lastError()).") }
        rest = rest.dropFirst(count)
    }
}

/// The text of `errno`.
func lastError(_ code: Int32 = errno) -> String { unsafe String(cString: strerror(code)) }
