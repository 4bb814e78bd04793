import Foundation
import NIOHTTP1

/// An error that the server answered.
struct ServerRefusal: Error, CustomStringConvertible {
    let status: Int
    /// Such as `ValidationException`; empty if the reply names none.
    let code: String
    let message: String
    /// What a model said, where the error is one of a model's.
    let model: ModelAnswer?

    /// The members that `InvokeEndpoint` adds to a `ModelError`.
    struct ModelAnswer {
        let status: Int
        let message: String
        let logStreamARN: String
    }

    private struct Document: Decodable {
        var type: String?
        var message: String?
        var originalStatusCode: Int?
        var originalMessage: String?
        var logStreamARN: String?

        enum CodingKeys: String, CodingKey {
            case type = "__type"
            case message
            case originalStatusCode = "OriginalStatusCode"
            case originalMessage = "OriginalMessage"
            case logStreamARN = "LogStreamArn"
        }
    }

    init(status: Int, headers: HTTPHeaders, body: [UInt8]) {
        self.status = status
        // What is not one of our documents is shown as it is.
        let document = try? JSONDecoder().decode(Document.self, from: Data(body))
        code = headers.first(name: "x-amzn-errortype") ?? document?.type ?? ""
        message = document?.message ?? String(decoding: body.prefix(1000), as: UTF8.self)
        model = document?.originalStatusCode.map {
            ModelAnswer(
                status: $0,
                message: document?.originalMessage ?? "",
                logStreamARN: document?.logStreamARN ?? ""
            )
        }
    }

    var description: String {
        let text = message.isEmpty ? "The server answered with HTTP status \(status)." : message
        return code.isEmpty ? text : "\(text) (\(code))"
    }
}
