/// Reads records out of bytes that come a chunk at a time.
///
/// How the bytes are cut into chunks changes nothing in the batches. Memory is that of a chunk, a batch and one record.
///
///     reader.append(chunk)                          // for every chunk; finish() after the last
///     while let batch = try reader.next() { … }
package struct RecordReader<Element: DataElement>: Sendable {
    private var parser: any RecordParser<Element>
    private var batch = RecordBatch<Element>()
    private var pending: [UInt8] = []
    /// Bytes of `pending` that have been read.
    private var used = 0
    private var isFinished = false
    private var isAtStart = true
    private var failure: DataFormatError?
    private let limit: BatchLimit
    private let file: String?

    /// - Parameters:
    ///   - format: Of the bytes.
    ///   - file: Name for errors.
    ///   - limit: When a batch is full.
    package init(_ format: DataFormat, file: String? = nil, limit: BatchLimit = BatchLimit()) {
        parser = format.parser(of: Element.self)
        self.file = file
        self.limit = limit
    }

    /// Names of all columns (labels and weights too), where the format has them and the first batch has been read.
    package var columnNames: [String]? { parser.columnNames }

    /// Takes the next chunk.
    ///
    /// What was there before should have been read by `next()` until nil: otherwise memory grows.
    package mutating func append(_ chunk: Span<UInt8>) {
        precondition(!isFinished)
        if used > 0 {
            pending.removeSubrange(0..<used)
            used = 0
        }
        chunk.withUnsafeBufferPointer { pending.append(contentsOf: $0) }
    }

    /// Says that no chunk comes after the last one.
    package mutating func finish() { isFinished = true }

    /// The next batch; nil if it needs more bytes, or after `finish()` if there is none.
    ///
    /// A batch has rows, and is full unless it is the last one. Rows of a batch in which something is wrong are lost.
    ///
    /// - Throws: `DataFormatError` with file, place and text; the same again from then on.
    package mutating func next() throws(DataFormatError) -> RecordBatch<Element>? {
        if let failure { throw failure }
        guard skipByteOrderMark() else { return nil }
        // Out of `self`, so that the parser may change while it reads them.
        let bytes = pending
        pending = []
        do {
            used += try parser.parse(
                bytes.span.extracting(used...),
                isLast: isFinished,
                limit: limit,
                into: &batch
            )
        } catch {
            failure = error.located(in: file, after: 0)
            throw error.located(in: file, after: 0)
        }
        pending = bytes
        guard batch.isFull(limit) || (isFinished && batch.rowCount > 0) else { return nil }
        var full = RecordBatch<Element>()
        swap(&full, &batch)
        return full
    }

    /// Leaves out the mark that some programs write before UTF-8; whether enough bytes are there to know.
    private mutating func skipByteOrderMark() -> Bool {
        guard isAtStart else { return true }
        guard pending.count >= 3 || isFinished else { return false }
        isAtStart = false
        if pending.starts(with: [0xEF, 0xBB, 0xBF]) { used = 3 }
        return true
    }

    /// The next batch, with bytes from a source as they are needed; nil at the end.
    ///
    /// - Throws: `DataFormatError`, or what the source throws.
    package mutating func next(
        from source: inout some ByteSource,
        chunkSize: Int = 1 << 20
    ) throws -> RecordBatch<Element>? {
        while true {
            if let batch = try next() { return batch }
            guard !isFinished else { return nil }
            if used > 0 {
                pending.removeSubrange(0..<used)
                used = 0
            }
            if try source.read(into: &pending, atMost: chunkSize) == 0 { finish() }
        }
    }
}

extension RecordBatch {
    func isFull(_ limit: BatchLimit) -> Bool {
        let count = layout == .dense ? dense.values.count : sparse.values.count
        return rowCount >= limit.rows || count >= limit.values
    }
}
