package import AWSWire

/// Writes what a call asked for without its secrets.
package enum AuditParameters {
    /// Longest text that is kept, in characters.
    private static let limit = 4000

    /// The input of an operation as JSON.
    ///
    /// Values of members whose names speak of secrets, and all values of an environment, are replaced; log lines are
    /// left out.
    package static func text(of input: some WireShape) -> String {
        guard let bytes = try? JSONCodec.encode(input) else { return "" }
        return redacted(bytes)
    }

    /// A JSON document without secrets; an empty text for what is none.
    package static func redacted(_ bytes: [UInt8]) -> String {
        guard let tree = try? JSONCodec.tree(of: bytes) else { return "" }
        let text = String(decoding: JSONCodec.bytes(of: redact(tree, isSecret: false)), as: UTF8.self)
        return text.count <= limit ? text : text.prefix(limit) + "…"
    }

    private static func redact(_ value: WireValue, isSecret: Bool) -> WireValue {
        switch value {
        case .structure(let members):
            var clean = WireMembers()
            for name in members.names {
                guard let member = members[name] else { continue }
                if name.lowercased() == "logevents" { continue }
                clean[name] = redact(member, isSecret: isSecret || Self.isSecret(name))
            }
            return .structure(clean)
        case .list(let values): return .list(values.map { redact($0, isSecret: isSecret) })
        case .null: return .null
        case .bool, .integer, .number, .string: return isSecret ? .string("***") : value
        }
    }

    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["secret", "password", "passwd", "token", "credential", "environment", "apikey", "api_key"]
            .contains { name.contains($0) }
    }
}
