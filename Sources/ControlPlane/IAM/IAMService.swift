package import Gateway
import SageMakerAPI

/// Identity and Access Management as one service.
package enum IAMService {
    /// The service with its operations.
    package static func make(identities: IdentityStore) -> TypedService {
        var service = TypedService(
            name: "iam",
            wire: .query(namespace: IAM.xmlNamespace, version: IAM.apiVersion),
            operationNames: IAM.operationNames,
            violationCode: "ValidationError"
        )
        RoleHandlers(identities: identities).register(in: &service)
        PolicyHandlers(identities: identities).register(in: &service)
        ManagedPolicyHandlers(identities: identities).register(in: &service)
        UserHandlers(identities: identities).register(in: &service)
        return service
    }
}
