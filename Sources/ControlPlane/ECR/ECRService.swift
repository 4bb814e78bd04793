package import Gateway
import SageMakerAPI
package import Store

/// Amazon's container registry as one service: names and passwords are Clary's, images are in a registry behind it.
package enum ECRService {
    package static func make(
        database: StateDatabase,
        tokens: RegistryTokens,
        registry: LocalRegistry?
    ) -> TypedService {
        var service = TypedService(
            name: "ecr",
            wire: .awsJSON(version: .v11, target: ECR.targetPrefix),
            operationNames: ECR.operationNames,
            violationCode: "InvalidParameterException"
        )
        RepositoryHandlers(database: database, tokens: tokens).register(in: &service)
        ImageHandlers(database: database, registry: registry).register(in: &service)
        return service
    }
}
