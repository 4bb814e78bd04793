/// Collects the numbers of one record and adds them to a batch as a dense or a sparse row.
///
/// For formats whose records say themselves what they are; all records must say the same.
struct RowSink<Element: DataElement>: Sendable {
    var values: [Element] = []
    var keys: [UInt64] = []
    var shape: [UInt64] = []
    var labels: [Element] = []
    var note = RecordNote()
    let unit: DataFormatError.Unit
    private var layout: RecordBatch<Element>.Layout?
    private var width = 0
    private var labelCount: Int?

    init(unit: DataFormatError.Unit) { self.unit = unit }

    /// Forgets the record, but not what all records have in common.
    mutating func clear() {
        values.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        shape.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
        if !note.isEmpty { note = RecordNote() }
    }

    /// Adds the row; `number` is its line or record.
    mutating func commit(
        into batch: inout RecordBatch<Element>,
        number: Int
    ) throws(DataFormatError) {
        // A record without any numbers is sparse if it says how wide it is.
        let isSparse = !keys.isEmpty || (values.isEmpty && !shape.isEmpty)
        let found: RecordBatch<Element>.Layout = isSparse ? .sparse : .dense
        guard layout == nil || layout == found else { throw error(.mixedLayouts, number) }
        let columns = try isSparse ? sparseWidth(number) : denseWidth(number)
        if layout == nil { (layout, width) = (found, columns) }
        guard columns == width else { throw error(.raggedRow(expected: width, found: columns), number) }
        guard labelCount == nil || labelCount == labels.count else {
            throw error(
                .malformed(
                    "the record has \(labels.count) labels, the records before it have \(labelCount ?? 0)"
                ),
                number
            )
        }
        labelCount = labels.count

        if isSparse { try sortKeys(number) }
        batch.layout = found
        batch.labelCount = labels.count
        batch.labels.append(contentsOf: labels)
        if !note.isEmpty || !batch.notes.isEmpty {
            batch.notes += Array(repeating: RecordNote(), count: batch.rowCount - batch.notes.count)
            batch.notes.append(note)
        }
        switch found {
        case .dense:
            batch.dense.values.append(contentsOf: values)
            batch.dense.columnCount = columns
            batch.dense.rowCount += 1
        case .sparse:
            if let first = keys.first.map({ UInt32($0) }) {
                batch.sparse.smallestIndex = min(batch.sparse.smallestIndex ?? first, first)
            }
            for key in keys { batch.sparse.indices.append(UInt32(key)) }
            batch.sparse.values.append(contentsOf: values)
            batch.sparse.offsets.append(UInt64(batch.sparse.indices.count))
            batch.sparse.columnCount = columns
        }
    }

    private func denseWidth(_ number: Int) throws(DataFormatError) -> Int {
        guard !values.isEmpty else {
            throw error(.malformed("the record has no values and no shape"), number)
        }
        guard shape.isEmpty || product() == UInt64(values.count) else {
            throw error(
                .malformed("the shape \(shape) does not fit the record's \(values.count) values"),
                number
            )
        }
        return values.count
    }

    private func sparseWidth(_ number: Int) throws(DataFormatError) -> Int {
        guard !shape.isEmpty else { throw error(.malformed("the record is sparse and has no shape"), number) }
        guard keys.count == values.count else {
            throw error(
                .malformed("the record has \(values.count) values and \(keys.count) keys"),
                number
            )
        }
        guard let width = product(), width <= UInt64(UInt32.max) else {
            throw error(.malformed("the shape \(shape) is wider than \(UInt32.max)"), number)
        }
        return Int(width)
    }

    private func product() -> UInt64? {
        var total: UInt64 = 1
        for extent in shape {
            let (product, overflows) = total.multipliedReportingOverflow(by: extent)
            if overflows { return nil }
            total = product
        }
        return total
    }

    /// Puts the keys in rising order, with their values, and checks that they lie within the row.
    private mutating func sortKeys(_ number: Int) throws(DataFormatError) {
        var isSorted = true
        for index in keys.indices.dropFirst() where keys[index] <= keys[index - 1] { isSorted = false }
        if !isSorted {
            let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
            values = order.map { values[$0] }
            keys = order.map { keys[$0] }
            for index in keys.indices.dropFirst() where keys[index] == keys[index - 1] {
                throw error(.malformed("the record names feature \(keys[index]) twice"), number)
            }
        }
        if let last = keys.last, last >= UInt64(width) {
            throw error(.indexOutOfRange(last, limit: UInt64(width)), number)
        }
    }

    func error(_ reason: DataFormatError.Reason, _ number: Int, column: Int? = nil) -> DataFormatError {
        switch unit {
        case .line: DataFormatError(reason, line: number, column: column)
        case .record: DataFormatError(reason, record: number, column: column)
        }
    }
}
