/// One action on one resource, with what is known of the call.
package struct AccessRequest: Sendable {
    package let action: String
    package let resource: String
    package let context: RequestContext
    /// In lower case: actions have no case.
    let actionScalars: [UInt32]
    let resourceName: ResourceName

    /// - Parameters:
    ///   - action: Such as `s3:GetObject`.
    ///   - resource: An ARN, or `*` for an action that has none.
    ///   - context: What conditions may ask for.
    package init(action: String, resource: String, context: RequestContext) {
        self.action = action
        self.resource = resource
        self.context = context
        actionScalars = action.lowercased().unicodeScalars.map(\.value)
        resourceName = ResourceName(resource)
    }
}

/// The values of condition keys; their names have no case.
package struct RequestContext: Sendable, Equatable {
    private var values: [String: [String]]

    /// - Parameter values: By name in lower case.
    package init(_ values: [String: [String]] = [:]) { self.values = values }

    /// The values of a key, whose name is in lower case; `nil` if the call has no such key.
    package subscript(key: String) -> [String]? {
        get { values[key] }
        set { values[key] = newValue }
    }
}

/// Who asks to assume a role.
package enum TrustedParty: Sendable, Equatable {
    /// Such as `sagemaker.amazonaws.com`.
    case service(String)
    /// A user or role of an account: the ARNs that it goes by.
    case principal(account: String, arns: [String])
    /// Somebody with a key who asks for a resource.
    ///
    /// - Parameters:
    ///   - canonical: Canonical user id of the account.
    ///   - account: The account's number.
    ///   - arns: The ARNs that they go by.
    case holder(canonical: String, account: String, arns: [String])
    /// Somebody without a key.
    case anonymous
}
