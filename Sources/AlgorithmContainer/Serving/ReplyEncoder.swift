import DataFormats
import Estimators
import HTTPTypes

/// Turns predictions into reply bodies.
struct ReplyEncoder {
    /// Media types that replies may have.
    enum Form: String, CaseIterable {
        case csv = "text/csv"
        case json = "application/json"
        case jsonLines = "application/jsonlines"
        case recordIO = "application/x-recordio-protobuf"
    }

    let settings: ServingSettings
    let content: SelectableContent

    /// The form that a request's `Accept` field asks for.
    ///
    /// - Throws: `Refusal` with status 406.
    func form(accepting accept: String?) throws(Refusal) -> Form {
        let asked = accept.flatMap { $0.isEmpty ? nil : $0 } ?? settings.defaultAccept
        if let form = Form(rawValue: asked) { return form }
        for item in asked.split(separator: ",") {
            let type = trimmed(item.prefix { $0 != ";" }).lowercased()
            if type == "*/*" || type == "text/*" { return Form(rawValue: settings.defaultAccept) ?? .csv }
            if let form = Form(rawValue: type) { return form }
        }
        let supported = Form.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw Refusal(
            status: .notAcceptable,
            message:
                "Accept type \(asked) is not supported. Please use supported accept types: [\(supported)]."
        )
    }

    /// The reply's bytes.
    func body(_ predictions: Predictions, _ form: Form) -> [UInt8] {
        if form == .recordIO { return records(predictions) }
        var text = ""
        text.reserveCapacity(predictions.values.count * 22 + 32)
        if settings.selectedContent.isEmpty {
            plain(predictions, form, into: &text)
        } else {
            selected(predictions, form, into: &text)
        }
        return Array(text.utf8)
    }

    /// One record per prediction, whose labels are what a JSON object would have as members.
    private func records(_ predictions: Predictions) -> [UInt8] {
        var bytes: [UInt8] = []
        for row in 0..<predictions.rowCount {
            let values = predictions.row(row)
            let labels =
                settings.selectedContent.isEmpty
                ? [RecordMessage<Float>.Entry("score", values)]
                : settings.selectedContent.map { key in
                    RecordMessage<Float>.Entry(key, content.cell(key, values).numbers[...])
                }
            RecordMessage(labels: labels).appendFrame(to: &bytes)
        }
        return bytes
    }

    private func plain(_ predictions: Predictions, _ form: Form, into text: inout String) {
        let spacing = form == .csv ? ", " : ","
        func append(_ row: Int, to text: inout String) {
            let values = predictions.row(row)
            guard predictions.isList else {
                text += number(values[values.startIndex])
                return
            }
            text += "["
            for index in values.indices {
                if index > values.startIndex { text += spacing }
                text += number(values[index])
            }
            text += "]"
        }
        wrap(predictions.rowCount, form, into: &text) { row, text in
            if form == .csv { return append(row, to: &text) }
            text += "{\"score\":"
            append(row, to: &text)
            text += "}"
        }
    }

    private func selected(_ predictions: Predictions, _ form: Form, into text: inout String) {
        wrap(predictions.rowCount, form, into: &text) { row, text in
            let cells = settings.selectedContent.map { ($0, content.cell($0, predictions.row(row))) }
            if form == .csv {
                text += cells.map { csv($0.1) }.joined(separator: ",")
            } else {
                text += "{" + cells.map { "\"\(escaped($0.0))\":\(json($0.1))" }.joined(separator: ",") + "}"
            }
        }
    }

    /// Puts records side by side as the form wants it.
    private func wrap(
        _ count: Int,
        _ form: Form,
        into text: inout String,
        _ record: (Int, inout String) -> Void
    ) {
        if form == .json { text += "{\"predictions\":[" }
        // Selected csv content has a comma inside a record, so records take a line each.
        let isLined =
            form == .jsonLines || (form == .csv && (settings.isBatch || !settings.selectedContent.isEmpty))
        for row in 0..<count {
            if row > 0, !isLined { text += "," }
            record(row, &text)
            if isLined { text += "\n" }
        }
        if form == .json { text += "]}" }
    }

    private func json(_ cell: SelectableContent.Cell) -> String {
        switch cell {
        case .number(let value): value.description
        case .label(let label): String(label)
        case .numbers(let values): "[" + values.map(\.description).joined(separator: ",") + "]"
        case .labels(let labels): "[" + labels.map(String.init).joined(separator: ",") + "]"
        case .notANumber: "NaN"
        }
    }

    private func csv(_ cell: SelectableContent.Cell) -> String {
        switch cell {
        case .number(let value): value.description
        case .label(let label): String(label)
        case .numbers(let values): "\"[" + values.map(\.description).joined(separator: ", ") + "]\""
        case .labels(let labels): "\"[" + labels.map(String.init).joined(separator: ", ") + "]\""
        case .notANumber: "nan"
        }
    }

    /// The value as a double, as Python prints it.
    private func number(_ value: Float) -> String { Double(value).description }

    private func escaped(_ key: String) -> String { key.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline } }
}
