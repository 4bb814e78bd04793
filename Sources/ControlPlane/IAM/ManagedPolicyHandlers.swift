import AWSWire
package import Gateway
import Policies
import Resources
import SageMakerAPI

/// The policies that users and roles share: the account's own and AWS's.
package struct ManagedPolicyHandlers: Sendable {
    private let identities: IdentityStore

    package init(identities: IdentityStore) { self.identities = identities }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(IAM.CreatePolicy.self, .identity("policy", { $0.policyName }), create)
        service.on(IAM.GetPolicy.self, .on({ input, _ in input.policyArn ?? "" }), get)
        service.on(IAM.ListPolicies.self, .identity("policy", { _ in nil }), list)
        service.on(IAM.DeletePolicy.self, .on({ input, _ in input.policyArn ?? "" }), delete)
        service.on(IAM.GetPolicyVersion.self, .on({ input, _ in input.policyArn ?? "" }), version)
    }

    private func create(
        _ request: IAM.CreatePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.CreatePolicyResponse {
        var tags: [String: String] = [:]
        for tag in request.tags ?? [] { tags[tag.key ?? ""] = tag.value ?? "" }
        let policy = ManagedPolicy(
            account: identities.account,
            name: request.policyName ?? "",
            path: request.path ?? "/",
            id: RandomText.identifier("ANPA", count: 21),
            created: identities.time.rounded(.down),
            policyDescription: request.description,
            document: try PolicyDocuments.checked(request.policyDocument, as: .identity),
            tags: tags
        )
        try await identities.addPolicy(policy)
        return .init(policy: description(of: policy.arn))
    }

    private func get(
        _ request: IAM.GetPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.GetPolicyResponse {
        .init(policy: description(of: try existing(request.policyArn)))
    }

    private func list(
        _ request: IAM.ListPoliciesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.ListPoliciesResponse {
        let directory = identities.directory
        let own = request.scope == "AWS" ? [] : directory.managed.keys.sorted()
        let builtIn = request.scope == "Local" ? [] : ManagedPolicies.arns
        let prefix = request.pathPrefix ?? "/"
        let arns = (own + builtIn).filter { arn in
            let isMeant = request.onlyAttached != true || directory.attachments(of: arn) > 0
            return isMeant && Self.path(of: arn).hasPrefix(prefix)
        }
        let page = try IAMPage(arns, marker: request.marker, limit: request.maxItems)
        return .init(
            policies: page.items.map { description(of: $0) },
            isTruncated: page.next != nil,
            marker: page.next
        )
    }

    private func delete(
        _ request: IAM.DeletePolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        let arn = try existing(request.policyArn)
        guard let policy = identities.directory.managed[arn] else {
            throw ServiceError("AccessDenied", "The policy \(arn) is not yours to delete.", status: 403)
        }
        guard identities.directory.attachments(of: arn) == 0 else {
            throw IAM.Failure.deleteConflict("Cannot delete a policy attached to entities.")
        }
        try await identities.removePolicy(policy)
        return EmptyShape()
    }

    private func version(
        _ request: IAM.GetPolicyVersionRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> IAM.GetPolicyVersionResponse {
        let arn = try existing(request.policyArn)
        guard request.versionId == Self.onlyVersion, let document = identities.directory.document(of: arn)
        else {
            throw IAM.Failure.noSuchEntity(
                "Policy \(arn) version \(request.versionId ?? "") does not exist or is not attachable."
            )
        }
        return .init(
            policyVersion: .init(
                document: PolicyDocuments.encoded(document),
                versionId: Self.onlyVersion,
                isDefaultVersion: true,
                createDate: Timestamp(seconds: identities.directory.managed[arn]?.created ?? Self.builtInTime)
            )
        )
    }

    private func existing(_ arn: String?) throws(ServiceError) -> String {
        guard let arn, identities.directory.document(of: arn) != nil else {
            throw IAM.Failure.noSuchEntity("Policy \(arn ?? "") was not found.")
        }
        return arn
    }

    private func description(of arn: String) -> IAM.Policy {
        let directory = identities.directory
        let own = directory.managed[arn]
        let created = Timestamp(seconds: own?.created ?? Self.builtInTime)
        let path = Self.path(of: arn)
        return IAM.Policy(
            policyName: String(arn.split(separator: "/").last ?? ""),
            policyId: own?.id ?? "ANPACLARY" + String(path.filter { $0.isLetter }.uppercased().prefix(12)),
            arn: arn,
            path: path,
            defaultVersionId: Self.onlyVersion,
            attachmentCount: directory.attachments(of: arn),
            permissionsBoundaryUsageCount: 0,
            isAttachable: true,
            description: own?.policyDescription,
            createDate: created,
            updateDate: created
        )
    }

    /// What stands between `policy` and the name.
    private static func path(of arn: String) -> String {
        let parts = arn.split(separator: "/").dropFirst().dropLast()
        return parts.isEmpty ? "/" : "/" + parts.joined(separator: "/") + "/"
    }

    /// Policies are not versioned here.
    private static let onlyVersion = "v1"
    /// Creation time of the built-in policies, seconds since the epoch: that of AWS's own.
    private static let builtInTime = 1_423_000_000.0
}
