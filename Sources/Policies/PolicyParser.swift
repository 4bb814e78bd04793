import Foundation

/// Reads policy documents; what is wrong with one is said in IAM's words.
struct PolicyParser {
    private let form: Policy.Form

    init(_ form: Policy.Form) { self.form = form }

    func statements(in text: String) throws(MalformedPolicy) -> [PolicyStatement] {
        guard let tree = try? JSONDecoder().decode(PolicyNode.self, from: Data(text.utf8)),
            case .object(let document) = tree
        else { throw MalformedPolicy(message: "This policy contains invalid Json") }
        try refuseUnknown(document, known: ["Version", "Id", "Statement"])
        let hasVariables = try version(document["Version"])
        guard let field = document["Statement"] else { throw Self.missing("Statement") }
        let nodes: [PolicyNode] =
            switch field {
            case .list(let nodes): nodes
            case .object: [field]
            default: throw Self.syntax
            }
        guard !nodes.isEmpty else { throw Self.syntax }
        var identifiers: Set<String> = []
        var statements: [PolicyStatement] = []
        for node in nodes {
            guard case .object(let members) = node else { throw Self.syntax }
            try check(identifier: members["Sid"], known: &identifiers)
            statements.append(try statement(members, hasVariables: hasVariables))
        }
        return statements
    }

    /// Whether the version knows variables.
    private func version(_ node: PolicyNode?) throws(MalformedPolicy) -> Bool {
        switch node {
        case .text("2012-10-17"): return true
        case nil where form != .identity, .text("2008-10-17") where form != .identity: return false
        case nil, .text("2008-10-17"):
            throw MalformedPolicy(message: "Policy document must be version 2012-10-17 or greater.")
        default: throw Self.syntax
        }
    }

