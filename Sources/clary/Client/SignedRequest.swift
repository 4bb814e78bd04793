import AWSWire
import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1

extension SigV4Signer {
    /// A signed request as the HTTP client sends it.
    ///
    /// - Parameters:
    ///   - method: In upper case.
    ///   - server: The beginning of the URL, and the `Host` header.
    ///   - target: Percent-encoded path and query.
    ///   - headers: Further headers, names in lower case.
    ///   - body: The whole body.
    /// - Returns: The request, signed now.
    func request(
        _ method: String,
        _ server: (url: String, host: String),
        _ target: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]
    ) -> HTTPClientRequest {
        let signed =
            [SignedMessage.Header(name: "host", value: server.host)]
            + headers.map { SignedMessage.Header(name: $0.name, value: $0.value) }
        let signature = sign(
            method: method,
            target: target,
            headers: signed,
            payloadHash: Hex.encode(SHA256.hash(data: body)),
            now: Timestamp(Date.now)
        )
        var request = HTTPClientRequest(url: server.url + target)
        request.method = .RAW(value: method)
        for header in signed + signature { request.headers.add(name: header.name, value: header.value) }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
        return request
    }
}
