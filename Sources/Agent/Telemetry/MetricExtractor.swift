package import AgentProtocol

/// Finds the values of a job's metric definitions in log lines.
package struct MetricExtractor {
    private let definitions: [(name: String?, regex: Regex<AnyRegexOutput>)]
    /// Sentences about patterns that cannot be used.
    package let complaints: [String]

    /// Longer lines are not searched: patterns may take time that grows fast with length.
    private static let longestLine = 4096

    package init(_ definitions: [MetricDefinition]) {
        var usable: [(String?, Regex<AnyRegexOutput>)] = []
        var complaints: [String] = []
        for definition in definitions {
            do {
                usable.append(
                    (definition.name, try Regex(definition.regex).matchingSemantics(.unicodeScalar))
                )
            } catch {
                complaints.append(
                    "Metric definition '\(definition.name ?? "")' is ignored: '\(definition.regex)' is not a regular "
                        + "expression that can be used here (\(error))."
                )
            }
        }
        self.definitions = usable
        self.complaints = complaints
    }

    /// The samples in one line; a pattern without a group, or one that finds no number, gives none.
    package func samples(in line: LogLine) -> [MetricSample] {
        guard !definitions.isEmpty, line.text.utf8.count <= Self.longestLine else { return [] }
        let time = Double(line.timestampMS) / 1000
        return definitions.flatMap { name, regex -> [MetricSample] in
            guard let name else {
                return line.text.matches(of: regex).compactMap { match in
                    let groups = match.output.dropFirst().map { $0.substring ?? "" }
                    return Self.number(groups.last).map { value in
                        MetricSample(
                            name: groups.dropLast().joined(separator: ":"),
                            value: value,
                            time: time
                        )
                    }
                }
            }
            guard let match = try? regex.firstMatch(in: line.text), match.output.count > 1,
                let value = Self.number(match.output[1].substring)
            else { return [] }
            return [MetricSample(name: name, value: value, time: time)]
        }
    }

    private static func number(_ text: Substring?) -> Double? {
        text.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }
}
