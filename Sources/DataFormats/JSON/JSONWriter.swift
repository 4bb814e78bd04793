/// Writes `{"instances": [ … ]}`, one instance per record.
package struct JSONWriter<Element: DataElement>: RecordWriter {
    private var rowsWritten = 0

    package init() {}

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package mutating func write(
        _ batch: RecordBatch<Element>,
        into bytes: inout [UInt8]
    ) throws(DataFormatError) {
        let instances = try JSONInstances(batch, rowsWritten: rowsWritten)
        for row in 0..<batch.rowCount {
            bytes.append(contentsOf: (rowsWritten == 0 ? "{\"instances\":[" : ",").utf8)
            instances.append(row, to: &bytes)
            rowsWritten += 1
        }
    }

    package mutating func finish(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: (rowsWritten == 0 ? "{\"instances\":[]}" : "]}").utf8)
    }
}

/// Writes one instance per line.
package struct JSONLinesWriter<Element: DataElement>: RecordWriter {
    private var rowsWritten = 0

    package init() {}

    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int32)
    package mutating func write(
        _ batch: RecordBatch<Element>,
        into bytes: inout [UInt8]
    ) throws(DataFormatError) {
        let instances = try JSONInstances(batch, rowsWritten: rowsWritten)
        for row in 0..<batch.rowCount {
            instances.append(row, to: &bytes)
            bytes.append(.lineFeed)
        }
        rowsWritten += batch.rowCount
    }
}

/// The records of a batch as JSON objects.
private struct JSONInstances<Element: DataElement> {
    let batch: RecordBatch<Element>

    init(_ batch: RecordBatch<Element>, rowsWritten: Int) throws(DataFormatError) {
        guard batch.weights.isEmpty, batch.queries.isEmpty else {
            throw DataFormatError(
                .unwritable("JSON instances have no place for weights and query ids"),
                record: rowsWritten + 1
            )
        }
        self.batch = batch
    }

    func append(_ row: Int, to bytes: inout [UInt8]) {
        switch batch.layout {
        case .dense:
            bytes.append(contentsOf: "{\"features\":".utf8)
            append(batch.dense.row(row), to: &bytes)
        case .sparse:
            let range = batch.sparse.range(of: row)
            bytes.append(contentsOf: "{\"data\":{\"features\":{\"keys\":[".utf8)
            for index in batch.sparse.indices[range] {
                DecimalText.append(integer: Int(index), to: &bytes)
                bytes.append(.comma)
            }
            if !range.isEmpty { bytes.removeLast() }
            bytes.append(contentsOf: "],\"shape\":[\(batch.sparse.columnCount)],\"values\":".utf8)
            append(batch.sparse.values[range], to: &bytes)
            bytes.append(contentsOf: "}}".utf8)
        }
        switch batch.labelCount {
        case 0: break
        case 1:
            bytes.append(contentsOf: ",\"label\":".utf8)
            append(batch.labels[row], to: &bytes)
        default:
            bytes.append(contentsOf: ",\"label\":".utf8)
            append(batch.labels(of: row), to: &bytes)
        }
        bytes.append(.closeBrace)
    }

    private func append(_ values: ArraySlice<Element>, to bytes: inout [UInt8]) {
        bytes.append(.openBracket)
        for value in values {
            append(value, to: &bytes)
            bytes.append(.comma)
        }
        if !values.isEmpty { bytes.removeLast() }
        bytes.append(.closeBracket)
    }

    /// JSON has no word for what is missing but null, and none for infinity: a number beyond all types reads as it.
    private func append(_ value: Element, to bytes: inout [UInt8]) {
        if value.isMissing {
            bytes.append(contentsOf: "null".utf8)
        } else if value.double.isInfinite {
            bytes.append(contentsOf: (value.double > 0 ? "1e999" : "-1e999").utf8)
        } else {
            DecimalText.append(value, to: &bytes)
        }
    }
}
