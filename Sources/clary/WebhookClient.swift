import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Sends documents to webhooks.
enum WebhookClient {
    private static let patience = TimeAmount.seconds(10)

    /// Posts a JSON document.
    ///
    /// - Throws: What went wrong, or `Refused` for an answer that is no success.
    static func post(_ document: [UInt8], to address: String) async throws {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: document))
        let reply = try await HTTPClient.shared.execute(request, timeout: patience)
        guard (200..<300).contains(reply.status.code) else {
            throw Refused(address: address, status: reply.status.code)
        }
    }

    /// The address answered, but did not take the document.
    struct Refused: Error, CustomStringConvertible {
        let address: String
        let status: UInt

        var description: String { "\(address) answers \(status)" }
    }
}
