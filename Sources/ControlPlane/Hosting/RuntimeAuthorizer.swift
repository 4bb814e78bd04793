package import AWSWire
package import Crypto
package import Gateway
import Glibc
package import HTTPTypes
import Resources
package import Router

/// Lets invocations through that are signed with one of the platform's keys, like every other call.
package struct RuntimeAuthorizer: InvocationAuthorizer {
    private let authenticator: Authenticator
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - authenticator: Checks the signatures.
    ///   - now: The time; the system's by default.
    package init(
        authenticator: Authenticator,
        now: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: RuntimeAuthorizer.systemSeconds()) }
    ) {
        self.authenticator = authenticator
        self.now = now
    }

    package func authorize(
        _ head: HTTPRequest,
        payload: SHA256.Digest,
        endpoint: String,
        requestID: String
    ) -> InvocationVerdict {
        let outcome = authenticator.verify(
            head,
            payloadHash: Hex.encode(payload),
            requestID: requestID,
            now: now()
        )
        switch outcome {
        case .success(let caller): return .allowed(caller.scope)
        case .failure(let error):
            return .refused(RuntimeFailure(status: error.status, code: error.code, message: error.message))
        }
    }

    /// Seconds since 1970.
    package static func systemSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
