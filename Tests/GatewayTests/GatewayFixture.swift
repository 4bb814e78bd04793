import AWSWire
import Crypto
import Gateway
import HTTPServing
import HTTPTypes
import Logging
import NIOCore
import Resources

/// A gateway with one JSON service, one query service and a raw service that echoes, at a fixed time.
struct GatewayFixture {
    static let time = Timestamp(seconds: 1_704_164_645)
    static let key = SigningCredential(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret")
    static let temporaryKey = SigningCredential(
        accessKeyID: "ASIAEXAMPLE",
        secretAccessKey: "other",
        sessionToken: "token"
    )
    static let expiredKey = SigningCredential(
        accessKeyID: "ASIAEXPIRED",
        secretAccessKey: "other",
        sessionToken: "token"
    )

    let gateway: Gateway
    let tally = RequestTally()

    init(control: any AccessControl = Permissive(), trail: (any AuditTrail)? = nil) {
        var json = TypedService(
            name: "sagemaker",
            wire: .awsJSON(version: .v11, target: "SageMaker"),
            operationNames: ["Echo", "Fail", "CreateLabelingJob"]
        )
        json.on(Echo.self, .anywhere) { (input, caller) throws(ServiceError) in
            EchoOutput(text: input.text, account: "\(caller.scope.account)", region: "\(caller.scope.region)")
        }
        json.on(Fail.self, .on({ _, _ in "arn:aws:sagemaker:us-east-1:000000000000:thing/fail" })) {
            (_, _) throws(ServiceError) in
            throw ServiceError("ResourceInUse", "It is \"used\".")
        }
        var query = TypedService(
            name: "sts",
            wire: .query(namespace: "https://sts.amazonaws.com/doc/2011-06-15/", version: "2011-06-15"),
            operationNames: ["Echo", "AssumeRoleWithSAML"]
        )
        query.on(Echo.self, .anywhere) { (input, caller) throws(ServiceError) in
            EchoOutput(text: input.text, account: "\(caller.scope.account)", region: "\(caller.scope.region)")
        }
        gateway = Gateway(
            platform: Platform(),
            services: [json, query],
            s3: RawEcho(),
            authenticator: Authenticator(credentials: Keys()),
            gatekeeper: Gatekeeper(control: control, trail: trail, now: { Self.time.seconds }),
            logger: Logger(label: "test") { _ in
                SwiftLogNoOpLogHandler()
            },
            tally: tally,
            now: { Self.time }
        )
    }

    /// Sends a request that is signed for `service`.
    func send(
        _ method: HTTPRequest.Method = .post,
        _ target: String = "/",
        service: String = "sagemaker",
        region: String = "us-east-1",
        headers: [String: String] = [:],
        body: String = "",
        key: SigningCredential = key,
        payloadHash: String? = nil,
        time: Timestamp = time,
        change: (inout ServerRequest) -> Void = { _ in }
    ) async throws -> Reply {
        let host = headers["host"] ?? "127.0.0.1:9000"
        var signed = headers.map { SignedMessage.Header(name: $0.key, value: $0.value) }
        if headers["host"] == nil { signed.append(.init(name: "host", value: host)) }
        let hash = payloadHash ?? Hex.encode(SHA256.hash(data: Array(body.utf8)))
        let added = SigV4Signer(credential: key, region: region, service: service)
            .sign(method: method.rawValue, target: target, headers: signed, payloadHash: hash, now: time)
        var all = headers
        for header in added { all[header.name] = header.value }
        return try await sendAsIs(method, target, host: host, headers: all, body: body, change: change)
    }

    /// Sends a request without adding anything to it.
    func sendAsIs(
        _ method: HTTPRequest.Method,
        _ target: String,
        host: String = "127.0.0.1:9000",
        headers: [String: String] = [:],
        body: String = "",
        change: (inout ServerRequest) -> Void = { _ in }
    ) async throws -> Reply {
        var head = HTTPRequest(method: method, scheme: "http", authority: host, path: target)
        for (name, value) in headers where name != "host" {
            guard let name = HTTPField.Name(name) else { continue }
            head.headerFields[name] = value
        }
        var request = ServerRequest(head: head, body: BodyStream(ByteBuffer(string: body)))
        change(&request)
        return Reply(try await gateway.respond(to: request))
    }
}

/// A reply as a test looks at it.
struct Reply {
    let status: Int
    let headers: HTTPFields
    let body: String

