import AWSWire
import AsyncHTTPClient
import ControlPlane
import Foundation
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import Resources
import SageMakerAPI
import Store
import TestSupport
import Testing

@Suite struct ImageHandlersTests {
    /// The service before a registry that answers so, with the repository `own`.
    private struct Stage {
        let service: TypedService

        func call<Reply: Decodable>(_ operation: String, _ document: String) async throws -> Reply {
            let reply = try await service.answer(
                operation,
                document: ByteBuffer(string: document),
                caller: Caller(
                    accessKeyID: "k",
                    scope: Scope(account: .standard, region: .standard),
                    principalARN: "arn:aws:sts::000000000000:assumed-role/R/s",
                    requestID: "r"
                ),
                gatekeeper: OpenDoor.gatekeeper
            )
            return try JSONDecoder().decode(Reply.self, from: Data(reply.readableBytesView))
        }

        struct Created: Decodable {}

        struct Listed: Decodable {
            var imageIds: [ID]
            var nextToken: String?

            struct ID: Decodable { var imageTag: String? }
        }

        struct Described: Decodable {
            var imageDetails: [Detail]
            var nextToken: String?

            struct Detail: Decodable { var imageTags: [String]? }
        }
    }

    private func withStage(_ registry: Answering, body: (Stage) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ecr-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try StateDatabase(file: folder.appending(path: "state.sqlite").path)
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let result: Result<Void, any Error>
        do {
            try await serving(registry) { address in
                let service = ECRService.make(
                    database: database,
                    tokens: RegistryTokens(),
                    registry: LocalRegistry(address: "http://127.0.0.1:\(address.port ?? 0)", http: http)
                )
                let stage = Stage(service: service)
                let _: Stage.Created = try await stage.call(
                    "CreateRepository",
                    #"{"repositoryName":"own"}"#
                )
                try await body(stage)
            }
            result = .success(())
        } catch { result = .failure(error) }
        try await http.shutdown()
        try result.get()
    }

    /// A registry with the tags `a` to `e`, of which `a` and `b` are one image.
    private static let five = Answering { request in
        let path = request.head.path ?? ""
        if path.hasSuffix("/tags/list") { return .text(#"{"tags":["e","d","c","b","a"]}"#) }
        let reference = path.split(separator: "/").last.map(String.init) ?? ""
        guard reference.count == 1 || reference.hasPrefix("sha256:") else {
            return ServerResponse(status: .notFound, body: .bytes(ByteBuffer()))
        }
        var response = ServerResponse.text("{}")
        if let field = HTTPField.Name("Docker-Content-Digest") {
            response.headers[field] =
                reference.count > 1 ? reference : "sha256:\(reference == "b" ? "a" : reference)"
        }
        return response
    }

    @Test func `images are listed in pages`() async throws {
        try await withStage(Self.five) { stage in
            var tags: [[String]] = []
            var token: String?
            repeat {
                let more = token.map { #","nextToken":"\#($0)""# } ?? ""
                let page: Stage.Listed = try await stage.call(
                    "ListImages",
                    #"{"repositoryName":"own","maxResults":2\#(more)}"#
                )
                tags.append(page.imageIds.compactMap(\.imageTag))
                token = page.nextToken
            } while token != nil && tags.count < 9
            #expect(tags == [["a", "b"], ["c", "d"], ["e"]])
        }
    }

    @Test func `images are described in pages, each with all its tags`() async throws {
        try await withStage(Self.five) { stage in
            let first: Stage.Described = try await stage.call(
                "DescribeImages",
                #"{"repositoryName":"own","maxResults":3}"#
            )
            #expect(first.imageDetails.map(\.imageTags) == [["a", "b"], ["c"], ["d"]])
            let second: Stage.Described = try await stage.call(
                "DescribeImages",
                #"{"repositoryName":"own","maxResults":3,"nextToken":"\#(first.nextToken ?? "")"}"#
            )
            #expect(second.imageDetails.map(\.imageTags) == [["e"]])
            #expect(second.nextToken == nil)
        }
    }

    @Test func `a tag and the digest of one image make no empty tag`() async throws {
        try await withStage(Self.five) { stage in
            let found: Stage.Described = try await stage.call(
                "DescribeImages",
                #"{"repositoryName":"own","imageIds":[{"imageTag":"a"},{"imageDigest":"sha256:a"}]}"#
            )
            #expect(found.imageDetails.map(\.imageTags) == [["a"]])
        }
    }

    @Test func `a token of somebody else's is refused`() async throws {
        try await withStage(Self.five) { stage in
            let error = await #expect(throws: ServiceError.self) {
                let _: Stage.Listed = try await stage.call(
                    "ListImages",
                    #"{"repositoryName":"own","nextToken":"?"}"#
                )
            }
            #expect(error?.code == "InvalidParameterException")
        }
    }

    @Test(arguments: [(404, true), (401, false), (500, false)])
    func `a registry that refuses has no empty repository`(status: Int, isEmpty: Bool) async throws {
        let registry = Answering { _ in
            ServerResponse(
                status: .init(code: status),
                body: .bytes(ByteBuffer(string: "\"in its own words\""))
            )
        }
        try await withStage(registry) { stage in
            do {
                let listed: Stage.Listed = try await stage.call("ListImages", #"{"repositoryName":"own"}"#)
                #expect(isEmpty && listed.imageIds.isEmpty)
            } catch let error as ServiceError {
                #expect(!isEmpty)
                #expect(error.code == "ServerException")
                #expect(error.message.contains("status \(status)"))
                #expect(error.message.contains("in its own words"))
            }
        }
    }

    @Test func `a registry that is gone is told in JSON whatever the reason's words are`() async throws {
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .init(timeout: .init(connect: .milliseconds(300)))
        )
        let tokens = RegistryTokens()
        // Nobody listens at this port, and the error quotes the address.
        let front = RegistryFront(
            registry: LocalRegistry(address: "http://127.0.0.1:1", http: http),
            tokens: tokens
        )
        var head = HTTPRequest(method: .get, scheme: "https", authority: "r.test", path: "/v2/")
        head.headerFields[.authorization] =
            "Basic " + Data("AWS:\(tokens.issue().password)".utf8).base64EncodedString()
        let reply = try await front.respond(to: ServerRequest(head: head, body: BodyStream(ByteBuffer())))
        try await http.shutdown()
        #expect(reply.status == .badGateway)
        guard case .bytes(let body) = reply.body else {
            Issue.record("It has no whole body.")
            return
        }
        struct Refusal: Decodable {
            var errors: [Entry]

            struct Entry: Decodable { var message: String }
        }
        let refusal = try JSONDecoder().decode(Refusal.self, from: Data(body.readableBytesView))
        #expect(refusal.errors.first?.message.contains("127.0.0.1:1 does not answer") == true)
    }
}
