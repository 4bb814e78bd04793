import Glibc

/// The value of one metric on one data set after a round.
package struct Evaluation: Equatable, Sendable {
    /// The data that was evaluated.
    package enum DataSet: String, Sendable {
        case train
        case validation
    }

    package var dataSet: DataSet
    /// The metric's name as it was asked for, such as `rmse` or `ndcg@5`.
    package var metric: String
    package var value: Double

    package init(_ dataSet: DataSet, _ metric: String, _ value: Double) {
        self.dataSet = dataSet
        self.metric = metric
        self.value = value
    }

    /// Reads the library's report, `[round]\ttrain-rmse:0.5\tvalidation-rmse:0.7`.
    static func parse(_ line: String) -> [Evaluation] {
        line.split(separator: "\t").dropFirst().compactMap { item in
            guard let hyphen = item.firstIndex(of: "-"), let colon = item.lastIndex(of: ":"), hyphen < colon,
                let dataSet = DataSet(rawValue: String(item[..<hyphen]))
            else { return nil }
            let text = item[item.index(after: colon)...]
            let name = item[item.index(after: hyphen)..<colon]
            return Evaluation(dataSet, String(name), Double(text) ?? .nan)
        }
    }

    /// The line that a round leaves in the job's log: `[0]#011train-rmse:7.18387#011validation-rmse:7.11580`.
    ///
    /// `#011` is how the log shows a tabulator, and what metric definitions look for.
    package static func logLine(round: Int, _ evaluations: [Evaluation]) -> String {
        evaluations.reduce("[\(round)]") { line, evaluation in
            "\(line)#011\(evaluation.dataSet.rawValue)-\(evaluation.metric):\(fiveDecimals(evaluation.value))"
        }
    }
}

/// The value with five decimals, as C's `%.5f` writes it.
func fiveDecimals(_ value: Double) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
        unsafe withVaList([value]) { _ = unsafe vsnprintf(buffer.baseAddress, buffer.count, "%.5f", $0) }
        guard let start = buffer.baseAddress else { return "" }
        return unsafe String(cString: start)
    }
}
