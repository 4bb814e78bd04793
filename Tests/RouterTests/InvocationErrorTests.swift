import HTTPServing
import HTTPTypes
import NIOCore
import Router
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct InvocationErrorTests {
    @Test func `an unknown endpoint is named with its account`() async throws {
        try await Stage().run { address in
            try await RawClient.connect(to: address) { client in
                try await client.send(invocation())
                let reply = try #require(try await client.reply())
                #expect(reply.status == 400)
                #expect(reply.headers["x-amzn-errortype"] == "ValidationError")
                #expect(reply.body.contains(#""Message":"Endpoint demo of account 000000000000 not found.""#))
            }
        }
    }

    @Test func `a refusal of the authorizer is passed to the caller, made from the payload's hash`()
        async throws
    {
        try await Stage().run { address in
            try await RawClient.connect(to: address) { client in
                try await client.send(
                    "POST /endpoints/demo/invocations HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
                )
                let reply = try #require(try await client.reply())
                #expect(reply.status == 403)
                #expect(reply.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException")
                #expect(
                    reply.body.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
                )
            }
        }
    }

    @Test(arguments: [
        ("async-invocations", "InvokeEndpointAsync"),
        ("invocations-response-stream", "InvokeEndpointWithResponseStream"),
    ])
    func `an operation that is not offered is named`(path: String, operation: String) async throws {
        try await Stage().run { address in
            try await RawClient.connect(to: address) { client in
                try await client.send(invocation(path: "/endpoints/demo/\(path)"))
                let reply = try #require(try await client.reply())
                #expect(reply.status == 400)
                #expect(reply.headers["x-amzn-errortype"] == "UnknownOperationException")
                #expect(reply.body.contains("Operation \(operation) is known but not offered"))
            }
        }
    }

    @Test(arguments: [true, false])
    func `a body above the limit is refused`(isAnnounced: Bool) async throws {
        let long = String(repeating: "x", count: 6_291_457)
        let rest =
            isAnnounced
            ? "Content-Length: 6291457\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n600001\r\n\(long)\r\n"
        try await Stage().run { address in
            try await RawClient.connect(to: address) { client in
                try await client.send(
                    "POST /endpoints/demo/invocations HTTP/1.1\r\nAuthorization: x\r\n\(rest)"
                )
                let reply = try #require(try await client.reply())
                #expect(reply.status == 413)
                #expect(reply.headers["x-amzn-errortype"] == "ValidationError")
                #expect(reply.body.contains("HTTP content length exceeded 6291456 bytes."))
                #expect(reply.headers["connection"] == "close")
            }
        }
    }

    @Test(arguments: [(400, "client"), (500, "server"), (302, "server")])
    func `a container's error comes as ModelError with its status and body`(
        status: Int,
        side: String
    ) async throws {
        let answer = Answering { _ in
            ServerResponse(status: .init(code: status), body: .bytes(ByteBuffer(string: "bad \"row\"")))
        }
        try await FakeInstance.running(container: answer) { instance in
            let stage = Stage()
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    try await client.send(invocation())
                    let reply = try #require(try await client.reply())
                    #expect(reply.status == 424)
                    #expect(reply.headers["x-amzn-errortype"] == "ModelError")
                    let message =
                        #"Received \#(side) error (\#(status)) from primary with message \"bad \"row\"\". "#
                        + "See /aws/sagemaker/Endpoints/demo in account 000000000000 for more information."
                    #expect(unescaped(reply.body).contains(unescaped(message)))
                    #expect(reply.body.contains(#""OriginalStatusCode":\#(status),"#))
                    #expect(reply.body.contains(#""OriginalMessage":"bad \"row\"""#))
                    #expect(
                        reply.body.contains(
                            #""LogStreamArn":"arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/demo""#
                        )
                    )
                }
            }
        }
    }

    private func unescaped(_ text: String) -> String { text.filter { $0 != "\\" } }

    @Test func `an instance that takes no connection is passed over`() async throws {
        try await FakeInstance.running("good", container: .saying("fine")) { good in
            let dead = try FakeInstance("dead")
            defer { dead.end() }
            let stage = Stage()
            stage.publish([("A", 1, [dead, good])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    for _ in 0..<20 {
                        try await client.send(invocation())
                        #expect(try await client.reply()?.body == "fine")
                    }
                }
            }
            // It rests for a while after each refusal.
            #expect(dead.connections < 5)
        }
    }

    @Test func `when no instance takes a connection the service is unavailable`() async throws {
        let dead = try FakeInstance("dead")
        defer { dead.end() }
        let stage = Stage()
        stage.publish([("A", 1, [dead])])
        try await stage.run { address in
            try await RawClient.connect(to: address) { client in
                try await client.send(invocation())
                let reply = try #require(try await client.reply())
                #expect(reply.status == 503)
                #expect(reply.headers["x-amzn-errortype"] == "ServiceUnavailable")
                #expect(reply.body.contains("connection refused"))
                // The only instance is asked again although it rests.
                try await FakeInstance.running(container: .saying("back")) { other in
                    stage.publish([("A", 1, [dead, other])])
                    try await client.send(invocation())
                    #expect(try await client.reply()?.body == "back")
                }
            }
        }
        #expect(stage.directory.outstanding(scope: stage.scope, name: "demo", instance: "dead") == 0)
    }

    @Test func `a kept connection that the container closed is replaced`() async throws {
        try await FakeInstance.running(
            closingAt: 2,
            container: .saying("ok")
        ) { instance in
            let stage = Stage()
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    for _ in 0..<4 {
                        try await client.send(invocation())
                        #expect(try await client.reply()?.body == "ok")
                    }
                }
            }
            #expect(instance.connections == 4)
        }
    }

    @Test func `a container that closes a new connection without an answer is a ModelError`() async throws {
        try await FakeInstance.running(
            closingAt: 1,
            container: .saying("never")
        ) { instance in
            let stage = Stage()
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    try await client.send(invocation())
                    let reply = try #require(try await client.reply())
                    #expect(reply.status == 424)
                    #expect(reply.body.contains("closed the connection before its answer was complete"))
                    #expect(reply.body.contains("could not load the entire response body"))
                }
            }
            #expect(instance.connections == 1)
        }
    }

    @Test func `a container that takes too long is given up`() async throws {
        let abandoned = Signal()
        let answer = Answering { _ in
            do {
                try await Task.sleep(for: .seconds(3600))
            } catch {
                abandoned.send()
            }
            return .text("late")
        }
        try await FakeInstance.running(container: answer) { instance in
            var stage = Stage()
            stage.limits.answerTime = .seconds(1)
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    try await client.send(invocation())
                    let reply = try #require(try await client.reply())
                    #expect(reply.status == 424)
                    #expect(
                        reply.body.contains(
                            "Your invocation timed out while waiting for a response from container primary."
                        )
                    )
                    #expect(reply.body.contains(#""OriginalStatusCode":0"#))
                    await abandoned.wait()
                }
            }
            #expect(stage.directory.outstanding(scope: stage.scope, name: "demo", instance: "i-1") == 0)
        }
    }

    @Test func `a caller that leaves frees the container`() async throws {
        let (entered, abandoned) = (Signal(), Signal())
        let answer = Answering { _ in
            entered.send()
            do {
                try await Task.sleep(for: .seconds(3600))
            } catch {
                abandoned.send()
            }
            return .text("late")
        }
        try await FakeInstance.running(container: answer) { instance in
            let stage = Stage()
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    try await client.send(invocation())
                    await entered.wait()
                    let count = stage.directory.outstanding(scope: stage.scope, name: "demo", instance: "i-1")
                    #expect(count == 1)
                }
                await abandoned.wait()
                #expect(stage.directory.outstanding(scope: stage.scope, name: "demo", instance: "i-1") == 0)
            }
        }
    }

    @Test func `an answer above the limit is a ModelError`() async throws {
        let answer = Answering { _ in
            .text(String(repeating: "x", count: 2000))
        }
        try await FakeInstance.running(container: answer) { instance in
            var stage = Stage()
            stage.limits.bodyBytes = 1000
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    try await client.send(invocation())
                    let reply = try #require(try await client.reply())
                    #expect(reply.status == 424)
                    #expect(reply.body.contains("larger than 1000 bytes"))
                }
            }
        }
    }
}
