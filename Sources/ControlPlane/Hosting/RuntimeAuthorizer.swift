package import AWSWire
package import Crypto
package import Gateway
import Glibc
package import HTTPTypes
import Resources
package import Router

/// Lets invocations through that are signed, like every other call, by somebody who may invoke the endpoint.
package struct RuntimeAuthorizer: InvocationAuthorizer {
    private let authenticator: Authenticator
    private let control: any AccessControl
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - authenticator: Checks the signatures.
    ///   - control: Decides who may invoke what.
    ///   - now: The time; the system's by default.
    package init(
        authenticator: Authenticator,
        control: any AccessControl,
        now: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: RuntimeAuthorizer.systemSeconds()) }
    ) {
        self.authenticator = authenticator
        self.control = control
        self.now = now
    }

    package func authorize(
        _ head: HTTPRequest,
        payload: SHA256.Digest,
        endpoint: String,
        requestID: String,
        peer: String
    ) -> InvocationVerdict {
        let outcome = authenticator.verify(
            head,
            payloadHash: Hex.encode(payload),
            requestID: requestID,
            source: SourceAddress.of(peer),
            now: now()
        )
        switch outcome {
        case .success(let caller):
            let access = Access(Self.action, on: caller.scope.sageMakerARN("endpoint", endpoint))
            guard let refusal = control.refusal(of: access, by: caller) else { return .allowed(caller.scope) }
            return .refused(Self.failure(refusal.serviceError(in: .restJSON)))
        case .failure(let error):
            return .refused(Self.failure(error))
        }
    }

    /// The action of every operation of the runtime that Clary has.
    package static let action = "sagemaker:InvokeEndpoint"

    private static func failure(_ error: ServiceError) -> RuntimeFailure {
        RuntimeFailure(status: error.status, code: error.code, message: error.message)
    }

    /// Seconds since 1970.
    package static func systemSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
