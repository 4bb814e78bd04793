/// A data format that a channel or a request declares, with its parameters.
enum ContentType: Equatable, Sendable {
    case csv
    case libSVM
    case parquet
    case recordIO

    /// The names of the formats, as a channel may declare them.
    static let names: [(String, ContentType)] = [
        ("csv", .csv), ("libsvm", .libSVM), ("parquet", .parquet), ("recordio-protobuf", .recordIO),
        ("text/csv", .csv), ("text/libsvm", .libSVM), ("text/x-libsvm", .libSVM),
        ("application/x-parquet", .parquet), ("application/x-recordio-protobuf", .recordIO),
    ]

    /// Reads a channel's content type; none means libsvm.
    ///
    /// - Throws: `TrainingFault` in the container's words.
    init(channel text: String?) throws(TrainingFault) {
        let text = text ?? "text/libsvm"
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
        guard let type = Self.names.first(where: { $0.0 == parts[0].lowercased() })?.1 else {
            let accepted = Self.names.map(\.0).joined(separator: ", ")
            throw .customer("\(text) is not an accepted ContentType: \(accepted).")
        }
        if type == .csv {
            for parameter in parts.dropFirst() {
                let pair = parameter.split(separator: "=", maxSplits: 1).map(trimmed)
                if pair.first == "label_size", pair.last != "1" {
                    throw .customer(
                        "\(text) is not an accepted csv ContentType. Optional parameter label_size must be "
                            + "equal to 1"
                    )
                }
            }
        }
        self = type
    }
}

func trimmed(_ text: some StringProtocol) -> String {
    var rest = text[...].drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}