    private func check(identifier: PolicyNode?, known: inout Set<String>) throws(MalformedPolicy) {
        guard let identifier else { return }
        guard case .text(let text) = identifier else { throw Self.syntax }
        guard form == .resource || text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw MalformedPolicy(
                message: """
                    Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression \
                    [0-9A-Za-z]*
                    """
            )
        }
        // S3 lets the statements of a bucket's policy share one.
        guard text.isEmpty || known.insert(text).inserted || form == .resource else {
            throw MalformedPolicy(message: "Statement IDs (SID) in a single policy must be unique.")
        }
    }

    private func statement(
        _ members: [String: PolicyNode],
        hasVariables: Bool
    ) throws(MalformedPolicy) -> PolicyStatement {
        try refuseUnknown(
            members,
            known: [
                "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
                "NotResource",
                "Condition",
            ]
        )
        guard let effectField = members["Effect"] else { throw Self.missing("Effect") }
        guard case .text(let name) = effectField, let effect = PolicyStatement.Effect(rawValue: name) else {
            throw Self.syntax
        }
        if effect == .allow, form == .resource, members["NotPrincipal"] != nil {
            // Everybody but one: nobody means that.
            throw MalformedPolicy(message: "Allow with NotPrincipal is not allowed.")
        }
        return PolicyStatement(
            effect: effect,
            actions: try actions(members),
            resources: try resources(members, hasVariables: hasVariables),
            principals: try principals(members),
            conditions: try PolicyConditionParser(hasVariables: hasVariables).conditions(members["Condition"])
        )
    }

    private func actions(
        _ members: [String: PolicyNode]
    ) throws(MalformedPolicy) -> PolicyStatement.Choice<TextPattern> {
        guard let (texts, isNegated) = try choice(members, "Action"), !texts.isEmpty else {
            throw Self.missing("Action")
        }
        for text in texts where text != "*" {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw MalformedPolicy(
                    message: "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
                )
            }
            let isOfSTS = parts[0].lowercased() == "sts"
            if form == .trust, !isOfSTS {
                throw MalformedPolicy(message: "AssumeRole policy may only specify STS AssumeRole actions.")
            }
        }
        return .init(
            elements: texts.map { TextPattern($0, wildcards: true, variables: false, foldingCase: true) },
            isNegated: isNegated
        )
    }

    private func resources(
        _ members: [String: PolicyNode],
        hasVariables: Bool
    ) throws(MalformedPolicy) -> PolicyStatement.Choice<ARNPattern>? {
        let found = try choice(members, "Resource")
        guard form != .trust else {
            if found != nil { throw MalformedPolicy(message: "Has prohibited field Resource") }
            return nil
        }
        guard let (texts, isNegated) = found, !texts.isEmpty else { throw Self.missing("Resource") }
        var patterns: [ARNPattern] = []
        for text in texts {
            guard let pattern = ARNPattern(text, variables: hasVariables) else {
                throw MalformedPolicy(message: "Resource \(text) must be in ARN format or \"*\".")
            }
            patterns.append(pattern)
        }
        return .init(elements: patterns, isNegated: isNegated)
    }

    private func principals(
        _ members: [String: PolicyNode]
    ) throws(MalformedPolicy) -> PolicyStatement.Choice<PolicyPrincipal>? {
        let (positive, negative) = (members["Principal"], members["NotPrincipal"])
        guard form != .identity else {
            if positive != nil || negative != nil {
                throw MalformedPolicy(message: "Policy document should not specify a principal.")
            }
            return nil
        }
        guard let node = positive ?? negative else { throw Self.missing("Principal") }
        guard positive == nil || negative == nil else { throw Self.syntax }
        if case .text("*") = node { return .init(elements: [.everybody], isNegated: positive == nil) }
        guard case .object(let kinds) = node, !kinds.isEmpty else { throw Self.syntax }
        var principals: [PolicyPrincipal] = []
        for (kind, values) in kinds.sorted(by: { $0.key < $1.key }) {
            guard let texts = values.texts else { throw Self.syntax }
            for text in texts { principals.append(try principal(kind, text)) }
        }
        return .init(elements: principals, isNegated: positive == nil)
    }

    private func principal(_ kind: String, _ text: String) throws(MalformedPolicy) -> PolicyPrincipal {
        let invalid = MalformedPolicy(message: "Invalid principal in policy: \"\(kind)\":\"\(text)\"")
        switch kind {
        case "Service": return .service(text)
        case "CanonicalUser": return .canonical(text)
        case "Federated": return .other
        case "AWS":
            if text == "*" { return .everybody }
            if text.count == 12, text.allSatisfy({ $0.isASCII && $0.isNumber }) { return .account(text) }
            let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            guard parts.count == 6, parts[0] == "arn", parts[2] == "iam" || parts[2] == "sts",
                parts[3].isEmpty,
                // Names of accounts that are none here are good names which reach nobody.
                !parts[4].isEmpty, parts[4].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
                !parts[5].isEmpty, !parts[5].contains("*")
            else { throw invalid }
            return parts[5] == "root" ? .account(String(parts[4])) : .arn(text)
        default: throw invalid
        }
    }

    /// The values of a field or of its negation; both at once are an error.
    private func choice(
        _ members: [String: PolicyNode],
        _ name: String
    ) throws(MalformedPolicy) -> (texts: [String], isNegated: Bool)? {
        let (positive, negative) = (members[name], members["Not" + name])
        guard positive == nil || negative == nil else { throw Self.syntax }
        guard let node = positive ?? negative else { return nil }
        guard let texts = node.texts else { throw Self.syntax }
        return (texts, positive == nil)
    }

    private func refuseUnknown(
        _ members: [String: PolicyNode],
        known: Set<String>
    ) throws(MalformedPolicy) {
        guard known.isSuperset(of: members.keys) else { throw Self.syntax }
    }

    static let syntax = MalformedPolicy(message: "Syntax errors in policy.")

    private static func missing(_ field: String) -> MalformedPolicy {
        MalformedPolicy(message: "Missing required field \(field)")
    }
}

/// JSON as a tree.
enum PolicyNode: Decodable, Sendable {
    case object([String: PolicyNode])
    case list([PolicyNode])
    case text(String)
    case bool(Bool)
    case number(Double)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([String: PolicyNode].self) {
            self = .object(value)
        } else if let value = try? container.decode([PolicyNode].self) {
            self = .list(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else {
            self = .number(try container.decode(Double.self))
        }
    }

    /// One value as a text; `nil` for a list and for anything else.
    private var single: String? {
        if case .list = self { return nil }
        return texts?.first
    }

    /// One value or a list of them, as texts; `nil` for anything else.
    var texts: [String]? {
        switch self {
        case .text(let text): return [text]
        case .bool(let value): return ["\(value)"]
        case .number(let value): return [value == value.rounded() ? "\(Int(value))" : "\(value)"]
        case .list(let nodes):
            let texts = nodes.compactMap(\.single)
            return texts.count == nodes.count ? texts : nil
        case .object: return nil
        }
    }
}
