package import AWSWire
package import AsyncHTTPClient
import Foundation
package import NIOCore
import NIOHTTP1

/// Signed calls to an S3 service elsewhere.
///
/// Bodies stream in both directions. A call is made once: whoever asked us repeats it, or not.
package struct ExternalStore: Sendable {
    package let endpoint: ExternalEndpoint
    private let http: HTTPClient
    private let signer: SigV4Signer

    /// The longest time that a call may take: an upload of 5 GiB over a slow line is one.
    private static let patience = TimeAmount.hours(24)

    /// - Parameters:
    ///   - endpoint: Where the service is.
    ///   - key: Whose rights every call has there.
    ///   - http: Makes the calls; shut down by its owner.
    package init(endpoint: ExternalEndpoint, key: SigningCredential, http: HTTPClient) {
        self.endpoint = endpoint
        self.http = http
        signer = SigV4Signer(credential: key, region: endpoint.region, service: "s3")
    }

    /// What is sent after the head.
    package enum Body: Sendable {
        case none
        case bytes(ByteBuffer)
        /// A stream of known length; `payload` is the word that stands for its hash in the signature.
        case stream(HTTPClientRequest.Body, payload: String)
    }

    /// A reply whose body is read once, or dropped.
    package struct Reply: Sendable {
        package let status: Int
        /// In the order received; names as sent.
        package let headers: [(name: String, value: String)]
        private let content: HTTPClientResponse.Body

        fileprivate init(_ response: HTTPClientResponse) {
            status = Int(response.status.code)
            headers = response.headers.map { ($0.name, $0.value) }
            content = response.body
        }

        /// The first header of that name.
        package func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name }?.value
        }

        /// Hands the body on as it comes.
        package func read(_ take: (ByteBuffer) async throws -> Void) async throws {
            for try await buffer in content { try await take(buffer) }
        }

        /// The whole body, which may have `limit` bytes.
        package func collect(upTo limit: Int) async throws -> ByteBuffer {
            try await content.collect(upTo: limit)
        }
    }

    /// Makes one call.
    ///
    /// - Parameters:
    ///   - method: In upper case.
    ///   - target: Percent-encoded path and query.
    ///   - headers: With names in lower case, without `host`; all of them are signed.
    ///   - body: What follows.
    /// - Returns: The reply, whatever its status.
    /// - Throws: `UnreachableStore` if there is none.
    package func call(
        _ method: String,
        _ target: String,
        headers: [(name: String, value: String)] = [],
        body: Body = .none
    ) async throws(UnreachableStore) -> Reply {
        var request = HTTPClientRequest(url: endpoint.address + target)
        request.method = .RAW(value: method)
        var signed = [SignedMessage.Header(name: "host", value: endpoint.host)]
        signed += headers.map { SignedMessage.Header(name: $0.name, value: $0.value) }
        var payload = "UNSIGNED-PAYLOAD"
        switch body {
        case .none: break
        case .bytes(let bytes): request.body = .bytes(bytes)
        case .stream(let stream, let word):
            request.body = stream
            payload = word
        }
        let added = signer.sign(
            method: method,
            target: target,
            headers: signed,
            payloadHash: payload,
            now: Timestamp(Date())
        )
        for header in signed + added { request.headers.add(name: header.name, value: header.value) }
        do {
            return Reply(try await http.execute(request, timeout: Self.patience))
        } catch {
            throw UnreachableStore(endpoint: endpoint.address, reason: "\(error)", cause: error)
        }
    }
}

/// Nobody answered at the address.
package struct UnreachableStore: Error, CustomStringConvertible {
    let endpoint: String
    let reason: String
    /// What went wrong, which may be the sender of the body.
    package let cause: any Error

    package var description: String { "The S3 service at \(endpoint) cannot be reached: \(reason)." }
}
