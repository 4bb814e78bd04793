package import AWSWire
package import Gateway
import Resources
package import SageMakerAPI

/// Turns a `CreateModel` request into a record, or says why it cannot be accepted; changes nothing.
package struct ModelAdmission: Sendable {
    private let data: DataCatalogue
    private let images: ImagePreparation

    package init(data: DataCatalogue, images: ImagePreparation) {
        self.data = data
        self.images = images
    }

    /// Accepts a request that the service model's constraints let through.
    package func admit(
        _ request: SageMaker.CreateModelInput,
        caller: Caller,
        now: Double
    ) async throws(ServiceError) -> ModelRecord {
        guard let name = request.modelName else { throw .validation("ModelName is required.") }
        for check in checks(of: request, by: caller) { try await check.run() }
        var record = ModelRecord(scope: caller.scope, name: name, created: now, request: request)
        record.creator = caller.owner
        return record
    }

    /// Every rule that a request must fulfil, in the order in which it is refused.
    func checks(of request: SageMaker.CreateModelInput, by caller: Caller) -> [AdmissionCheck] {
        var checks = [
            AdmissionCheck("Containers") { () throws(ServiceError) in try checkShape(of: request) }
        ]
        for (place, container) in Self.containers(of: request) {
            checks += Self.unsupported(container, at: place)
            checks += [
                AdmissionCheck("\(place).Image") { () throws(ServiceError) in
                    try await checkImage(of: container)
                },
                AdmissionCheck("\(place).ModelDataUrl") { () throws(ServiceError) in
                    try await checkData(of: container, request: request, caller: caller)
                },
            ]
        }
        return checks + [
            AdmissionCheck("ContainerHostname") { () throws(ServiceError) in try checkNames(of: request) }
        ]
    }

    /// The containers with their places in the request, such as `Containers[1]`.
    static func containers(
        of request: SageMaker.CreateModelInput
    ) -> [(place: String, container: SageMaker.ContainerDefinition)] {
        let primary = request.primaryContainer.map { [("PrimaryContainer", $0)] } ?? []
        return primary + (request.containers ?? []).enumerated().map { ("Containers[\($0)]", $1) }
    }

    private func checkShape(of request: SageMaker.CreateModelInput) throws(ServiceError) {
        switch (request.primaryContainer, request.containers ?? []) {
        case (nil, let containers) where containers.isEmpty:
            throw .validation("A model needs a PrimaryContainer or Containers.")
        case (.some, let containers) where !containers.isEmpty:
            throw .validation("Give either PrimaryContainer or Containers, not both.")
        default: break
        }
    }

    /// Who calls containers one by one has to have names for them.
    private func checkNames(of request: SageMaker.CreateModelInput) throws(ServiceError) {
        let names = Self.containers(of: request).map(\.container.containerHostname)
        guard Set(names.compactMap(\.self)).count == names.compactMap(\.self).count else {
            throw .validation("Two containers of a model cannot have the same ContainerHostname.")
        }
        if request.inferenceExecutionConfig?.mode == "Direct", names.contains(nil) {
            throw .validation(
                "With InferenceExecutionConfig.Mode Direct each container needs a ContainerHostname."
            )
        }
    }

    /// What would change the result and cannot be honoured yet is refused by name.
    private static func unsupported(
        _ container: SageMaker.ContainerDefinition,
        at place: String
    ) -> [AdmissionCheck] {
        let refused: [(field: String, isUsed: Bool, message: String)] = [
            (
                "ModelPackageName",
                container.modelPackageName != nil || container.inferenceSpecificationName != nil,
                "Model packages are not offered yet. Give Image and ModelDataUrl."
            ),
            (
                "Mode", container.mode == "MultiModel",
                "Mode MultiModel is not offered yet. Deploy one model for each endpoint."
            ),
            (
                "AdditionalModelDataSources", container.additionalModelDataSources?.isEmpty == false,
                "AdditionalModelDataSources are not offered yet. Pack everything into ModelDataUrl."
            ),
            (
                "ImageConfig", container.imageConfig?.repositoryAuthConfig != nil,
                RegistryAccess.refusal(of: "ImageConfig.RepositoryAuthConfig")
            ),
        ]
        return refused.filter(\.isUsed).map { field, _, message in
            AdmissionCheck("\(place).\(field)") { () throws(ServiceError) in throw .validation(message) }
        }
    }

    private func checkImage(of container: SageMaker.ContainerDefinition) async throws(ServiceError) {
        guard container.image != nil else { throw .validation("The container has no Image.") }
        do {
            try images.check(try await images.image(of: container))
        } catch let error as UnknownImage {
            throw .validation(error.message)
        } catch {
            throw .internalFailure("The image was not looked for to the end: \(error)")
        }
    }

    private func checkData(
        of container: SageMaker.ContainerDefinition,
        request: SageMaker.CreateModelInput,
        caller: Caller
    ) async throws(ServiceError) {
        if container.modelDataUrl != nil, container.modelDataSource != nil {
            throw .validation("Give either ModelDataUrl or ModelDataSource, not both.")
        }
        if let source = container.modelDataSource?.s3DataSource {
            guard source.s3DataType == "S3Object", source.compressionType == "Gzip" else {
                throw .validation(
                    """
                    ModelDataSource with S3DataType \(source.s3DataType ?? "") and CompressionType \
                    \(source.compressionType ?? "") is not offered yet. Give one model.tar.gz by ModelDataUrl.
                    """
                )
            }
        }
        guard let url = container.dataURL else { return }
        guard let location = S3Location(uri: url) else {
            throw .validation("'\(url)' is no S3 address. Write s3://bucket/path/model.tar.gz.")
        }
        let found: DataCatalogue.Entry?
        do {
            found = try await data.entry(
                at: location,
                as: data.principal(actingAs: request.executionRoleArn, scope: caller.scope)
            )
        } catch let refusal as AccessRefusal {
            throw .validation(
                """
                Could not access model data at \(url). Please ensure that the role \
                "\(request.executionRoleArn ?? "")" exists and that its trust relationship policy allows the action \
                "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has \
                "s3:GetObject" permissions and that the object is located in \(caller.scope.region). \
                (\(refusal.message))
                """
            )
        } catch {
            throw .internalFailure("The object store could not be read: \(error)")
        }
        if found == nil { throw .validation("Could not find model data at \(url).") }
    }
}

extension SageMaker.ContainerDefinition {
    /// Where the model archive is, whichever way it was given.
    var dataURL: String? { modelDataUrl ?? modelDataSource?.s3DataSource?.s3Uri }
}
