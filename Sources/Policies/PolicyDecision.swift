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
