package import AgentProtocol

/// Finds the values of a job's metric definitions in log lines: the first capture group of each pattern.
package struct MetricExtractor {
    private let definitions: [(name: String, regex: Regex<AnyRegexOutput>)]
    /// Sentences about patterns that cannot be used.
    package let complaints: [String]

    /// Longer lines are not searched: patterns may take time that grows fast with length.
    private static let longestLine = 4096

    package init(_ definitions: [MetricDefinition]) {
        var usable: [(String, Regex<AnyRegexOutput>)] = []
        var complaints: [String] = []
        for definition in definitions {
            do {
                usable.append(
                    (definition.name, try Regex(definition.regex).matchingSemantics(.unicodeScalar))
                )
            } catch {
                complaints.append(
                    "Metric definition '\(definition.name)' is ignored: '\(definition.regex)' is not a regular "
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
        return definitions.compactMap { definition in
            guard let match = try? definition.regex.firstMatch(in: line.text), match.output.count > 1,
                let text = match.output[1].substring, let value = Double(text), value.isFinite
            else { return nil }
            return MetricSample(name: definition.name, value: value, time: Double(line.timestampMS) / 1000)
        }
    }
}
