import AWSWire
package import Resources
package import SageMakerAPI
import Store

/// An endpoint configuration as it is kept: what was asked, with the default weights.
package struct EndpointConfigRecord: StoredResource {
    package static let kind = "endpoint-config"

    package let scope: Scope
    package let name: String
    package let created: Double
    package let request: SageMaker.CreateEndpointConfigInput

    package init(scope: Scope, name: String, created: Double, request: SageMaker.CreateEndpointConfigInput) {
        self.scope = scope
        self.name = name
        self.created = created
        self.request = request
    }

    /// Configurations have no status and never change.
    package var status: String { "" }
    package var modified: Double { created }

    /// The configuration as `DescribeEndpointConfig` shows it; legal `CreateEndpointConfig` input.
    package var description: SageMaker.DescribeEndpointConfigOutput {
        .init(
            endpointConfigName: name,
            endpointConfigArn: arn,
            productionVariants: request.productionVariants,
            dataCaptureConfig: request.dataCaptureConfig,
            kmsKeyId: request.kmsKeyId,
            creationTime: Timestamp(seconds: created),
            executionRoleArn: request.executionRoleArn,
            vpcConfig: request.vpcConfig,
            enableNetworkIsolation: request.enableNetworkIsolation,
            metricsConfig: request.metricsConfig
        )
    }
}
