import Gateway
import Synchronization
import Testing

@Suite struct AccessTests {
    private struct Closed: AccessControl {
        func refusal(of access: Access, by caller: Caller) -> AccessRefusal? {
            .denied("no \(access.action) on \(access.resource)")
        }
    }

    private final class Notebook: AuditTrail, Sendable {
        let entries = Mutex<[AuditEntry]>([])
        func record(_ entry: AuditEntry) async { entries.withLock { $0.append(entry) } }
    }

    @Test func `a refused call does not reach its handler and is written down`() async throws {
        let notebook = Notebook()
        let fixture = GatewayFixture(control: Closed(), trail: notebook)
        let reply = try await fixture.send(
            headers: ["x-amz-target": "SageMaker.Fail"],
            body: #"{"Text":"x"}"#
        )
        #expect(reply.status == 403)
        #expect(reply.header("x-amzn-errortype") == "AccessDeniedException")
        #expect(reply.body.contains("no sagemaker:Fail on arn:aws:sagemaker:us-east-1:000000000000:thing"))
        let entries = notebook.entries.withLock(\.self)
        #expect(entries.map(\.action) == ["sagemaker:Fail"])
        #expect(entries.map(\.outcome) == ["AccessDeniedException"])
        #expect(entries.first?.requestID == reply.header("x-amzn-requestid"))
        #expect(entries.first?.accessKeyID == "AKIDEXAMPLE")
    }

    @Test func `query services refuse in their own form`() async throws {
        let fixture = GatewayFixture(control: Closed())
        let reply = try await fixture.send(
            service: "sts",
            headers: ["content-type": "application/x-www-form-urlencoded"],
            body: "Action=Echo&Text=x&Version=2011-06-15"
        )
        #expect(reply.status == 403)
        #expect(reply.body.contains("<Code>AccessDenied</Code>"))
    }

    @Test(arguments: [
        ("sagemaker:DescribeTrainingJob", false), ("s3:GetObject", false), ("logs:FilterLogEvents", false),
        ("s3:ListBucket", false), ("sagemaker:InvokeEndpoint", false), ("sts:GetSessionToken", true),
        ("s3:PutObject", true), ("iam:CreateUser", true), ("sagemaker:StopTrainingJob", true),
        ("clary:Shutdown", true), ("sts:AssumeRole", true),
    ])
    func `what is more than a look is written down`(action: String, isKept: Bool) {
        #expect(Gatekeeper.changesSomething(action) == isKept)
    }

    @Test func `secrets do not come into the audit log`() {
        let text = AuditParameters.redacted(
            Array(
                #"{"Name":"job","Environment":{"KEY":"s1"},"HyperParameters":{"db_password":"s2","depth":"3"},"logEvents":[1]}"#
                    .utf8
            )
        )
        #expect(
            text
                == #"{"Name":"job","Environment":{"KEY":"***"},"HyperParameters":{"db_password":"***","depth":"3"}}"#
        )
    }

    @Test(arguments: [
        ("[IPv4]127.0.0.1/127.0.0.1:4711", "127.0.0.1"), ("[IPv6]::1/::1:4711", "::1"),
        ("192.0.2.7:80", "192.0.2.7"), ("[UDS]/run/gateway.sock", ""), ("", ""),
    ])
    func `the peer's address is found in the server's words`(peer: String, address: String) {
        #expect(SourceAddress.of(peer) == address)
    }
}
