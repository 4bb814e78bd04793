import AWSWire
package import Resources
package import SageMakerAPI
import Store

/// A model as it is kept: exactly what was asked.
package struct ModelRecord: StoredResource {
    package static let kind = "model"

    package let scope: Scope
    package let name: String
    package let created: Double
    package let request: SageMaker.CreateModelInput
    /// Who asked for it (`Caller.owner`); `nil` in records of older versions.
    package var creator: String?

    package init(scope: Scope, name: String, created: Double, request: SageMaker.CreateModelInput) {
        self.scope = scope
        self.name = name
        self.created = created
        self.request = request
    }

    /// Models have no status and never change.
    package var status: String { "" }
    package var modified: Double { created }

    /// The containers of the model, in the order in which calls go through them.
    var containers: [SageMaker.ContainerDefinition] {
        request.primaryContainer.map { [$0] } ?? request.containers ?? []
    }

    /// The first container of the model.
    package var container: SageMaker.ContainerDefinition? {
        request.primaryContainer ?? request.containers?.first
    }

    /// The model as `DescribeModel` shows it.
    package var description: SageMaker.DescribeModelOutput {
        .init(
            modelName: name,
            primaryContainer: request.primaryContainer,
            containers: request.containers,
            inferenceExecutionConfig: request.inferenceExecutionConfig,
            executionRoleArn: request.executionRoleArn,
            vpcConfig: request.vpcConfig,
            creationTime: Timestamp(seconds: created),
            modelArn: arn,
            enableNetworkIsolation: request.enableNetworkIsolation ?? false
        )
    }
}
