import DataFormats

/// Reads files of records on several processors, in order.
///
/// Memory beyond the result is a few blocks per worker.
struct RecordLoader<Parser: LineParser> {
    /// How blocks of whole lines are read.
    let parser: Parser
    let workers: Int

    private struct Block {
        let number: Int
        let file: Int
        let bytes: [UInt8]
    }

    private typealias Parsed = (batch: RecordBatch<Parser.Element>, lineCount: Int)
    private typealias Outcome = Result<Parsed, DataFormatError>

    /// All records of the files, one after the other.
    ///
    /// - Parameters:
    ///   - paths: In the order of their rows.
    ///   - name: How errors name the file at a path.
    /// - Returns: One batch of all rows.
    /// - Throws: `DataFormatError` for the first bad line, `FileError`.
    func load(_ paths: [String], name: (String) -> String) async throws -> RecordBatch<Parser.Element> {
        var blocks = try BlockSequence(paths)
        var collected = Collector<Parser.Element>(
            totalBytes: try paths.reduce(0) { $0 + (try Files.size(of: $1)) }
        )
        try await withThrowingTaskGroup(of: (Block, Outcome).self) { group in
            var inFlight = 0
            var waiting: [Int: (Block, Outcome)] = [:]
            var next = 0
            while true {
                while inFlight < workers + 2, let block = try blocks.next() {
                    let parser = parser
                    group.addTask { @concurrent in
                        (
                            block,
                            Result { () throws(DataFormatError) in try parser.parse(block: block.bytes.span) }
                        )
                    }
                    inFlight += 1
                }
                guard inFlight > 0, let (block, outcome) = try await group.next() else { break }
                inFlight -= 1
                waiting[block.number] = (block, outcome)
                while let (block, outcome) = waiting.removeValue(forKey: next) {
                    next += 1
                    try collected.add(outcome, bytes: block.bytes.count, of: block.file) { name(paths[$0]) }
                }
            }
        }
        return collected.batch
    }

    private struct BlockSequence {
        private let paths: [String]
        private var current: LineBlocks<FileSource>?
        private var file = -1
        private var number = -1

        init(_ paths: [String]) throws { self.paths = paths }

        mutating func next() throws -> Block? {
            while true {
                if let bytes = try current?.next() {
                    number += 1
                    return Block(number: number, file: file, bytes: bytes)
                }
                guard file + 1 < paths.count else { return nil }
                file += 1
                current = LineBlocks(try FileSource(path: paths[file]))
            }
        }
    }
}

/// Joins the batches of blocks that arrive in order.
private struct Collector<Element: DataElement> {
    let totalBytes: Int
    var batch = RecordBatch<Element>()
    private var bytesSeen = 0
    private var file = 0
    private var linesBefore = 0
    private var hasReserved = false

    init(totalBytes: Int) { self.totalBytes = totalBytes }

    mutating func add(
        _ outcome: Result<(batch: RecordBatch<Element>, lineCount: Int), DataFormatError>,
        bytes: Int,
        of file: Int,
        name: (Int) -> String
    ) throws(DataFormatError) {
        if file != self.file { (self.file, linesBefore) = (file, 0) }
        do {
            let parsed = try outcome.get()
            try batch.append(parsed.batch)
            linesBefore += parsed.lineCount
        } catch { throw error.located(in: name(file), after: linesBefore) }
        bytesSeen += bytes
        if !hasReserved, bytesSeen > 0, bytesSeen < totalBytes {
            // The first block tells how many values a byte makes.
            hasReserved = true
            batch.reserve(growingBy: 1.02 * Double(totalBytes) / Double(bytesSeen))
        }
    }
}
