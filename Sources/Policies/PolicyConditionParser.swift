/// Reads the `Condition` of a statement.
struct PolicyConditionParser {
    let hasVariables: Bool

    func conditions(_ node: PolicyNode?) throws(MalformedPolicy) -> [PolicyCondition] {
        guard let node else { return [] }
        guard case .object(let operators) = node else { throw PolicyParser.syntax }
        var conditions: [PolicyCondition] = []
        for (name, keys) in operators.sorted(by: { $0.key < $1.key }) {
            let parsed = try Operator(name)
            guard case .object(let members) = keys else { throw PolicyParser.syntax }
            for (key, values) in members.sorted(by: { $0.key < $1.key }) {
                guard key.contains(":") else {
                    throw MalformedPolicy(
                        message: "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
                    )
                }
                guard let texts = values.texts else { throw PolicyParser.syntax }
                conditions.append(
                    PolicyCondition(
                        comparison: parsed.comparison,
                        isNegated: parsed.isNegated,
                        ifExists: parsed.ifExists,
                        quantifier: parsed.quantifier,
                        key: key.lowercased(),
                        values: try read(texts, for: parsed.comparison)
                    )
                )
            }
        }
        return conditions
    }

    private func read(
        _ texts: [String],
        for comparison: PolicyCondition.Comparison
    ) throws(MalformedPolicy) -> [PolicyCondition.Value] {
        var values: [PolicyCondition.Value] = []
        for text in texts { values.append(try read(text, for: comparison)) }
        return values
    }

    private func read(
        _ text: String,
        for comparison: PolicyCondition.Comparison
    ) throws(MalformedPolicy) -> PolicyCondition.Value {
        let value: PolicyCondition.Value? =
            switch comparison {
            case .text(let ignoringCase):
                .pattern(
                    TextPattern(text, wildcards: false, variables: hasVariables, foldingCase: ignoringCase)
                )
            case .likeness: .pattern(TextPattern(text, wildcards: true, variables: hasVariables))
            case .arn: ARNPattern(text, variables: hasVariables).map { .arn($0) }
            case .number: Double(text).map { .number($0) }
            case .date: PolicyTime.seconds(text).map { .number($0) }
            case .bool, .null:
                switch text.lowercased() {
                case "true": .bool(true)
                case "false": .bool(false)
                default: nil
                }
            case .address: AddressRange(text).map { .network($0) }
            }
        guard let value else { throw MalformedPolicy(message: "Invalid value in policy condition: \(text)") }
        return value
    }

    /// An operator's name, taken apart.
    private struct Operator {
        let comparison: PolicyCondition.Comparison
        let isNegated: Bool
        let ifExists: Bool
        let quantifier: PolicyCondition.Quantifier

        init(_ name: String) throws(MalformedPolicy) {
            var rest = name[...]
            var quantifier = PolicyCondition.Quantifier.single
            if rest.hasPrefix("ForAnyValue:") { quantifier = .forAnyValue }
            if rest.hasPrefix("ForAllValues:") { quantifier = .forAllValues }
            if quantifier != .single { rest = rest.drop { $0 != ":" }.dropFirst() }
            ifExists = rest.hasSuffix("IfExists")
            if ifExists { rest = rest.dropLast("IfExists".count) }
            guard let (comparison, isNegated) = Self.table[String(rest)], !(ifExists && rest == "Null") else {
                throw MalformedPolicy(message: "Invalid Condition type : \(name).")
            }
            self.quantifier = quantifier
            self.comparison = comparison
            self.isNegated = isNegated
        }

        private static let table: [String: (PolicyCondition.Comparison, Bool)] = [
            "StringEquals": (.text(ignoringCase: false), false),
            "StringNotEquals": (.text(ignoringCase: false), true),
            "StringEqualsIgnoreCase": (.text(ignoringCase: true), false),
            "StringNotEqualsIgnoreCase": (.text(ignoringCase: true), true),
            "StringLike": (.likeness, false), "StringNotLike": (.likeness, true),
            "BinaryEquals": (.text(ignoringCase: false), false),
            "ArnEquals": (.arn, false), "ArnNotEquals": (.arn, true),
            "ArnLike": (.arn, false), "ArnNotLike": (.arn, true),
            "NumericEquals": (.number(.equal), false), "NumericNotEquals": (.number(.equal), true),
            "NumericLessThan": (.number(.less), false),
            "NumericLessThanEquals": (.number(.lessOrEqual), false),
            "NumericGreaterThan": (.number(.greater), false),
            "NumericGreaterThanEquals": (.number(.greaterOrEqual), false),
            "DateEquals": (.date(.equal), false), "DateNotEquals": (.date(.equal), true),
            "DateLessThan": (.date(.less), false), "DateLessThanEquals": (.date(.lessOrEqual), false),
            "DateGreaterThan": (.date(.greater), false),
            "DateGreaterThanEquals": (.date(.greaterOrEqual), false),
            "Bool": (.bool, false), "Null": (.null, false),
            "IpAddress": (.address, false), "NotIpAddress": (.address, true),
        ]
    }
}
