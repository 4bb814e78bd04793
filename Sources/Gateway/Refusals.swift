import AWSWire
import HTTPServing
import HTTPTypes

extension ServiceError {
    /// `X-Amz-Target` names a service that is none of ours.
    static func unknownTarget(_ target: String) -> ServiceError {
        ServiceError(
            "UnknownOperationException",
            "No service of this Clary has the target prefix '\(target.prefix(100))'."
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
        ServiceError(
            "InvalidAction",
            "The service '\(service?.prefix(100) ?? "")' does not take forms on this Clary."
        )
    }

    /// A protocol that the service does not speak here.
    static func unofferedProtocol(_ service: String, _ operation: String) -> ServiceError {
        ServiceError(
            "UnknownOperationException",
            "\(service.prefix(100)) does not speak CBOR on this Clary: \(operation.prefix(100)) is not offered so."
        )
    }

    /// A request signed for a service that is none of ours.
    static func unknownService(_ service: String) -> ServiceError {
        ServiceError(
            "UnknownOperationException",
            "The service '\(service.prefix(100))' is not offered by this Clary."
        )
    }
}

/// Answers the runtime calls that nothing else takes.
struct UnofferedRuntime: RawService {
    func respond(to call: VerifiedCall) async throws -> ServerResponse {
        throw ServiceError(
            "UnknownOperationException",
            "Operation \(call.head.method.rawValue) \(call.path.prefix(200)) is not offered by this Clary."
        )
    }
}
