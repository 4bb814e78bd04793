import HTTPTypes
import NIOCore
import Resources
import Router
import Testing

@Suite struct RuntimeRequestTests {
    private static func post(_ path: String, _ headers: HTTPFields = [:]) -> HTTPRequest {
        HTTPRequest(method: .post, scheme: "http", authority: "x", path: path, headerFields: headers)
    }

    @Test(arguments: [
        ("/endpoints/a/invocations", RuntimeRequest.Operation.invoke, "a"),
        ("/endpoints/My-End-1/invocations?x=y", .invoke, "My-End-1"),
        ("/endpoints/a/async-invocations", .invokeAsync, "a"),
        ("/endpoints/a/invocations-response-stream", .invokeWithResponseStream, "a"),
    ])
    func `runtime calls are recognised`(
        path: String,
        operation: RuntimeRequest.Operation,
        endpoint: String
    ) throws {
        let request = try #require(RuntimeRequest(Self.post(path)))
        #expect(request.operation == operation)
        #expect(request.endpoint == endpoint)
        #expect(request.violations.isEmpty)
    }

    @Test(arguments: [
        post("/"), post("/endpoints"), post("/endpoints/a"), post("/endpoints/a/b/invocations"),
        post("/endpoints//invocations"), post("/Endpoints/a/invocations"),
        post(
            "/endpoints/a/invocations",
            [.authorization: "AWS4-HMAC-SHA256 Credential=A/20240102/us-east-1/s3/aws4_request"]
        ),
        post("/endpoints/a/invocations?X-Amz-Credential=A%2F20240102%2Fus-east-1%2Fs3%2Faws4_request"),
        HTTPRequest(method: .get, scheme: "http", authority: "x", path: "/endpoints/a/invocations"),
    ])
    func `other calls are left alone`(head: HTTPRequest) {
        #expect(RuntimeRequest(head) == nil)
    }

    @Test func `broken constraints are told in the service's words`() throws {
        let inferenceID = try #require(HTTPField.Name("X-Amzn-SageMaker-Inference-Id"))
        let request = try #require(
            RuntimeRequest(
                Self.post(
                    "/endpoints/a_b/invocations",
                    [inferenceID: String(repeating: "i", count: 65)]
                )
            )
        )
        #expect(
            request.violations == [
                "Value 'a_b' at 'endpointName' failed to satisfy constraint: Member must satisfy regular expression "
                    + "pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*",
                "Value '\(String(repeating: "i", count: 65))' at 'inferenceId' failed to satisfy constraint: "
                    + "Member must have length less than or equal to 64",
            ]
        )
    }

    @Test func `an error document is valid JSON whatever the text holds`() {
        let failure = RuntimeFailure.validation("a \"quoted\"\\\n\u{1} – é")
        let text = #"a \"quoted\"\\\n\u0001 – é"#
        #expect(String(buffer: failure.document) == #"{"Message":"\#(text)","message":"\#(text)"}"#)
    }
}
