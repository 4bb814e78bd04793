import DataFormats

/// Bytes that are already there.
struct ByteArraySource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read(into buffer: inout [UInt8], atMost count: Int) -> Int {
        let end = min(bytes.count, position + count)
        buffer.append(contentsOf: bytes[position..<end])
        defer { position = end }
        return end - position
    }
}

/// Reads the records of one byte source batch by batch, with memory bounded by a block.
struct RecordReader<Format: RecordFormat, Source: ByteSource> {
    private var blocks: LineBlocks<Source>
    private let format: Format
    private let file: String?
    private var linesRead = 0

    /// - Parameters:
    ///   - source: Read to its end.
    ///   - format: How to read its lines.
    ///   - file: Name for errors.
    ///   - blockSize: Bytes that are parsed together.
    init(_ source: Source, format: Format, file: String? = nil, blockSize: Int = 1 << 20) {
        blocks = LineBlocks(source, blockSize: blockSize)
        self.format = format
        self.file = file
    }

    /// The next rows, perhaps none where the source has only comments; nil at the end.
    ///
    /// - Throws: `DataFormatError` with file and line, or what the source throws.
    mutating func next() throws -> Format.Batch? {
        do {
            guard let block = try blocks.next() else { return nil }
            let parsed = try format.parse(block.span)
            linesRead += parsed.lineCount
            return parsed.batch
        } catch let error as DataFormatError {
            throw error.located(in: file, after: linesRead)
        }
    }
}
