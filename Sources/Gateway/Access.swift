package import AWSWire

/// One thing that a call does: an IAM action on a resource.
package struct Access: Sendable, Equatable {
    /// Such as `sagemaker:CreateTrainingJob`.
    package let action: String
    /// An ARN, or `*` for an action that has no resource.
    package let resource: String
    /// Values of condition keys that only this call has; names in lower case.
    package let context: [String: [String]]

    package init(_ action: String, on resource: String, context: [String: [String]] = [:]) {
        self.action = action
        self.resource = resource
        self.context = context
    }

    /// Handing a role to the service that acts as it.
    package static func passing(_ role: String) -> Access {
        Access(
            "iam:PassRole",
            on: role,
            context: ["iam:passedtoservice": ["sagemaker.amazonaws.com"]]
        )
    }
}

/// The one place where it is decided who may do what.
///
/// Called on event loops too: answers from memory, at once.
package protocol AccessControl: Sendable {
    /// Why the caller may not do this; `nil` if they may.
    func refusal(of access: Access, by caller: Caller) -> AccessRefusal?
    /// Whether the caller may do the same with many things, nothing else being known of each.
    func allows(_ action: String, onAll resources: some Sequence<String>, by caller: Caller) -> Bool
}

extension AccessControl {
    /// Why the caller may not do all of this.
    package func refusal(of accesses: [Access], by caller: Caller) -> AccessRefusal? {
        for access in accesses {
            if let refusal = refusal(of: access, by: caller) { return refusal }
        }
        return nil
    }

    package func allows(
        _ action: String,
        onAll resources: some Sequence<String>,
        by caller: Caller
    ) -> Bool {
        resources.allSatisfy { refusal(of: Access(action, on: $0), by: caller) == nil }
    }
}

/// A call that is not allowed.
package enum AccessRefusal: Error, Sendable, Equatable {
    /// In the words of IAM: nothing allows it.
    case denied(String)
    /// In the words of IAM: a policy denies it, whatever others allow.
    case explicitlyDenied(String)
    /// The role that was to be passed cannot be used.
    case unusableRole(String)

    package var message: String {
        switch self {
        case .denied(let message), .explicitlyDenied(let message), .unusableRole(let message): message
        }
    }

    /// The error that a service of this envelope answers.
    package func serviceError(in envelope: Envelope) -> ServiceError {
        switch (self, envelope) {
        case (.unusableRole(let message), _): .validation(message)
        case (_, .json), (_, .restJSON), (_, .cbor):
            ServiceError("AccessDeniedException", message, status: 403)
        case (_, .query), (_, .s3): ServiceError("AccessDenied", message, status: 403)
        }
    }
}

/// What an operation needs: named beside its handler, so that none can be without.
package struct OperationAccess<Input: Sendable>: Sendable {
    /// The resources that it acts on, and what else it does; `nil` if everybody with a key may call it.
    package let accesses: (@Sendable (_ action: String, Input, Caller) -> [Access])?

    /// Everybody with a key may: the operation tells or gives nobody anything but their own.
    package static var everybody: Self { Self(accesses: nil) }

    /// The action has no resource: policies name it with `*`.
    package static var anywhere: Self {
        Self { action, _, _ in [Access(action, on: "*")] }
    }

    /// - Parameters:
    ///   - resource: The ARN that the operation acts on.
    ///   - context: Condition keys of the request, names in lower case.
    ///   - roles: Roles that it passes on, each checked by `iam:PassRole`.
    /// - Returns: What has to be allowed before the handler runs.
    package static func on(
        _ resource: @escaping @Sendable (Input, Caller) -> String,
        context: @escaping @Sendable (Input) -> [String: [String]] = { _ in [:] },
        passing roles: @escaping @Sendable (Input) -> [String?] = { _ in [] }
    ) -> Self {
        Self { action, input, caller in
            [Access(action, on: resource(input, caller), context: context(input))]
                + roles(input).compactMap { $0.map { Access.passing($0) } }
        }
    }

    /// As `on`, for an operation that acts on several resources.
    package static func onAll(_ resources: @escaping @Sendable (Input, Caller) -> [String]) -> Self {
        Self { action, input, caller in resources(input, caller).map { Access(action, on: $0) } }
    }
}
