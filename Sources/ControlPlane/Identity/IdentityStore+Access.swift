package import Gateway
import Policies
import Resources

/// The one decision: explicit deny, then allow, then implicit deny; the owner may do everything.
extension IdentityStore: AccessControl {
    package func refusal(of access: Access, by caller: Caller) -> AccessRefusal? {
        let directory = directory
        if caller.authority != .owner {
            let request = AccessRequest(
                action: access.action,
                resource: access.resource,
                context: context(of: access, caller, directory)
            )
            let decision =
                access.action == "sts:AssumeRole"
                ? assumption(request, by: caller, directory)
                : directory.policies(of: caller.authority).decide(request)
            if let message = Self.sentence(decision, access, caller) {
                return decision == .explicitlyDenied ? .explicitlyDenied(message) : .denied(message)
            }
        }
        return access.action == "iam:PassRole" ? unusable(access.resource, for: caller, directory) : nil
    }

    package func allows(
        _ action: String,
        onAll resources: some Sequence<String>,
        by caller: Caller
    ) -> Bool {
        guard caller.authority != .owner else { return true }
        let directory = directory
        let policies = directory.policies(of: caller.authority)
        // What conditions may ask for is the same for all, and takes longer than deciding.
        let context = context(of: Access(action, on: "*"), caller, directory)
        return resources.allSatisfy { resource in
            policies.decide(AccessRequest(action: action, resource: resource, context: context)) == .allowed
        }
    }

    /// The refusal in IAM's words; `nil` for what is allowed.
    private static func sentence(_ decision: PolicyDecision, _ access: Access, _ caller: Caller) -> String? {
        let resource = access.action.hasPrefix("s3:") ? "\"\(access.resource)\"" : access.resource
        let start =
            "User: \(caller.principalARN) is not authorized to perform: \(access.action) on resource: \(resource)"
        switch decision {
        case .allowed: return nil
        case .explicitlyDenied: return start + " with an explicit deny in an identity-based policy"
        case .implicitlyDenied:
            return start + " because no identity-based policy allows the \(access.action) action"
        }
    }

    /// Whether a role may be assumed: its trust policy must name the caller, or the caller's account and then a policy
    /// of the caller's must allow it too.
    private func assumption(
        _ request: AccessRequest,
        by caller: Caller,
        _ directory: IdentityDirectory
    ) -> PolicyDecision {
        let own = directory.policies(of: caller.authority).decide(request)
        guard own != .explicitlyDenied else { return .explicitlyDenied }
        guard let role = directory.role(of: request.resource), let trust = directory.trust(of: role) else {
            return .implicitlyDenied
        }
        var names = [caller.principalARN]
        if let arn = Self.roleARN(of: caller, directory) { names.append(arn) }
        let party = TrustedParty.principal(account: account.description, arns: names)
        switch trust.decide(request, by: party) {
        case .trusted: return .allowed
        case .delegated: return own
        case .explicitlyDenied: return .explicitlyDenied
        case .untrusted: return .implicitlyDenied
        }
    }

    /// Why the service cannot act as a role.
    ///
    /// The owner may name a role that was never here: code carries the ARN that it had in the cloud, and its jobs run
    /// as the standard role. Nobody else may, because that would hand them the standard role's rights.
    private func unusable(
        _ arn: String,
        for caller: Caller,
        _ directory: IdentityDirectory
    ) -> AccessRefusal? {
        guard let role = directory.role(of: arn) else {
            let wasDeleted = RoleARN(arn).map(directory.wasDeleted) ?? false
            guard wasDeleted || caller.authority != .owner else { return nil }
            return .unusableRole(Self.unassumable(arn) + (wasDeleted ? "" : Self.importHint))
        }
        let request = AccessRequest(action: "sts:AssumeRole", resource: arn, context: RequestContext())
        let decision = directory.trust(of: role)?
            .decide(request, by: .service("sagemaker.amazonaws.com"))
        return decision == .trusted ? nil : .unusableRole(Self.unassumable(arn))
    }

    private static func unassumable(_ arn: String) -> String {
        "Could not assume role \(arn). Please ensure that the role exists and allows principal "
            + "'sagemaker.amazonaws.com' to assume the role."
    }

    private static let importHint =
        " The owner can make a role of another account exist: clary roles import ARN."

    private static func roleARN(of caller: Caller, _ directory: IdentityDirectory) -> String? {
        guard case .role(let account, let name) = caller.authority else { return nil }
        return directory.role(named: name, in: account)?.arn
    }

    // MARK: Condition keys

    private func context(
        of access: Access,
        _ caller: Caller,
        _ directory: IdentityDirectory
    ) -> RequestContext {
        let seconds = "\(Int(time))"
        var values = access.context
        values["aws:principalarn"] = [Self.roleARN(of: caller, directory) ?? caller.principalARN]
        values["aws:principalaccount"] = [caller.scope.account.description]
        values["aws:requestedregion"] = ["\(caller.scope.region)"]
        values["aws:currenttime"] = [seconds]
        values["aws:epochtime"] = [seconds]
        // What stays on this machine cannot be overheard.
        values["aws:securetransport"] = ["\(caller.isConfidential)"]
        if !caller.source.isEmpty { values["aws:sourceip"] = [caller.source] }
        switch caller.authority {
        case .user(let name):
            values["aws:username"] = [name]
            values["aws:principaltype"] = ["User"]
            values["aws:userid"] = directory.users[name].map { [$0.id] }
        case .role(let account, let name):
            values["aws:principaltype"] = ["AssumedRole"]
            let session = caller.principalARN.split(separator: "/").last ?? ""
            values["aws:userid"] = directory.role(named: name, in: account).map { ["\($0.id):\(session)"] }
        case .owner, .nobody: break
        }
        return RequestContext(values)
    }

    // MARK: Roles as jobs have them

    /// Whose policies rule what runs as a role.
    func authority(ofRole arn: String) -> Authority {
        let directory = directory
        if let role = directory.role(of: arn) { return .role(account: role.account, name: role.name) }
        if let parts = RoleARN(arn), directory.wasDeleted(parts) { return .nobody }
        return .role(account: account, name: Role.standardName)
    }

    /// What a principal may do, for whoever asks without doing it.
    func simulate(_ action: String, on resource: String, as authority: Authority) -> PolicyDecision {
        let request = AccessRequest(
            action: action,
            resource: resource,
            context: RequestContext(["aws:currenttime": ["\(Int(time))"]])
        )
        return directory.policies(of: authority).decide(request)
    }
}
