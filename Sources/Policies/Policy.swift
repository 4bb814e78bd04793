/// A policy document that was read: what it allows and denies.
package struct Policy: Sendable, Equatable {
    let statements: [PolicyStatement]

    /// What a document is for.
    package enum Form: Sendable, Hashable {
        /// Belongs to a user or a role and says what they may do: it names resources and no principal.
        case identity
        /// Belongs to a role and says who may assume it: it names principals and no resource.
        case trust
        /// Belongs to a resource, such as a bucket, and says who may do what with it.
        case resource
    }

    /// What the statements speak of, as it stands in them.
    package var resourceTexts: [String] { statements.flatMap { $0.resources?.elements.map(\.text) ?? [] } }

    /// Reads a document strictly.
    ///
    /// - Throws: `MalformedPolicy` in the words of IAM.
    package init(parsing text: String, as form: Form) throws(MalformedPolicy) {
        statements = try PolicyParser(form).statements(in: text)
    }
}

/// A document that is no policy; the message is what IAM says of it.
package struct MalformedPolicy: Error, Equatable {
    package let message: String
}

/// One statement of a policy.
struct PolicyStatement: Sendable, Equatable {
    enum Effect: String {
        case allow = "Allow"
        case deny = "Deny"
    }

    /// A list, and whether it names what is meant or what is not.
    struct Choice<Element: Sendable & Equatable>: Sendable, Equatable {
        let elements: [Element]
        let isNegated: Bool

        func contains(where test: (Element) -> Bool) -> Bool { elements.contains(where: test) != isNegated }
    }

    let effect: Effect
    let actions: Choice<TextPattern>
    /// `nil` in trust policies: the role itself is meant.
    let resources: Choice<ARNPattern>?
    /// `nil` in identity policies: whoever has the policy is meant.
    let principals: Choice<PolicyPrincipal>?
    let conditions: [PolicyCondition]

    func applies(to request: AccessRequest) -> Bool {
        let context = request.context
        return actions.contains { $0.matches(request.actionScalars, in: context) }
            && resources?.contains { $0.matches(request.resourceName, in: context) } ?? true
            && conditions.allSatisfy { $0.holds(in: context) }
    }
}

/// A principal as a trust policy names it.
enum PolicyPrincipal: Sendable, Equatable {
    case everybody
    case service(String)
    /// An account: its number, or `arn:aws:iam::<number>:root`.
    case account(String)
    /// A user, a role or a session.
    case arn(String)
    /// An account by its canonical user id, as S3 has them.
    case canonical(String)
    /// Another kind, which nobody here is.
    case other

    /// How much a principal's name says.
    enum Reach { case none, delegated, direct }

    func reach(of party: TrustedParty) -> Reach {
        switch (self, party) {
        case (.service(let name), .service(let asking)): name == asking ? .direct : .none
        case (.everybody, .service): .none
        case (.everybody, .principal): .delegated
        case (.account(let number), .principal(let account, _)): number == account ? .delegated : .none
        case (.arn(let arn), .principal(_, let arns)): arns.contains(arn) ? .direct : .none
        case (.everybody, .anonymous): .direct
        case (.canonical(let id), .holder(let canonical, _, _)): id == canonical ? .direct : .none
        case (.everybody, .holder): .direct
        case (.account(let number), .holder(_, let account, _)): number == account ? .direct : .none
        case (.arn(let arn), .holder(_, _, let arns)): arns.contains(arn) ? .direct : .none
        case (.service, _), (.account, _), (.arn, _), (.canonical, _), (.other, _): .none
        }
    }
}
