package import Foundation

/// Collects what is wrong with a request, in the words of the services.
///
/// Generated `validate(_:)` functions call it member by member; it keeps the path to the member that is
/// looked at (`inputDataConfig.1.member.channelName`) and the violations found. Members are checked as the
/// services check them: each is reported for itself, except that the strings of a list and the keys and
/// values of a map are reported at their container.
package struct ConstraintChecker: Sendable {
    /// The sentences found so far, each `Value '…' at '…' failed to satisfy constraint: …`.
    package private(set) var violations: [String] = []
    private var path: [String] = []

    /// More sentences than this help nobody and would let a caller buy a long answer with a short request.
    private static let maximumViolations = 50
    /// Values longer than this are cut in sentences, in characters.
    private static let maximumValueLength = 2048

    package init() {}

    /// Checks a whole request.
    ///
    /// The error lists every violation under the service's code for it: `ValidationException` in most,
    /// `ValidationError` in STS and IAM, `InvalidParameterException` in CloudWatch Logs.
    package static func check(
        _ input: some WireShape,
        code: String = "ValidationException"
    ) throws(ServiceError) {
        var checker = ConstraintChecker()
        input.validate(&checker)
        let violations = checker.violations
        guard !violations.isEmpty else { return }
        let noun = violations.count == 1 ? "error" : "errors"
        throw ServiceError(
            code,
            "\(violations.count) validation \(noun) detected: \(violations.joined(separator: "; "))"
        )
    }

    // MARK: Scalars

    /// Checks a string.
    package mutating func string(_ value: String?, _ name: String, _ presence: Presence, _ rule: StringRule) {
        guard let value = present(value, name, presence) else { return }
        report(rule.violations(of: value), value: value, at: name)
    }

    /// Checks an integer.
    package mutating func number(_ value: Int?, _ name: String, _ presence: Presence, _ rule: NumberRule<Int>)
    {
        guard let value = present(value, name, presence) else { return }
        report(rule.violations(of: value), value: "\(value)", at: name)
    }

    /// Checks a float.
    package mutating func number(
        _ value: Double?,
        _ name: String,
        _ presence: Presence,
        _ rule: NumberRule<Double>
    ) {
        guard let value = present(value, name, presence) else { return }
        report(rule.violations(of: value), value: "\(value)", at: name)
    }

    /// Checks a blob.
    package mutating func blob(_ value: Data?, _ name: String, _ presence: Presence, _ rule: CountRule) {
        guard let value = present(value, name, presence) else { return }
        report(rule.violations(of: value.count), value: "\(value.count) bytes", at: name)
    }

    /// Reports a required member that is missing.
    package mutating func required(_ value: (some Any)?, _ name: String) {
        _ = present(value, name, .required)
    }

    // MARK: Containers

    /// Checks a structure member by member.
    package mutating func structure(_ value: (some WireShape)?, _ name: String, _ presence: Presence) {
        guard let value = present(value, name, presence) else { return }
        path.append(name)
        value.validate(&self)
        path.removeLast()
    }

    /// Checks the length of a list, then each member with `member`, at the path `name.N.member`.
    package mutating func list<Member>(
        _ value: [Member]?,
        _ name: String,
        _ presence: Presence,
        _ rule: CountRule,
        member: (inout ConstraintChecker, Member) -> Void
    ) {
        guard let value = present(value, name, presence) else { return }
        report(rule.violations(of: value.count), value: Self.describe(value), at: name)
        for (index, item) in value.enumerated() {
            path.append("\(name).\(index + 1).member")
            member(&self, item)
            path.removeLast()
        }
    }

    /// Checks the length of a list of strings and the strings, which are reported at the list.
    package mutating func strings(
        _ value: [String]?,
        _ name: String,
        _ presence: Presence,
        _ rule: CountRule,
        each memberRule: StringRule
    ) {
        guard let value = present(value, name, presence) else { return }
        report(rule.violations(of: value.count), value: Self.describe(value), at: name)
        guard value.contains(where: { !memberRule.violations(of: $0).isEmpty }) else { return }
        report(
            ["Member must satisfy constraint: \(Self.list(memberRule))"],
            value: Self.describe(value),
            at: name
        )
    }

    /// Checks the size of a map and its keys, then each value with `member`, at the path `name.<key>.member`.
    package mutating func map<Member>(
        _ value: [String: Member]?,
        _ name: String,
        _ presence: Presence,
        _ rule: CountRule,
        keys: StringRule,
        member: (inout ConstraintChecker, Member) -> Void
    ) {
        guard let value = present(value, name, presence) else { return }
        let keysInOrder = value.keys.sorted()
        report(rule.violations(of: value.count), value: "{\(keysInOrder.joined(separator: ", "))}", at: name)
        for key in keysInOrder {
            if !keys.violations(of: key).isEmpty {
                report(["Map keys must satisfy constraint: \(Self.list(keys))"], value: "{\(key)}", at: name)
            }
            guard let item = value[key] else { continue }
            path.append("\(name).\(key).member")
            member(&self, item)
            path.removeLast()
        }
    }

    /// Checks a map from strings to strings; the offending entry is reported at the map.
    package mutating func strings(
        _ value: [String: String]?,
        _ name: String,
        _ presence: Presence,
        _ rule: CountRule,
        keys: StringRule,
        values: StringRule
    ) {
        map(value, name, presence, rule, keys: keys) { _, _ in }
        guard let value else { return }
        for (key, text) in value.sorted(by: { $0.key < $1.key }) where !values.violations(of: text).isEmpty {
            report(
                ["Map value must satisfy constraint: \(Self.list(values))"],
                value: "{\(key)=\(text)}",
                at: name
            )
        }
    }

    // MARK: Reporting

    private mutating func present<Value>(_ value: Value?, _ name: String, _ presence: Presence) -> Value? {
        if value == nil, presence == .required { append("Value null", ["Member must not be null"], at: name) }
        return value
    }

    private mutating func report(_ constraints: [String], value: @autoclosure () -> String, at name: String) {
        guard !constraints.isEmpty else { return }
        var text = value()
        if text.count > Self.maximumValueLength { text = text.prefix(Self.maximumValueLength) + "…" }
        append("Value '\(text)'", constraints, at: name)
    }

    private mutating func append(_ subject: String, _ constraints: [String], at name: String) {
        let location = (path + [name]).filter { !$0.isEmpty }.joined(separator: ".")
        for constraint in constraints where violations.count < Self.maximumViolations {
            violations.append("\(subject) at '\(location)' failed to satisfy constraint: \(constraint)")
        }
    }

    private static func list(_ rule: StringRule) -> String { "[\(rule.texts.joined(separator: ", "))]" }

    /// A list in words: its strings or numbers, or how many structures it has.
    private static func describe<Member>(_ value: [Member]) -> String {
        let scalars = value.prefix(100).compactMap { member in
            member is String || member is Int || member is Double ? "\(member)" : nil
        }
        return scalars.isEmpty && !value.isEmpty
            ? "[\(value.count) members]" : "[\(scalars.joined(separator: ", "))]"
    }
}
