/// Reads the records of one byte source batch by batch, with memory bounded by a block.
package struct RecordReader<Format: RecordFormat, Source: ByteSource> {
    private var blocks: LineBlocks<Source>
    private let format: Format
    private let file: String?
    private var linesRead = 0

    /// - Parameters:
    ///   - source: Read to its end.
    ///   - format: How to read its lines.
    ///   - file: Name for errors.
    ///   - blockSize: Bytes that are parsed together.
    package init(_ source: Source, format: Format, file: String? = nil, blockSize: Int = 1 << 20) {
        blocks = LineBlocks(source, blockSize: blockSize)
        self.format = format
        self.file = file
    }

    /// The next rows, perhaps none where the source has only comments; nil at the end.
    ///
    /// - Throws: `DataFormatError` with file and line, or what the source throws.
    package mutating func next() throws -> Format.Batch? {
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
