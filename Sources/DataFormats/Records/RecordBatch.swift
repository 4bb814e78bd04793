/// Records that were read together: features of one layout, and what belongs to each row beside them.
package struct RecordBatch<Element: DataElement>: Equatable, Sendable {
    /// Whether `dense` or `sparse` has the features; the other one is empty.
    package internal(set) var layout = Layout.dense
    package internal(set) var dense = DenseRows<Element>()
    package internal(set) var sparse = SparseRows<Element>()
    /// `labelCount` per row, row-major.
    package var labels: [Element] = []
    /// Labels of a row; 0 in data without labels.
    package var labelCount = 0
    /// One per row, or none at all.
    package var weights: [Float] = []
    /// Query (group) of each row, or none at all.
    package var queries: [UInt32] = []
    /// One per row, or none at all.
    package var notes: [RecordNote] = []

    package init() {}

    package init(dense: DenseRows<Element>, labels: [Element] = [], labelCount: Int = 0) {
        precondition(labels.count == dense.rowCount * labelCount)
        self.dense = dense
        self.labels = labels
        self.labelCount = labelCount
    }

    package init(sparse: SparseRows<Element>, labels: [Element] = [], labelCount: Int = 0) {
        precondition(labels.count == sparse.rowCount * labelCount)
        layout = .sparse
        self.sparse = sparse
        self.labels = labels
        self.labelCount = labelCount
    }

    package var rowCount: Int { layout == .dense ? dense.rowCount : sparse.rowCount }

    /// Features of a row; in sparse rows of unknown width the greatest index of this batch plus one.
    package var columnCount: Int { layout == .dense ? dense.columnCount : sparse.columnCount }

    /// How the features of a batch are stored: all alike.
    package enum Layout: Sendable {
        case dense
        case sparse
    }

    /// The labels of one row.
    package func labels(of row: Int) -> ArraySlice<Element> {
        labels[row * labelCount..<(row + 1) * labelCount]
    }

    /// Adds the rows of `other` after the own ones.
    ///
    /// - Throws: `DataFormatError` at record 1 if the rows cannot stand in one batch.
    package mutating func append(_ other: consuming RecordBatch) throws(DataFormatError) {
        guard other.rowCount > 0 else { return }
        if rowCount > 0 {
            try requireSame(weights.isEmpty, other.weights.isEmpty, "weight")
            try requireSame(queries.isEmpty, other.queries.isEmpty, "query (qid)")
            try requireSame(labelCount, other.labelCount, "label")
        }
        if other.notes.isEmpty != notes.isEmpty {
            notes += Array(repeating: RecordNote(), count: rowCount - notes.count)
            other.notes += Array(repeating: RecordNote(), count: other.rowCount - other.notes.count)
        }
        if rowCount == 0 { layout = other.layout }
        guard layout == other.layout else { throw DataFormatError(.mixedLayouts, record: 1) }
        switch layout {
        case .dense: try dense.append(other.dense)
        case .sparse: sparse.append(other.sparse)
        }
        labels.append(contentsOf: other.labels)
        labelCount = other.labelCount
        weights.append(contentsOf: other.weights)
        queries.append(contentsOf: other.queries)
        notes.append(contentsOf: other.notes)
    }

    /// Makes room for a total of `factor` times the present content.
    package mutating func reserve(growingBy factor: Double) {
        func room<Value>(for values: [Value]) -> Int { Int(Double(values.count) * factor) }
        dense.values.reserveCapacity(room(for: dense.values))
        sparse.offsets.reserveCapacity(room(for: sparse.offsets))
        sparse.indices.reserveCapacity(room(for: sparse.indices))
        sparse.values.reserveCapacity(room(for: sparse.values))
        labels.reserveCapacity(room(for: labels))
        weights.reserveCapacity(room(for: weights))
    }

    private func requireSame<Value: Equatable>(
        _ own: Value,
        _ other: Value,
        _ name: String
    ) throws(DataFormatError) {
        guard own == other else { throw DataFormatError(.mixedRows(name), record: 1) }
    }
}

/// What RecordIO-protobuf says about a record beside its numbers.
package struct RecordNote: Equatable, Sendable {
    package var uid: String?
    package var metadata: String?
    package var configuration: String?

    package init(uid: String? = nil, metadata: String? = nil, configuration: String? = nil) {
        self.uid = uid
        self.metadata = metadata
        self.configuration = configuration
    }

    package var isEmpty: Bool { uid == nil && metadata == nil && configuration == nil }
}

/// When a batch is full: whichever comes first, after a whole record.
package struct BatchLimit: Equatable, Sendable {
    /// Rows of a batch, at most.
    package var rows: Int
    /// Values (and indices) of a batch, about: the row that reaches it is the last.
    package var values: Int

    package init(rows: Int = 65_536, values: Int = 1 << 21) {
        precondition(rows > 0 && values > 0)
        self.rows = rows
        self.values = values
    }
}
