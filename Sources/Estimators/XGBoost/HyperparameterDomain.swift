/// Values that a hyperparameter may take.
enum HyperparameterDomain: Sendable {
    case integer(Interval)
    case real(Interval)
    case choice([String])
    /// Comma-separated choices.
    case choices([String])
    /// Comma-separated metric names.
    case metrics
    /// `(1,0,-1)`.
    case tuple(of: Interval)
    /// `[[0,1],[2,3]]`.
    case nestedLists(of: Interval)

    /// Whether `text` lies in the domain.
    ///
    /// - Throws: `HyperparameterError` with the container's words.
    func check(_ name: String, _ text: String) throws(HyperparameterError) {
        switch self {
        case .integer(let interval):
            guard let value = Int(trimmed(text)) else { throw .unparsable(name) }
            try interval.check(name, Double(value), written: String(value))
        case .real(let interval):
            guard let value = Double(trimmed(text)), !value.isNaN else { throw .unparsable(name) }
            try interval.check(name, value, written: value.description)
        case .choice(let allowed):
            guard allowed.contains(text) else { throw .outside(name, text, pythonList(allowed)) }
        case .choices(let allowed):
            for item in commaSeparated(text) where !allowed.contains(item) {
                throw .outside(name, item, pythonList(allowed))
            }
        case .metrics:
            for item in commaSeparated(text) where MetricName(item) == nil {
                throw .outside(name, item, pythonList(MetricName.known))
            }
        case .tuple(let interval):
            guard text.hasPrefix("("), text.hasSuffix(")") else { throw .unparsable(name) }
            try checkItems(text.dropFirst().dropLast(), interval, name)
        case .nestedLists(let interval):
            let inner = text.filter { !$0.isWhitespace }
            guard inner.hasPrefix("[["), inner.hasSuffix("]]") else { throw .unparsable(name) }
            for list in inner.dropFirst(2).dropLast(2).split(separator: "],[") {
                try checkItems(list, interval, name)
            }
        }
    }

    private func checkItems(
        _ items: Substring,
        _ interval: Interval,
        _ name: String
    ) throws(HyperparameterError) {
        for item in items.split(separator: ",") {
            guard let value = Int(trimmed(item)) else { throw .unparsable(name) }
            try interval.check(name, Double(value), written: String(value))
        }
    }
}

/// A range of numbers, either end of which may belong to it or not, or be missing.
struct Interval: Sendable, CustomStringConvertible {
    enum Bound: Sendable {
        case closed(Double)
        case open(Double)
        case none
    }

    var lower: Bound
    var upper: Bound

    static func atLeast(_ value: Double) -> Interval { Interval(lower: .closed(value), upper: .none) }
    static func above(_ value: Double) -> Interval { Interval(lower: .open(value), upper: .none) }
    static func closed(_ lower: Double, _ upper: Double) -> Interval {
        Interval(lower: .closed(lower), upper: .closed(upper))
    }
    static func open(_ lower: Double, _ upper: Double) -> Interval {
        Interval(lower: .open(lower), upper: .open(upper))
    }
    /// Without the lower, with the upper end.
    static func upTo(_ lower: Double, _ upper: Double) -> Interval {
        Interval(lower: .open(lower), upper: .closed(upper))
    }

    var description: String {
        let start =
            switch lower {
            case .closed(let value): "[\(plain(value))"
            case .open(let value): "(\(plain(value))"
            case .none: "(-inf"
            }
        let end =
            switch upper {
            case .closed(let value): "\(plain(value))]"
            case .open(let value): "\(plain(value)))"
            case .none: "+inf)"
            }
        return "\(start), \(end)"
    }

    func check(_ name: String, _ value: Double, written: String) throws(HyperparameterError) {
        let isAbove =
            switch lower {
            case .closed(let bound): value >= bound
            case .open(let bound): value > bound
            case .none: true
            }
        let isBelow =
            switch upper {
            case .closed(let bound): value <= bound
            case .open(let bound): value < bound
            case .none: true
            }
        guard isAbove, isBelow else { throw .outside(name, written, description) }
    }

    private func plain(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description
    }
}

/// What is wrong with a job's hyperparameters; the description is the container's message.
package struct HyperparameterError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    static func missing(_ name: String) -> Self { Self("Missing required hyperparameter: \(name)") }
    static func extraneous(_ name: String) -> Self { Self("Extraneous hyperparameter found: \(name)") }
    static func unparsable(_ name: String) -> Self {
        Self("Hyperparameter \(name): could not parse value (caused by ValueError)")
    }
    static func outside(_ name: String, _ value: String, _ domain: String) -> Self {
        Self("Hyperparameter \(name): \(value) is not in \(domain)")
    }
}

func trimmed(_ text: some StringProtocol) -> String {
    var rest = text[...].drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}

func commaSeparated(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
}

private func pythonList(_ items: [String]) -> String {
    "[" + items.map { "'\($0)'" }.joined(separator: ", ") + "]"
}
