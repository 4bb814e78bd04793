import HTTPServing
import HTTPTypes
import NIOCore
import Router
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct InvocationTests {
    @Test func `a container sees the caller's body and exactly the headers of the contract`() async throws {
        let answer = Answering { request in
            let body = String(buffer: try await request.body.collect(upTo: 1000))
            let names = request.head.headerFields.map { "\($0.name.canonicalName)=\($0.value)" }.sorted()
            var reply = ServerResponse.text("\(request.target) \(body) \(names.joined(separator: ";"))")
            reply.headers[.contentType] = "text/csv"
            reply.headers[.xCustom] = "from-model"
            reply.headers[.server] = "secret"
            return reply
        }
        try await FakeInstance.running(container: answer) { instance in
            let stage = Stage()
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    try await client.send(
                        invocation(
                            headers: "Content-Type: text/csv\r\nAccept: */*\r\nX-Amz-Date: 1\r\nCookie: c\r\n"
                                + "X-Amzn-SageMaker-Custom-Attributes: a=b\r\n"
                                + "X-Amzn-SageMaker-Inference-Id: id-1\r\nX-Amzn-SageMaker-Target-Variant: A\r\n"
                        )
                    )
                    let reply = try #require(try await client.reply())
                    #expect(reply.status == 200)
                    #expect(
                        reply.body == "/invocations 1,2 accept=*/*;content-length=3;content-type=text/csv;"
                            + "x-amzn-sagemaker-custom-attributes=a=b;x-amzn-sagemaker-inference-id=id-1"
                    )
                    #expect(reply.headers["content-type"] == "text/csv")
                    #expect(reply.headers["x-amzn-sagemaker-custom-attributes"] == "from-model")
                    #expect(reply.headers["x-amzn-invoked-production-variant"] == "A")
                    #expect(reply.headers["x-amzn-requestid"]?.count == 36)
                    #expect(reply.headers["server"] == nil)
                }
            }
        }
    }

    @Test func `invocations and other requests share a connection in order`() async throws {
        try await FakeInstance.running(container: .saying("model")) { instance in
            let stage = Stage()
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    let other = "GET /other HTTP/1.1\r\n\r\n"
                    try await client.send(invocation() + other + invocation() + invocation() + other)
                    for expected in ["model", "passed on /other", "model", "model", "passed on /other"] {
                        #expect(try await client.reply()?.body == expected)
                    }
                }
            }
            #expect(instance.connections == 1)
        }
    }

    @Test func `a chunked body that waits for 100 Continue is forwarded whole`() async throws {
        let echo = Answering { request in
            .text(String(buffer: try await request.body.collect(upTo: 100)))
        }
        try await FakeInstance.running(container: echo) { instance in
            let stage = Stage()
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    try await client.send(
                        "POST /endpoints/demo/invocations HTTP/1.1\r\nAuthorization: x\r\nExpect: 100-continue\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                    )
                    #expect(try await client.reply(toHead: true)?.status == 100)
                    try await client.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                    #expect(try await client.reply()?.body == "abcde")
                }
            }
        }
    }

    @Test func `weights and the target variant decide which variant answers`() async throws {
        try await FakeInstance.running("i-a", container: .saying("a")) { a in
            try await FakeInstance.running("i-b", container: .saying("b")) { b in
                let stage = Stage()
                stage.publish([("A", 0, [a]), ("B", 1, [b])])
                try await stage.run { address in
                    try await RawClient.connect(to: address) { client in
                        for _ in 0..<5 {
                            try await client.send(invocation())
                            #expect(try await client.reply()?.body == "b")
                        }
                        try await client.send(invocation(headers: "X-Amzn-SageMaker-Target-Variant: A\r\n"))
                        let pinned = try #require(try await client.reply())
                        #expect(pinned.body == "a")
                        #expect(pinned.headers["x-amzn-invoked-production-variant"] == "A")
                        stage.publish([("A", 1, [a])])
                        try await client.send(invocation())
                        #expect(try await client.reply()?.body == "a")
                    }
                }
            }
        }
    }

    @Test func `what was counted can be drained once`() async throws {
        let answer = Answering { request in
            let body = String(buffer: try await request.body.collect(upTo: 100))
            return ServerResponse(
                status: .init(code: Int(body) ?? 200),
                body: .bytes(ByteBuffer(string: "12345"))
            )
        }
        try await FakeInstance.running(container: answer) { instance in
            let stage = Stage()
            stage.publish([("A", 1, [instance])])
            try await stage.run { address in
                try await RawClient.connect(to: address) { client in
                    for body in ["200", "200", "400", "503"] {
                        try await client.send(invocation(body))
                        _ = try await client.reply()
                    }
                }
            }
            let sample = try #require(stage.directory.drain().first)
            #expect(sample.endpoint == "demo" && sample.variant == "A")
            #expect(sample.tally.invocations == 4)
            #expect(sample.tally.clientErrors == 1)
            #expect(sample.tally.serverErrors == 1)
            #expect(sample.tally.modelErrors == 2)
            #expect(sample.tally.bytesIn == 12)
            #expect(sample.tally.modelLatency.count == 4)
            #expect(sample.tally.modelLatency.minimum > 0)
            #expect(stage.directory.drain().isEmpty)
            #expect(stage.directory.outstanding(scope: stage.scope, name: "demo", instance: "i-1") == 0)
        }
    }

    @Test func `concurrent callers share the instances`() async throws {
        try await FakeInstance.running("i-a", container: .saying("a")) { a in
            try await FakeInstance.running("i-b", container: .saying("b")) { b in
                let stage = Stage()
                stage.publish([("A", 1, [a, b])], strategy: .leastOutstandingRequests)
                let answers = try await stage.run { address in
                    try await withThrowingTaskGroup(of: [String].self) { group in
                        for _ in 0..<16 {
                            group.addTask {
                                try await RawClient.connect(to: address) { client in
                                    var bodies: [String] = []
                                    for _ in 0..<25 {
                                        try await client.send(invocation())
                                        bodies.append(try await client.reply()?.body ?? "none")
                                    }
                                    return bodies
                                }
                            }
                        }
                        return try await group.reduce(into: []) { $0 += $1 }
                    }
                }
                #expect(answers.count == 400)
                #expect(Set(answers) == ["a", "b"])
            }
        }
    }
}

extension HTTPField.Name {
    fileprivate static var xCustom: HTTPField.Name {
        HTTPField.Name("X-Amzn-SageMaker-Custom-Attributes") ?? .cookie
    }
}
