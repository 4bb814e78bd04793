/// A format of records, with all that has to be agreed on beforehand.
package enum DataFormat: Equatable, Sendable {
    case csv(CSVOptions)
    case libSVM(LibSVMOptions)
    case recordIO(RecordIOOptions)
    case json
    case jsonLines

    /// Reads a name such as `csv`, or a content type such as `text/csv; label_size=0`.
    ///
    /// - Parameters:
    ///   - text: Letters of either case; parameters `label_size` (csv) and `charset` (utf-8), others are ignored.
    ///   - labelCount: Labels at the start of a csv row where the text does not say (1 in training, 0 in requests).
    /// - Throws: `UnknownDataFormat`.
    package init(contentType text: String, labelCount: Int = 1) throws(UnknownDataFormat) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(stripped)
        var options = CSVOptions(labelCount: labelCount)
        for parameter in parts.dropFirst() {
            let pair = parameter.split(separator: "=", maxSplits: 1).map(stripped)
            guard pair.count == 2 else { continue }
            switch pair[0].lowercased() {
            case "label_size":
                guard let count = Int(pair[1]), count >= 0 else {
                    throw UnknownDataFormat(
                        description: "label_size '\(pair[1])' of '\(text)' is not a count."
                    )
                }
                options.labelCount = count
            case "charset":
                guard ["utf-8", "utf8", "us-ascii", "ascii"].contains(pair[1].lowercased()) else {
                    throw UnknownDataFormat(description: "charset '\(pair[1])' of '\(text)' is not utf-8.")
                }
            default: continue
            }
        }
        switch parts.first?.lowercased() {
        case "csv", "text/csv": self = .csv(options)
        case "libsvm", "text/libsvm", "text/x-libsvm", "svmlight": self = .libSVM(LibSVMOptions())
        case "recordio-protobuf", "application/x-recordio-protobuf": self = .recordIO(RecordIOOptions())
        case "json", "application/json": self = .json
        case "jsonlines", "application/jsonlines", "application/x-jsonlines", "application/x-ndjson":
            self = .jsonLines
        default:
            throw UnknownDataFormat(
                description: "'\(text)' is no known format. Known are csv, libsvm, recordio-protobuf, json, "
                    + "jsonlines and their content types."
            )
        }
    }

    /// The format that a file's name ends in; nil if it says nothing.
    package init?(fileName: String) {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        switch fileName[fileName.index(after: dot)...].lowercased() {
        case "csv": self = .csv(CSVOptions())
        case "tsv": self = .csv(CSVOptions(delimiter: .tab))
        case "libsvm", "svm", "svmlight": self = .libSVM(LibSVMOptions())
        case "pbr", "rec", "recordio", "protobuf": self = .recordIO(RecordIOOptions())
        case "json": self = .json
        case "jsonl", "jsonlines", "ndjson": self = .jsonLines
        default: return nil
        }
    }

    /// The short name, which `init(contentType:)` reads.
    package var name: String {
        switch self {
        case .csv: "csv"
        case .libSVM: "libsvm"
        case .recordIO: "recordio-protobuf"
        case .json: "json"
        case .jsonLines: "jsonlines"
        }
    }

    /// The media type, without parameters.
    package var contentType: String {
        switch self {
        case .csv: "text/csv"
        case .libSVM: "text/libsvm"
        case .recordIO: "application/x-recordio-protobuf"
        case .json: "application/json"
        case .jsonLines: "application/jsonlines"
        }
    }

    /// A parser at the start of a document.
    package func parser<Element: DataElement>(of type: Element.Type) -> any RecordParser<Element> {
        switch self {
        case .csv(let options): CSVParser<Element>(options)
        case .libSVM(let options): LibSVMParser<Element>(options)
        case .recordIO(let options): RecordIOParser<Element>(options)
        case .json: JSONParser<Element>()
        case .jsonLines: JSONLinesParser<Element>()
        }
    }

    /// A writer at the start of a document.
    package func writer<Element: DataElement>(of type: Element.Type) -> any RecordWriter<Element> {
        switch self {
        case .csv(let options): CSVWriter<Element>(options)
        case .libSVM(let options): LibSVMWriter<Element>(options)
        case .recordIO(let options): RecordIOWriter<Element>(options)
        case .json: JSONWriter<Element>()
        case .jsonLines: JSONLinesWriter<Element>()
        }
    }
}

/// A content type that names no format, in words.
package struct UnknownDataFormat: Error, Equatable, CustomStringConvertible {
    package let description: String
}

private func stripped(_ text: some StringProtocol) -> String {
    var rest = text[...].drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}
