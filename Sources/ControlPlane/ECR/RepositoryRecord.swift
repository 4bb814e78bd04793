import AWSWire
import Resources
import SageMakerAPI
import Store

/// A repository of container images as it is kept: a name; its images are in a registry.
struct RepositoryRecord: StoredResource {
    static let kind = "ecr-repository"

    let scope: Scope
    let name: String
    let created: Double
    var mutability: String?

    var status: String { "" }
    var modified: Double { created }

    /// `arn:aws:ecr:…:repository/NAME`.
    var repositoryARN: String { Self.arn(name, in: scope) }

    static func arn(_ name: String, in scope: Scope) -> String {
        "arn:\(scope.region.partition):ecr:\(scope.region):\(scope.account):repository/\(name)"
    }

    /// The host that images are pushed to and pulled from, as on AWS: Clary's proxy leads there.
    static func host(in scope: Scope) -> String {
        "\(scope.account).dkr.ecr.\(scope.region).amazonaws.com"
    }

    var description: ECR.Repository {
        .init(
            repositoryArn: repositoryARN,
            registryId: scope.account.description,
            repositoryName: name,
            repositoryUri: "\(Self.host(in: scope))/\(name)",
            createdAt: Timestamp(seconds: created),
            imageTagMutability: mutability ?? "MUTABLE",
            imageScanningConfiguration: .init(scanOnPush: false),
            encryptionConfiguration: .init(encryptionType: "AES256")
        )
    }
}
