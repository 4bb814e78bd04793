/// How RecordIO-protobuf records are to be read or written.
package struct RecordIOOptions: Equatable, Sendable {
    /// Name of the feature that holds a record's row; Seq2Seq has `source` and `target`.
    package var feature: String
    /// Name of the label.
    package var label: String

    package init(feature: String = "values", label: String = "values") {
        self.feature = feature
        self.label = label
    }
}
