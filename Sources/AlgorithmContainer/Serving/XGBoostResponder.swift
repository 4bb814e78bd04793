import DataFormats
import Estimators
package import HTTPServing
import HTTPTypes
import NIOCore

/// The HTTP interface of a serving container: `/ping`, `/invocations`, `/execution-parameters`.
package struct XGBoostResponder: Responder {
    private let model: ServedModel
    private let settings: ServingSettings
    private let encoder: ReplyEncoder

    init(model: ServedModel, settings: ServingSettings) {
        self.model = model
        self.settings = settings
        encoder = ReplyEncoder(
            settings: settings,
            content: SelectableContent(objective: model.objective, classCount: model.classCount)
        )
    }

    package func respond(to request: ServerRequest) async throws -> ServerResponse {
        switch (request.head.method, request.path) {
        case (.get, "/ping"): return ServerResponse(status: .ok)
        case (.get, "/execution-parameters"): return executionParameters
        case (.post, "/invocations"):
            do {
                return try await predict(request)
            } catch let refusal as Refusal {
                return reply(refusal.status, "text/plain; charset=utf-8", refusal.message)
            }
        case (_, "/ping"), (_, "/execution-parameters"), (_, "/invocations"):
            return reply(.methodNotAllowed, "text/plain; charset=utf-8", "Method not allowed\n")
        default: return reply(.notFound, "text/plain; charset=utf-8", "Not found\n")
        }
    }

    private func predict(_ request: ServerRequest) async throws -> ServerResponse {
        let body = try await request.body.collect(upTo: settings.largestBody)
        guard !isBlank(body) else { return ServerResponse(status: .noContent) }
        let form = try encoder.form(accepting: request.head.headerFields[.accept])
        let rows = try InferenceRows(
            body.readableBytesUInt8Span,
            contentType: request.head.headerFields[.contentType]
        )
        let predictions = try await model.predict(rows)
        return ServerResponse(
            status: .ok,
            headers: [.contentType: form.rawValue],
            body: .bytes(ByteBuffer(bytes: encoder.body(predictions, form)))
        )
    }

    private func isBlank(_ body: ByteBuffer) -> Bool {
        body.readableBytesView.allSatisfy { $0 <= 0x20 }
    }

    private var executionParameters: ServerResponse {
        reply(
            .ok,
            "application/json",
            "{\"MaxConcurrentTransforms\":\(settings.workers),\"BatchStrategy\":\"MULTI_RECORD\","
                + "\"MaxPayloadInMB\":\(settings.largestBody >> 20)}"
        )
    }

    private func reply(_ status: HTTPResponse.Status, _ type: String, _ text: String) -> ServerResponse {
        ServerResponse(status: status, headers: [.contentType: type], body: .bytes(ByteBuffer(string: text)))
    }
}
