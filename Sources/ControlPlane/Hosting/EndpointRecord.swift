import AWSWire
package import AgentProtocol
package import Resources
package import SageMakerAPI
package import Store

/// An endpoint as it is kept: the fleet that answers and, while it changes, the one that will.
package struct EndpointRecord: StoredResource {
    package static let kind = "endpoint"

    package let scope: Scope
    package let name: String
    package let created: Double
    package var modified: Double
    package var state = EndpointState.creating
    /// Configuration of the fleet that answers; before the first one does, of the one that will.
    package var configName: String
    /// Configuration of the incoming fleet of an update.
    package var pendingConfigName: String?
    /// When the update began, seconds since the epoch.
    package var pendingSince: Double?
    package var fleet: [VariantFleet] = []
    package var incoming: [VariantFleet]
    package var failureReason: String?

    package init(scope: Scope, name: String, created: Double, configName: String, incoming: [VariantFleet]) {
        self.scope = scope
        self.name = name
        self.created = created
        self.modified = created
        self.configName = configName
        self.incoming = incoming
    }

    package var status: String { state.status }
}

/// The instances of one production variant.
package struct VariantFleet: Codable, Sendable {
    package let variant: String
    package let modelName: String
    package let image: String
    package let instanceType: String
    package let desiredCount: Int
    /// Share of the calls, relative to the other variants'; 0 takes none.
    package var weight: Double
    package let routing: Routing
    /// Seconds until `/ping` must have answered.
    package let startupTimeoutSeconds: Int
    /// Gigabytes that an instance may write; `nil` for as much as there is.
    package let volumeSizeInGB: Int?
    package var instances: [InstanceID] = []
    /// When the image was looked up, seconds since the epoch.
    package let resolved: Double
    /// `repository@sha256:…`, once an engine has said so.
    package var resolvedImage: String?

    package init(
        variant: String,
        modelName: String,
        image: String,
        instanceType: String,
        desiredCount: Int,
        weight: Double,
        routing: Routing,
        startupTimeoutSeconds: Int,
        volumeSizeInGB: Int? = nil,
        resolved: Double
    ) {
        self.variant = variant
        self.modelName = modelName
        self.image = image
        self.instanceType = instanceType
        self.desiredCount = desiredCount
        self.weight = weight
        self.routing = routing
        self.startupTimeoutSeconds = startupTimeoutSeconds
        self.volumeSizeInGB = volumeSizeInGB
        self.resolved = resolved
    }

    /// How the router picks an instance.
    package enum Routing: String, Codable, Sendable {
        case random = "RANDOM"
        case leastOutstandingRequests = "LEAST_OUTSTANDING_REQUESTS"
    }
}

extension EndpointRecord {
    /// The endpoint as `DescribeEndpoint` shows it.
    ///
    /// - Parameters:
    ///   - places: Where instances stand that wait for room.
    ///   - ready: How many instances of a variant answer now.
    /// - Returns: With a summary of the deployment that is under way, if there is one.
    package func description(
        places: [InstanceID: QueuePlace] = [:],
        ready: (VariantFleet) -> Int
    ) -> SageMaker.DescribeEndpointOutput {
        var reply = SageMaker.DescribeEndpointOutput(
            endpointName: name,
            endpointArn: arn,
            endpointConfigName: configName,
            endpointStatus: status,
            failureReason: failureReason,
            creationTime: Timestamp(seconds: created),
            lastModifiedTime: Timestamp(seconds: modified)
        )
        if !fleet.isEmpty {
            reply.productionVariants = fleet.map { variant in
                .init(
                    variantName: variant.variant,
                    deployedImages: [variant.deployedImage],
                    currentWeight: variant.weight,
                    desiredWeight: variant.weight,
                    currentInstanceCount: ready(variant),
                    desiredInstanceCount: variant.desiredCount,
                    // A stable variant has no status; one that waits for another instance in a lost one's place is none.
                    variantStatus: variant.wait(in: places).map {
                        [.init(status: "Updating", statusMessage: $0)]
                    },
                    routingConfig: variant.routing == .random
                        ? nil : .init(routingStrategy: variant.routing.rawValue)
                )
            }
        }
        if state == .creating || pendingConfigName != nil {
            let start = Timestamp(seconds: pendingSince ?? created)
            reply.pendingDeploymentSummary = .init(
                endpointConfigName: pendingConfigName ?? configName,
                productionVariants: incoming.map { variant in
                    .init(
                        variantName: variant.variant,
                        deployedImages: [variant.deployedImage],
                        currentWeight: 0,
                        desiredWeight: variant.weight,
                        currentInstanceCount: ready(variant),
                        desiredInstanceCount: variant.desiredCount,
                        instanceType: variant.instanceType,
                        variantStatus: [
                            .init(
                                status: "Creating",
                                statusMessage: variant.wait(in: places),
                                startTime: start
                            )
                        ]
                    )
                },
                startTime: start
            )
        }
        return reply
    }

    /// The endpoint as `ListEndpoints` shows it.
    package var summary: SageMaker.EndpointSummary {
        .init(
            endpointName: name,
            endpointArn: arn,
            creationTime: Timestamp(seconds: created),
            lastModifiedTime: Timestamp(seconds: modified),
            endpointStatus: status
        )
    }
}

extension VariantFleet {
    /// What its instances wait for, if they do.
    fileprivate func wait(in places: [InstanceID: QueuePlace]) -> String? {
        instances.lazy.compactMap { places[$0] }.first.map { "Waiting for free instances: \($0.words)." }
    }

    /// Built-in images have no digest: what is resolved is what was specified.
    fileprivate var deployedImage: SageMaker.DeployedImage {
        .init(
            specifiedImage: image,
            resolvedImage: resolvedImage ?? image,
            resolutionTime: Timestamp(seconds: resolved)
        )
    }
}

extension EndpointRecord {
    /// The newest entry of the history.
    package var latestEvent: StatusEvent {
        StatusEvent(arn: arn, time: modified, status: status, message: failureReason ?? "")
    }
}