    init(_ response: ServerResponse) {
        status = response.status.code
        headers = response.headers
        if case .bytes(let bytes) = response.body { body = String(buffer: bytes) } else { body = "" }
    }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

struct Permissive: AccessControl {
    func refusal(of access: Access, by caller: Caller) -> AccessRefusal? { nil }
}

private struct Keys: CredentialSource {
    func credential(for accessKeyID: String) -> Credential? {
        let known = [GatewayFixture.key, GatewayFixture.temporaryKey, GatewayFixture.expiredKey]
        guard let key = known.first(where: { $0.accessKeyID == accessKeyID }) else { return nil }
        let expiration: Double? =
            switch accessKeyID {
            case "ASIAEXAMPLE": GatewayFixture.time.seconds + 1
            case "ASIAEXPIRED": GatewayFixture.time.seconds
            default: nil
            }
        return Credential(
            accessKeyID: key.accessKeyID,
            secretAccessKey: key.secretAccessKey,
            sessionToken: key.sessionToken,
            expiration: expiration,
            account: .standard,
            principalARN: "arn:aws:sts::000000000000:assumed-role/Role/session"
        )
    }
}

private struct Platform: Responder {
    func respond(to request: ServerRequest) async throws -> ServerResponse {
        ServerResponse(status: .ok, body: .bytes(ByteBuffer(string: "platform \(request.path)")))
    }
}

/// Answers what it was given, after the end of the body.
private struct RawEcho: RawService {
    func operationName(of call: VerifiedCall) -> String? { "Read" }

    func respond(to call: VerifiedCall) async throws -> ServerResponse {
        if call.queryValue("break") != nil { throw SomethingBroke() }
        if call.queryValue("missing") != nil {
            throw ServiceError(
                "NoSuchKey",
                "The specified key does not exist.",
                status: 404,
                members: ["Key": "a<b"]
            )
        }
        if call.queryValue("steps") != nil { return try await readInSteps(call.body) }
        let body = try await call.body.collect(upTo: 1 << 20)
        let query = call.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let trailers = call.body.trailers.map { "\($0.key):\($0.value)" }.joined(separator: ",")
        let text =
            "\(call.head.method.rawValue) \(call.path) [\(query)] '\(String(buffer: body))' "
            + "\(call.body.declaredLength ?? -1) \(trailers) \(call.head.headerFields[.contentEncoding] ?? "plain") "
            + "\(call.caller.scope.region)"
        return ServerResponse(status: .ok, body: .bytes(ByteBuffer(string: text)))
    }
}

extension RawEcho {
    /// Notes what each step of reading gives, one step past the end or the error.
    private func readInSteps(_ body: PayloadStream) async throws -> ServerResponse {
        var notes: [String] = []
        var iterator = body.makeAsyncIterator()
        var endings = 0
        while endings < 2 {
            do {
                if let piece = try await iterator.next() {
                    notes.append("\(String(buffer: piece))+\(body.trailers.count)")
                } else {
                    notes.append("end+\(body.trailers.count)")
                    endings += 1
                }
            } catch let error as ServiceError {
                notes.append(error.code)
                endings += 1
            }
        }
        return ServerResponse(status: .ok, body: .bytes(ByteBuffer(string: notes.joined(separator: " "))))
    }
}

private struct SomethingBroke: Error {}

enum Echo: Operation {
    typealias Input = EchoInput
    typealias Output = EchoOutput
    static let name = "Echo"
}

enum Fail: Operation {
    typealias Input = EchoInput
    typealias Output = EchoOutput
    static let name = "Fail"
}

struct EchoInput: WireShape {
    var text: String?

    private enum CodingKeys: String, CodingKey { case text = "Text" }

    func validate(_ checker: inout ConstraintChecker) {
        checker.string(text, "text", .required, StringRule(minimum: 1, maximum: 5))
    }
}

struct EchoOutput: WireShape {
    var text: String?
    var account: String?
    var region: String?

    private enum CodingKeys: String, CodingKey {
        case text = "Text"
        case account = "Account"
        case region = "Region"
    }

    func validate(_ checker: inout ConstraintChecker) {}
}
