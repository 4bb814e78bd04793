import DataFormats

/// The rows of all files of a data set.
struct DataSet {
    let files: [DataPlace]
    private let input: DataInput
    let objects: () throws -> ServerObjects

    /// Finds the files of a data set.
    ///
    /// - Throws: `CleanFailure` if there are none.
    init(_ source: String, _ input: DataInput) async throws {
        let directory = input.dataDirectory
        let objects = { ServerObjects(client: try ServerClient(directory)) }
        self.objects = objects
        self.input = input
        files = try await DataPlace(source).files(objects)
    }

    private init(_ files: [DataPlace], _ other: DataSet) {
        self.files = files
        input = other.input
        objects = other.objects
    }

    /// The same with one file only.
    func only(_ file: DataPlace) -> DataSet { DataSet([file], self) }

    /// Hands all batches over, in order.
    ///
    /// - Parameter body: Gets a batch and the columns' names; says whether it wants more.
    /// - Throws: `DataFormatError`, `ParquetError`, `CleanFailure`, or what `body` throws.
    func forEachBatch(_ body: (RecordBatch<Double>, [String]?) async throws -> Bool) async throws {
        for file in files {
            let stream = try await RowStream.open(file, input, objects)
            while let batch = try await stream.next() {
                guard try await body(batch, stream.names()) else { return }
            }
        }
    }

    /// Width that a table of the rows must have; nil where the rows say it themselves.
    ///
    /// Sparse rows only show it when all of them have been read, once more than for the work itself.
    func tableWidth() async throws -> Int? {
        var width: Int?
        try await forEachBatch { batch, _ in
            guard batch.layout == .sparse else { return false }
            width = max(width ?? 0, batch.columnCount)
            return true
        }
        return width
    }

    /// The format that output has: what was asked for, or what a name says, or that of the first file.
    func outputFormat(_ asked: String?, for place: DataPlace, withHeader: Bool) throws -> DataFileFormat {
        let told = asked.flatMap { DataFileFormat(named: $0) } ?? DataFileFormat(fileName: place.name)
        switch try told ?? input.format(of: files[0].name) {
        case .records(.csv(var options)):
            // What is written has commas and, unless asked for, no names: as SageMaker's algorithms want it.
            options.delimiter = options.delimiter == 0x09 && asked == nil ? 0x09 : 0x2C
            options.header = withHeader ? .present : .none
            options.columnCount = nil
            return .records(.csv(options))
        case .records(.libSVM(var options)):
            options.firstIndex = input.isOneBased ? 1 : 0
            return .records(.libSVM(options))
        case let format: return format
        }
    }
}
