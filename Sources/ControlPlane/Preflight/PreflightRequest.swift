import AWSWire
import Foundation
import SageMakerAPI

/// A request that somebody wants to know the fate of: the JSON document that clients send.
enum PreflightRequest {
    case trainingJob(SageMaker.CreateTrainingJobRequest)
    case model(SageMaker.CreateModelInput)
    case endpointConfig(SageMaker.CreateEndpointConfigInput)

    /// Tells the operation by the members that only it has.
    ///
    /// - Returns: The request and the members that it does not know, as paths.
    /// - Throws: A validation error for a document of another kind, `SerializationException` for no document.
    static func read(_ document: [UInt8]) throws(ServiceError) -> (Self, unknown: [String]) {
        let members = object(document)
        func has(_ names: String...) -> Bool { names.contains { members[$0] != nil } }
        if has("TrainingJobName", "AlgorithmSpecification") {
            let request = try JSONCodec.decode(SageMaker.CreateTrainingJobRequest.self, from: document)
            return (.trainingJob(request), try unknown(in: members, beside: request))
        }
        if has("EndpointConfigName", "ProductionVariants") {
            let request = try JSONCodec.decode(SageMaker.CreateEndpointConfigInput.self, from: document)
            return (.endpointConfig(request), try unknown(in: members, beside: request))
        }
        if has("ModelName", "PrimaryContainer", "Containers") {
            let request = try JSONCodec.decode(SageMaker.CreateModelInput.self, from: document)
            return (.model(request), try unknown(in: members, beside: request))
        }
        throw .validation(
            """
            The document is no request of CreateTrainingJob, CreateModel or CreateEndpointConfig: it has none of \
            TrainingJobName, ModelName, EndpointConfigName. Write what `aws sagemaker create-training-job \
            --generate-cli-skeleton` shows.
            """
        )
    }

    private static func object(_ document: [UInt8]) -> [String: Any] {
        // A document that is none is refused by whoever decodes it next, with the place.
        (try? JSONSerialization.jsonObject(with: Data(document))) as? [String: Any] ?? [:]
    }

    /// Members that are gone once the request was read and written again.
    private static func unknown(
        in members: [String: Any],
        beside request: some WireShape
    ) throws(ServiceError) -> [String] {
        missing(members, object(try JSONCodec.encode(request)), "")
    }

    private static func missing(_ given: Any, _ known: Any?, _ path: String) -> [String] {
        switch (given, known) {
        case (let given as [String: Any], let known as [String: Any]):
            given.sorted { $0.key < $1.key }.flatMap { name, value in
                value is NSNull ? [] : missing(value, known[name], path.isEmpty ? name : "\(path).\(name)")
            }
        case (let given as [Any], let known as [Any]):
            given.indices.flatMap { index in
                missing(given[index], index < known.count ? known[index] : nil, "\(path)[\(index)]")
            }
        case (_, nil): [path]
        case (_, .some): []
        }
    }
}
