/// Cuts a byte source into blocks of whole lines, for formats in which every line is a record (`QuotedLineBreaks.refused`).
package struct LineBlocks<Source: ByteSource> {
    private var source: Source
    private let blockSize: Int
    /// The beginning of a line whose rest has not been read.
    private var rest: [UInt8] = []
    private var isAtEnd = false

    /// - Parameters:
    ///   - source: Read to its end.
    ///   - blockSize: Bytes per block, about; a longer line makes a longer block.
    package init(_ source: Source, blockSize: Int = 1 << 20) {
        self.source = source
        self.blockSize = blockSize
    }

    /// The next block; nil at the end.
    ///
    /// - Throws: What the source throws, or `DataFormatError.lineTooLong`.
    package mutating func next() throws -> [UInt8]? {
        guard !isAtEnd else { return nil }
        var block = rest
        rest = []
        block.reserveCapacity(block.count + blockSize)
        while true {
            let searchStart = block.count
            if try source.read(into: &block, atMost: blockSize) == 0 {
                isAtEnd = true
                return block.isEmpty ? nil : block
            }
            if let lineFeed = block[searchStart...].lastIndex(of: .lineFeed) {
                rest = Array(block[(lineFeed + 1)...])
                block.removeLast(rest.count)
                return block
            }
            guard block.count <= LineLimit.longest else {
                throw DataFormatError(.lineTooLong(limit: LineLimit.longest), line: 1)
            }
        }
    }
}
