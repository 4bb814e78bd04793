import HTTPServing
import HTTPTypes
import NIOCore
import Router
import TestSupport
import Testing

/// Models of several containers.
@Suite(.timeLimit(.minutes(10))) struct InferenceFlowTests {
    /// Puts its name behind what it is asked, and says what it was asked with.
    private func adding(_ name: String, status: HTTPResponse.Status = .ok) -> Answering {
        Answering { request in
            let body = String(buffer: try await request.body.collect(upTo: 1000))
            let asked = request.head.headerFields[.contentType] ?? ""
            var reply = ServerResponse.text("\(body)>\(name)(\(asked))")
            reply.status = status
            reply.headers[.contentType] = "text/\(name)"
            return reply
        }
    }

    private func run(
        _ flow: InferenceFlow,
        second: HTTPResponse.Status = .ok,
        headers: String = "Content-Type: text/csv\r\n"
    ) async throws -> RawClient.Reply {
        try await FakeInstance.running(container: adding("one")) { first in
            try await FakeInstance.running(container: adding("two", status: second)) { other in
                let stage = Stage()
                let target = RoutedTarget(
                    instance: "a",
                    connector: first.routed.connector,
                    further: [other.routed.connector]
                )
                stage.directory.publish(
                    RoutedEndpoint(
                        scope: stage.scope,
                        name: "demo",
                        variants: [RoutedVariant(name: "A", weight: 1, targets: [target], flow: flow)]
                    )
                )
                return try await stage.run { address in
                    try await RawClient.connect(to: address) { client in
                        try await client.send(invocation(headers: headers))
                        return try #require(try await client.reply())
                    }
                }
            }
        }
    }

    @Test func `an answer is the next container's request`() async throws {
        let reply = try await run(.serial)
        #expect(reply.body == "1,2>one(text/csv)>two(text/one)")
        #expect(reply.headers["content-type"] == "text/two")
    }

    @Test func `a container that refuses ends the row`() async throws {
        let reply = try await run(.serial, second: .badRequest)
        #expect(reply.status == 424)
        #expect(reply.body.contains("\"OriginalStatusCode\":400"))
    }

    @Test func `a container that is named answers alone`() async throws {
        let name = "X-Amzn-SageMaker-Target-Container-Hostname: second\r\n"
        let reply = try await run(.direct(["first", "second"]), headers: name)
        #expect(reply.body == "1,2>two()")
    }

    @Test func `a name is needed where containers are called one by one, and of no use elsewhere`()
        async throws
    {
        let none = try await run(.direct(["first", "second"]))
        #expect(none.status == 400 && none.body.contains("one of first, second"))
        let name = "X-Amzn-SageMaker-Target-Container-Hostname: third\r\n"
        let unknown = try await run(.direct(["first", "second"]), headers: name)
        #expect(unknown.status == 400 && unknown.body.contains("no container 'third'"))
        #expect(try await run(.serial, headers: name).status == 400)
    }
}
