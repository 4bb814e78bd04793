/// What policies say about a request.
package enum PolicyDecision: Sendable, Equatable {
    case allowed
    /// A statement denies it, whatever others allow.
    case explicitlyDenied
    /// No statement speaks of it.
    case implicitlyDenied
}

extension Sequence<Policy> {
    /// Explicit deny, then allow, then implicit deny.
    package func decide(_ request: AccessRequest) -> PolicyDecision {
        var decision = PolicyDecision.implicitlyDenied
        for policy in self {
            for statement in policy.statements {
                switch (statement.effect, decision) {
                case (.allow, .allowed): continue
                case (.allow, _):
                    if statement.applies(to: request) { decision = .allowed }
                case (.deny, _):
                    if statement.applies(to: request) { return .explicitlyDenied }
                }
            }
        }
        return decision
    }
}

extension Policy {
    /// What the policy of a resource says about a request.
    package func decide(_ request: AccessRequest, onBehalfOf party: TrustedParty) -> PolicyDecision {
        var decision = PolicyDecision.implicitlyDenied
        for statement in statements where statement.applies(to: request) {
            guard let principals = statement.principals,
                principals.contains(where: { $0.reach(of: party) != .none })
            else { continue }
            if statement.effect == .deny { return .explicitlyDenied }
            decision = .allowed
        }
        return decision
    }

    /// Whether everybody is allowed something without a condition that says from where or as whom.
    package var isPublic: Bool {
        statements.contains { statement in
            guard statement.effect == .allow, let principals = statement.principals else { return false }
            let reachesAll = principals.contains { $0 == .everybody }
            return reachesAll && !statement.conditions.contains { Self.narrowing.contains($0.key) }
        }
    }

    /// Names of the actions, as far as they are named; for messages.
    package func mentions(conditionKeyPrefix prefix: String) -> Bool {
        statements.contains { $0.conditions.contains { $0.key.hasPrefix(prefix) } }
    }

    /// Condition keys that, compared with fixed values, make a policy no public one.
    private static let narrowing: Set<String> = [
        "aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceaccount",
        "aws:principalorgid", "aws:userid", "aws:principalarn", "aws:principalaccount",
        "s3:dataaccesspointaccount", "s3:dataaccesspointarn",
    ]
}

/// What a trust policy says about somebody who asks to assume the role.
package enum TrustDecision: Sendable, Equatable {
    /// The policy names the party itself: it needs no other permission.
    case trusted
    /// The policy names its account: the party needs a permission of its own too.
    case delegated
    case explicitlyDenied
    case untrusted
}

extension Policy {
    /// Whether the role of this trust policy may be assumed.
    package func decide(_ request: AccessRequest, by party: TrustedParty) -> TrustDecision {
        var decision = TrustDecision.untrusted
        for statement in statements where statement.applies(to: request) {
            guard let principals = statement.principals else { continue }
            let reaches = principals.elements.map { $0.reach(of: party) }
            let isNamed = reaches.contains { $0 != .none }
            guard isNamed != principals.isNegated else { continue }
            switch statement.effect {
            case .deny: return .explicitlyDenied
            case .allow:
                let isDirect = !principals.isNegated && reaches.contains(.direct)
                if isDirect { decision = .trusted } else if decision != .trusted { decision = .delegated }
            }
        }
        return decision
    }
}
