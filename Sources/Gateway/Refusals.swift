import AWSWire
import HTTPServing
import HTTPTypes

extension ServiceError {
    /// `X-Amz-Target` names a service that is none of ours.
    ///
    /// - Parameters:
    ///   - target: The prefix.
    ///   - service: What the request is signed for, if that tells.
    /// - Returns: The error.
    static func unknownTarget(_ target: String, service: String?) -> ServiceError {
        ServiceError(
            "UnknownOperationException",
            "No service of this Clary has the target prefix '\(target.prefix(100))'."
                + (service.map { " \(unofferedWords($0))" } ?? "")
        )
    }

    /// A JSON service was signed for, but the request names no operation.
    static func missingTarget(_ service: String) -> ServiceError {
        ServiceError(
            "UnknownOperationException",
            "A call of \(service) needs the header X-Amz-Target, the method POST and the path '/'."
        )
    }

    /// A form for a service that takes none.
    static func noForm(_ service: String?) -> ServiceError {
        guard let service, !formless.contains(service) else {
            return ServiceError(
                "InvalidAction",
                "The service '\(service?.prefix(100) ?? "")' does not take forms on this Clary."
            )
        }
        return unoffered(service, in: .query(namespace: nil))
    }

    /// Services of Clary's that have other protocols.
    private static let formless: Set = ["sagemaker", "logs", "ecr"]

    /// A protocol that the service does not speak here.
    static func unofferedProtocol(_ service: String, _ operation: String, signed: String?) -> ServiceError {
        if let signed, !formless.contains(signed) { return unoffered(signed, in: .cbor) }
        return ServiceError(
            "UnknownOperationException",
            "\(service.prefix(100)) does not speak CBOR on this Clary: \(operation.prefix(100)) is not offered so."
        )
    }

    /// A call of a service that is none of ours, by the code of its protocol; clients do not repeat such calls.
    static func unoffered(_ service: String, in envelope: Envelope) -> ServiceError {
        var code = "UnknownOperationException"
        if case .query = envelope { code = "InvalidAction" }
        return ServiceError(code, unofferedWords(service))
    }

    private static func unofferedWords(_ service: String) -> String {
        let title = titles[service].map { " (\($0))" } ?? ""
        return "The service '\(service.prefix(100))'\(title) is not offered by this Clary; "
            + "the call was not sent to AWS."
    }

    /// What services are called whose signing names say little.
    private static let titles = [
        "monitoring": "CloudWatch", "events": "EventBridge", "ssm": "Systems Manager",
        "states": "Step Functions", "email": "SES",
    ]
}

/// Answers the runtime calls that nothing else takes.
struct UnofferedRuntime: RawService {
    func respond(to call: VerifiedCall) async throws -> ServerResponse {
        throw ServiceError(
            "UnknownOperationException",
            "Operation \(call.head.method.rawValue) \(call.path.prefix(200)) is not offered by this Clary; "
                + "it was not sent to AWS."
        )
    }
}
