import AWSWire
package import Gateway
import Resources
import SageMakerAPI
package import Store

/// What a repository holds, as the registry behind it says.
package struct ImageHandlers: Sendable {
    private let database: StateDatabase
    private let registry: LocalRegistry?

    package init(database: StateDatabase, registry: LocalRegistry?) {
        self.database = database
        self.registry = registry
    }

    package func register(in service: inout TypedService) {
        service.on(ECR.DescribeImages.self, .repository { $0.repositoryName }, describe)
        service.on(ECR.ListImages.self, .repository { $0.repositoryName }, list)
        service.on(ECR.BatchGetImage.self, .repository { $0.repositoryName }, fetch)
    }

    private func describe(
        _ request: ECR.DescribeImagesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> ECR.DescribeImagesResponse {
        let repository = try database.repository(request.repositoryName, caller)
        let paging = try ImagePaging(maxResults: request.maxResults, nextToken: request.nextToken)
        var details: [ECR.ImageDetail] = []
        for reference in try await references(request.imageIds, of: repository) {
            guard let manifest = try await manifest(repository, reference) else {
                throw ServiceError(
                    "ImageNotFoundException",
                    """
                    The image with imageId {imageDigest:'\(reference.imageDigest ?? "null")', \
                    imageTag:'\(reference.imageTag ?? "null")'} does not exist within the repository with name \
                    '\(repository.name)' in the registry with id '\(caller.scope.account)'
                    """
                )
            }
            if let index = details.firstIndex(where: { $0.imageDigest == manifest.digest }) {
                if let tag = reference.imageTag, details[index].imageTags?.contains(tag) != true {
                    details[index].imageTags = (details[index].imageTags ?? []) + [tag]
                }
                continue
            }
            details.append(
                .init(
                    registryId: caller.scope.account.description,
                    repositoryName: repository.name,
                    imageDigest: manifest.digest,
                    imageTags: reference.imageTag.map { [$0] },
                    imageSizeInBytes: manifest.bytes,
                    imageManifestMediaType: manifest.mediaType
                )
            )
        }
        // Who names images gets all of them.
        guard request.imageIds?.isEmpty ?? true else { return .init(imageDetails: details) }
        let page = paging.page(of: details) { $0.imageTags?.first ?? "" }
        return .init(imageDetails: page.elements, nextToken: page.nextToken)
    }

    private func list(
        _ request: ECR.ListImagesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> ECR.ListImagesResponse {
        let repository = try database.repository(request.repositoryName, caller)
        let paging = try ImagePaging(maxResults: request.maxResults, nextToken: request.nextToken)
        let page = paging.page(of: try await references(nil, of: repository)) { $0.imageTag ?? "" }
        var ids: [ECR.ImageIdentifier] = []
        for reference in page.elements {
            guard let manifest = try await manifest(repository, reference) else { continue }
            ids.append(.init(imageDigest: manifest.digest, imageTag: reference.imageTag))
        }
        return .init(imageIds: ids, nextToken: page.nextToken)
    }

    private func fetch(
        _ request: ECR.BatchGetImageRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> ECR.BatchGetImageResponse {
        let repository = try database.repository(request.repositoryName, caller)
        var images: [ECR.Image] = []
        var failures: [ECR.ImageFailure] = []
        for id in request.imageIds ?? [] {
            guard let manifest = try await manifest(repository, id) else {
                failures.append(
                    .init(
                        imageId: id,
                        failureCode: "ImageNotFound",
                        failureReason: "Requested image not found"
                    )
                )
                continue
            }
            images.append(
                .init(
                    registryId: caller.scope.account.description,
                    repositoryName: repository.name,
                    imageId: .init(imageDigest: manifest.digest, imageTag: id.imageTag),
                    imageManifest: manifest.text,
                    imageManifestMediaType: manifest.mediaType
                )
            )
        }
        return .init(images: images, failures: failures)
    }

    /// What was asked for, or every tag that there is.
    private func references(
        _ asked: [ECR.ImageIdentifier]?,
        of repository: RepositoryRecord
    ) async throws(ServiceError) -> [ECR.ImageIdentifier] {
        if let asked, !asked.isEmpty { return asked }
        guard let registry else { return [] }
        do {
            return try await registry.tags(repository.name).map { .init(imageTag: $0) }
        } catch {
            throw Self.failure(of: registry, error)
        }
    }

    private func manifest(
        _ repository: RepositoryRecord,
        _ id: ECR.ImageIdentifier
    ) async throws(ServiceError) -> LocalRegistry.Manifest? {
        guard let registry, let reference = id.imageDigest ?? id.imageTag else { return nil }
        do {
            return try await registry.manifest(repository.name, reference)
        } catch {
            throw Self.failure(of: registry, error)
        }
    }

    private static func failure(of registry: LocalRegistry, _ error: any Error) -> ServiceError {
        ServiceError(
            "ServerException",
            error is RegistryRefusal
                ? "\(error)" : "The registry at \(registry.address) does not answer: \(error)",
            status: 500
        )
    }
}
