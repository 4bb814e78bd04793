package import AWSWire

extension SignatureError {
    /// The error that a service of this envelope answers.
    ///
    /// Codes and statuses are those of the services; clients tell "wrong key" from "wrong clock" by them.
    ///
    /// - Parameter envelope: Form of the service that was called.
    /// - Returns: The code, status and text for the client.
    package func serviceError(in envelope: Envelope) -> ServiceError {
        switch envelope {
        case .s3: s3Error
        case .json, .restJSON, .cbor: jsonError
        case .query: queryError
        }
    }

    private var jsonError: ServiceError {
        switch self {
        case .missing:
            ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token", status: 403)
        case .severalMechanisms:
            ServiceError("IncompleteSignatureException", Self.severalText)
        case .unsupported(let text), .malformedHeader(let text), .malformedQuery(let text):
            ServiceError("IncompleteSignatureException", text)
        case .unknownKey, .invalidToken:
            ServiceError(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
                status: 403
            )
        case .expiredToken:
            ServiceError(
                "ExpiredTokenException",
                "The security token included in the request is expired",
                status: 403
            )
        case .wrongScope, .unsigned, .skewed, .expired, .notYetValid, .mismatch:
            ServiceError("InvalidSignatureException", distrustText, status: 403)
        }
    }

    private var queryError: ServiceError {
        switch self {
        case .missing:
            ServiceError("MissingAuthenticationToken", "Request is missing Authentication Token", status: 403)
        case .severalMechanisms:
            ServiceError("IncompleteSignature", Self.severalText)
        case .unsupported(let text), .malformedHeader(let text), .malformedQuery(let text):
            ServiceError("IncompleteSignature", text)
        case .unknownKey, .invalidToken:
            ServiceError(
                "InvalidClientTokenId",
                "The security token included in the request is invalid.",
                status: 403
            )
        case .expiredToken:
            ServiceError("ExpiredToken", "The security token included in the request is expired", status: 403)
        case .wrongScope, .unsigned, .skewed, .expired, .notYetValid, .mismatch:
            ServiceError("SignatureDoesNotMatch", distrustText, status: 403)
        }
    }

    /// Why a readable signature of a known key is not believed, in the words of the JSON and query services.
    private var distrustText: String {
        switch self {
        case .wrongScope(let text): return text
        case .unsigned(let names):
            return "'\(names.joined(separator: "', '"))' must be a 'SignedHeader' in the AWS Authorization."
        case .skewed(let request, let now, let allowance):
            let minutes = allowance.components.seconds / 60
            let isLate = request.timestamp < now.timestamp
            let seconds = Double(allowance.components.seconds)
            let limit = SigningTime(
                Timestamp(seconds: now.timestamp.seconds + (isLate ? -seconds : seconds))
            )
            return isLate
                ? "Signature expired: \(request.text) is now earlier than \(limit.text) (\(now.text) - \(minutes) min.)"
                : "Signature not yet current: \(request.text) is still later than \(limit.text) "
                    + "(\(now.text) + \(minutes) min.)"
        case .expired(let end, let now):
            return "Signature expired: \(SigningTime(end).text) is now earlier than \(now.text)"
        case .notYetValid: return "Signature not yet current"
        default:
            return
                "The request signature we calculated does not match the signature you provided. Check your AWS "
                + "Secret Access Key and signing method. Consult the service documentation for details."
        }
    }

    private var s3Error: ServiceError {
        switch self {
        case .missing:
            ServiceError("AccessDenied", "Access Denied", status: 403)
        case .severalMechanisms:
            ServiceError("InvalidArgument", Self.severalText)
        case .unsupported(let text):
            ServiceError("InvalidRequest", text)
        case .malformedHeader(let text), .wrongScope(let text):
            ServiceError("AuthorizationHeaderMalformed", "The authorization header is malformed; \(text)")
        case .malformedQuery(let text):
            ServiceError("AuthorizationQueryParametersError", text)
        case .unsigned(let names):
            ServiceError(
                "AccessDenied",
                "There were headers present in the request which were not signed",
                status: 403,
                members: ["HeadersNotSigned": names.joined(separator: ", ")]
            )
        case .unknownKey(let key):
            ServiceError(
                "InvalidAccessKeyId",
                "The AWS Access Key Id you provided does not exist in our records.",
                status: 403,
                members: ["AWSAccessKeyId": key]
            )
        case .invalidToken:
            ServiceError("InvalidToken", "The provided token is malformed or otherwise invalid.")
        case .expiredToken:
            ServiceError("ExpiredToken", "The provided token has expired.")
        case .skewed(let request, let now, let allowance):
            ServiceError(
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                status: 403,
                members: [
                    "RequestTime": request.text, "ServerTime": now.text,
                    "MaxAllowedSkewMilliseconds": "\(allowance.components.seconds * 1000)",
                ]
            )
        case .expired(let end, let now):
            ServiceError(
                "AccessDenied",
                "Request has expired",
                status: 403,
                members: ["Expires": SigningTime(end).text, "ServerTime": now.text]
            )
        case .notYetValid:
            ServiceError("AccessDenied", "Request is not yet valid", status: 403)
        case .mismatch(let stringToSign):
            ServiceError(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and "
                    + "signing method.",
                status: 403,
                members: ["StringToSign": stringToSign]
            )
        }
    }

    private static var severalText: String {
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter "
            + "or the Authorization header should be specified"
    }
}
