import Foundation

/// What may stand in a requirement: a name, extras, versions, a condition (PEP 508, PEP 440).
enum RequirementGrammar {
    /// Why a requirement cannot be read, without a full stop; `nil` if it can.
    static func objection(to text: String) -> String? {
        guard
            let match = text.wholeMatch(
                of:
                    /(?<name>[A-Za-z0-9._-]+)\s*(?:\[(?<extras>[^\]]*)\])?\s*(?<versions>[^;\[\]]*?)\s*(?:;(?<marker>.*))?/
            )
        else { return "it is no requirement, such as numpy==1.26.4" }
        guard RequirementLine.isName(match.name) else { return "'\(match.name)' is no name of a package" }
        for extra in match.extras?.split(separator: ",") ?? [] {
            let name = extra.trimmingCharacters(in: .whitespaces)
            guard RequirementLine.isName(name[...]) else { return "'\(name)' is no name of an extra" }
        }
        if let objection = objection(toVersions: match.versions) { return objection }
        return match.marker.flatMap { objection(toMarker: $0) }
    }

    private static func objection(toVersions text: Substring) -> String? {
        var text = text
        if text.hasPrefix("("), text.hasSuffix(")") { text = text.dropFirst().dropLast() }
        guard !text.isEmpty else { return nil }
        var clauses = text.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        // The last may end with a comma.
        if clauses.count > 1, clauses.last == "" { clauses.removeLast() }
        for clause in clauses {
            guard !clause.isEmpty else { return "a version is missing beside a comma" }
            guard let match = clause.wholeMatch(of: /(?<sign>===|==|~=|!=|<=|>=|<|>)\s*(?<version>\S*)/)
            else {
                if clause.hasPrefix("=") { return "a version is compared with ==, not with =" }
                return "'\(clause)' is no version with a comparison before it, such as ==1.26.4"
            }
            if let objection = objection(to: match.version, comparedBy: match.sign) { return objection }
        }
        return nil
    }

    private static func objection(to version: Substring, comparedBy sign: Substring) -> String? {
        guard !version.isEmpty else { return "no version stands behind the \(sign)" }
        var release = version
        if release.hasSuffix(".*") {
            guard sign == "==" || sign == "!=" else {
                return "\(sign) cannot be with '\(version)': .* goes with == and !="
            }
            release = release.dropLast(2)
        }
        let isVersion =
            release.lowercased().wholeMatch(
                of:
                    /v?(\d+!)?\d+(\.\d+)*([-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?\d*)?(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?/
            ) != nil
        guard isVersion else { return "'\(version)' is no version" }
        guard sign != "~=" || release.contains(".") else {
            return "~= needs a version of two numbers, such as 1.26"
        }
        return nil
    }

    private static let variables: Set<String> = [
        "python_version", "python_full_version", "os_name", "sys_platform", "platform_release",
        "platform_system", "platform_version", "platform_machine", "platform_python_implementation",
        "implementation_name", "implementation_version", "extra", "extras", "dependency_groups",
    ]
    private static let connectives: Set<String> = ["and", "or", "not", "in"]

    private static func objection(toMarker text: Substring) -> String? {
        let rest = text.replacing(/'[^']*'|"[^"]*"/, with: " '' ")
        guard rest.contains(/==|!=|<|>|~=|\sin\s/) else {
            return "the condition behind the ; compares nothing, such as python_version < '3.11'"
        }
        guard rest.filter({ $0 == "'" }).count % 2 == 0, !rest.contains("\"") else {
            return "a quotation mark of the condition behind the ; is not closed"
        }
        let strange = rest.matches(of: /[A-Za-z_][A-Za-z0-9_.]*/).map { String($0.output) }
            .first { !variables.contains($0) && !connectives.contains($0) }
        return strange.map { "'\($0)' is not known in the condition behind the ;" }
    }
}
