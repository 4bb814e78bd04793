package import NIOCore
import Resources

/// An error of the runtime API, ready for the wire.
package struct RuntimeFailure: Error, Equatable, Sendable {
    /// HTTP status of the reply.
    package let status: Int
    /// Code in `x-amzn-ErrorType`.
    package let code: String
    package let message: String
    /// Further members of the document, for `ModelError`.
    package var model: ModelAnswer?

    /// What the container said, where to read more.
    package struct ModelAnswer: Equatable, Sendable {
        /// 0 if it did not answer.
        package let status: Int
        package let message: String
        package let logStreamARN: String
    }

    package init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// The reply's body (restJson): both spellings of the message, because clients look for either.
    package var document: ByteBuffer {
        var json = ByteBuffer()
        json.writeString("{\"Message\":")
        json.writeJSON(message)
        json.writeString(",\"message\":")
        json.writeJSON(message)
        if let model {
            json.writeString(",\"OriginalStatusCode\":\(model.status),\"OriginalMessage\":")
            json.writeJSON(model.message)
            json.writeString(",\"LogStreamArn\":")
            json.writeJSON(model.logStreamARN)
        }
        json.writeString("}")
        return json
    }
}

extension RuntimeFailure {
    /// `ValidationError`, HTTP 400.
    package static func validation(_ message: String) -> RuntimeFailure {
        RuntimeFailure(status: 400, code: "ValidationError", message: message)
    }

    /// Constraints of the service model that do not hold; `texts` is not empty.
    static func violations(_ texts: [String]) -> RuntimeFailure {
        let noun = texts.count == 1 ? "error" : "errors"
        return .validation("\(texts.count) validation \(noun) detected: \(texts.joined(separator: "; "))")
    }

    static func unknownEndpoint(_ name: String, in scope: Scope) -> RuntimeFailure {
        .validation("Endpoint \(name) of account \(scope.account) not found.")
    }

    static func unknownVariant(_ variant: String, of endpoint: EndpointEntry) -> RuntimeFailure {
        let names = endpoint.variants.map(\.name).joined(separator: ", ")
        return .validation(
            "Variant \(variant) not found for endpoint \(endpoint.name). Its production variants are: \(names)."
        )
    }

    /// A header that names a part which the endpoint does not have.
    static func noSuchPart(_ header: String, of endpoint: EndpointEntry) -> RuntimeFailure {
        .validation(
            "Endpoint \(endpoint.name) has one model in one container for each variant: \(header) names a part that "
                + "it does not have. Leave it out."
        )
    }

    static func namesNoContainer(
        _ name: String?,
        among names: [String],
        of endpoint: EndpointEntry
    ) -> RuntimeFailure {
        let known = names.joined(separator: ", ")
        guard let name else {
            return .validation(
                "Endpoint \(endpoint.name) calls its containers one by one: give TargetContainerHostname, one of \(known)."
            )
        }
        return .validation("Endpoint \(endpoint.name) has no container '\(name)'. It has \(known).")
    }

    static func unsupported(_ operation: RuntimeRequest.Operation) -> RuntimeFailure {
        RuntimeFailure(
            status: 400,
            code: "UnknownOperationException",
            message: "Operation \(operation.rawValue) is known but not offered by this Clary."
        )
    }

    /// The body is longer than `limit` bytes; the status is the service's own for it.
    static func bodyTooLarge(limit: Int) -> RuntimeFailure {
        RuntimeFailure(
            status: 413,
            code: "ValidationError",
            message: "HTTP content length exceeded \(limit) bytes."
        )
    }

    /// No instance took the connection; clients retry it.
    static func noInstance(
        of variant: VariantEntry,
        endpoint: EndpointEntry,
        reason: String
    ) -> RuntimeFailure {
        RuntimeFailure(
            status: 503,
            code: "ServiceUnavailable",
            message:
                "No instance of variant \(variant.name) of endpoint \(endpoint.name) takes connections: \(reason)."
        )
    }

    /// The container answered with a status other than 2xx.
    static func modelAnswered(status: Int, body: ByteBuffer, endpoint: EndpointEntry) -> RuntimeFailure {
        let side = (400..<500).contains(status) ? "client" : "server"
        let text = readable(body)
        return model(
            "Received \(side) error (\(status)) from primary with message \"\(text)\". \(endpoint.logHint)",
            status: status,
            original: text,
            endpoint: endpoint
        )
    }

    /// The container gave no complete answer.
    static func modelBroke(_ reason: String, endpoint: EndpointEntry) -> RuntimeFailure {
        model(
            "Received server error (0) from primary with message \"\(reason)\" "
                + "and could not load the entire response body. \(endpoint.logHint)",
            status: 0,
            original: reason,
            endpoint: endpoint
        )
    }

    static func modelTimedOut(endpoint: EndpointEntry) -> RuntimeFailure {
        let text =
            "Your invocation timed out while waiting for a response from container primary. Review the latency "
            + "metrics for each container in Amazon CloudWatch, resolve the issue, and try again."
        return model(text, status: 0, original: text, endpoint: endpoint)
    }

    private static func model(
        _ message: String,
        status: Int,
        original: String,
        endpoint: EndpointEntry
    ) -> RuntimeFailure {
        var failure = RuntimeFailure(status: 424, code: "ModelError", message: message)
        failure.model = ModelAnswer(status: status, message: original, logStreamARN: endpoint.logGroupARN)
        return failure
    }

    /// The first 16 KiB as text; what is not UTF-8 is shown as replacement characters.
    private static func readable(_ body: ByteBuffer) -> String {
        let limit = 16 << 10
        guard body.readableBytes > limit else { return String(buffer: body) }
        return String(buffer: body.getSlice(at: body.readerIndex, length: limit) ?? body) + "…"
    }
}

extension EndpointEntry {
    private var logGroup: String { "/aws/sagemaker/Endpoints/\(name)" }

    fileprivate var logGroupARN: String {
        "arn:\(scope.region.partition):logs:\(scope.region):\(scope.account):log-group:\(logGroup)"
    }

    fileprivate var logHint: String { "See \(logGroup) in account \(scope.account) for more information." }
}

extension ByteBuffer {
    /// Appends a JSON string.
    fileprivate mutating func writeJSON(_ text: String) {
        writeInteger(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                writeInteger(UInt8(ascii: "\\"))
                writeInteger(byte)
            case 0x0A: writeString("\\n")
            case 0x0D: writeString("\\r")
            case 0x09: writeString("\\t")
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                writeString(byte < 16 ? "\\u000\(digits)" : "\\u00\(digits)")
            default: writeInteger(byte)
            }
        }
        writeInteger(UInt8(ascii: "\""))
    }
}
