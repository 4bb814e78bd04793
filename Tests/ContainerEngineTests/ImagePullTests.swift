import ContainerEngine
import Foundation
import Synchronization
import Testing

@Suite struct ImagePullTests {
    private static let layer = [
        #"{"status":"Pulling from own","id":"1"}"#,
        #"{"status":"Downloading","id":"a","progressDetail":{"current":10,"total":100}}"#,
        #"{"status":"Downloading","id":"a","progressDetail":{"current":60,"total":100}}"#,
    ]

    /// Pulls from an engine that answers so; what it told of and how it ended.
    private static func pull(
        _ answer: FakeEngine.Answer,
        login: RegistryLogin? = nil,
        patience: @escaping @Sendable (PullProgress) -> Duration = { _ in .seconds(600) }
    ) async throws -> (bytes: [Int], error: ContainerEngineError?, requests: [String]) {
        let told = Told()
        var result: (error: ContainerEngineError?, requests: [String]) = (nil, [])
        try await FakeEngine.run(.init { _ in answer }) { fake in
            do throws(ContainerEngineError) {
                try await fake.engine.pull(
                    "example.test/own:1",
                    login: login,
                    patience: patience,
                    report: { progress in told.bytes.withLock { $0.append(progress.bytes) } }
                )
            } catch {
                result.error = error
            }
            result.requests = fake.requests
        }
        return (told.bytes.withLock { $0 }, result.error, result.requests)
    }

    private final class Told: Sendable {
        let bytes = Mutex<[Int]>([])
    }

    @Test func `progress is told as it comes`() async throws {
        let pull = try await Self.pull(.stream(Self.layer, isEnded: true))
        #expect(pull.bytes == [0, 10, 60])
        #expect(pull.error == nil)
        let path = "/images/create?fromImage=example.test%2Fown%3A1"
        #expect(pull.requests.first?.hasPrefix("POST \(path) ") == true)
    }

    @Test func `a pull of which nothing more is heard is given up`() async throws {
        let pull = try await Self.pull(.stream(Self.layer)) { $0.bytes == 60 ? .zero : .seconds(600) }
        let error = try #require(pull.error)
        #expect(
            error
                == .stalled(
                    what: "pull the image example.test/own:1",
                    silence: .zero,
                    bytes: 60,
                    totalBytes: 100
                )
        )
        #expect("\(error)".contains("no progress for 0 s, after 60 of 100 bytes"))
        #expect(error.pullFault == .machinery)
    }

    @Test func `an engine that does not even begin is given up too`() async throws {
        let pull = try await Self.pull(.init(text: "")) { _ in .milliseconds(100) }
        guard case .stalled(_, _, 0, 0) = pull.error else {
            Issue.record("\(String(describing: pull.error))")
            return
        }
    }

    @Test func `what an engine repeats is no progress`() {
        var progress = PullProgress()
        let news = [1, 1, 2].map { progress.take(Data(Self.layer[$0].utf8)) }
        #expect(news == [true, false, true])
    }

    @Test func `a stream that ends in the middle is no pull`() async throws {
        let pull = try await Self.pull(.stream(Self.layer, .closed))
        guard case .cutShort("pull the image example.test/own:1", _) = pull.error else {
            Issue.record("\(String(describing: pull.error))")
            return
        }
        #expect(pull.error?.pullFault == .machinery)
    }

    @Test func `an error in the stream is the registry's word`() async throws {
        let pull = try await Self.pull(
            .stream(Self.layer + [#"{"error":"manifest unknown"}"#], isEnded: true)
        )
        #expect(
            pull.error
                == .refused(
                    what: "pull the image example.test/own:1",
                    status: 200,
                    message: "manifest unknown"
                )
        )
    }

    @Test func `a cancelled pull is no engine that is away`() async throws {
        try await FakeEngine.run(.init { _ in .stream(Self.layer) }) { fake in
            let (heard, hear) = AsyncStream.makeStream(of: Void.self)
            let pull = Task {
                do throws(ContainerEngineError) {
                    try await fake.engine.pull("own:1") { _ in hear.yield() }
                    return nil as ContainerEngineError?
                } catch {
                    return error
                }
            }
            for await _ in heard { break }
            pull.cancel()
            #expect(await pull.value == .cancelled)
        }
    }

    @Test func `a login goes with the pull alone`() async throws {
        let login = RegistryLogin(
            server: "example.test",
            secret: .password(user: "ada", password: "ÿ>?"),
            source: "a file"
        )
        let pull = try await Self.pull(.stream(Self.layer, isEnded: true), login: login)
        let line = pull.requests[0].split(separator: "\r\n").first { $0.hasPrefix("X-Registry-Auth: ") }
        let value = try #require(line?.split(separator: " ").last)
        #expect(!value.contains("+") && !value.contains("/"))
        let plain = value.replacing("-", with: "+").replacing("_", with: "/")
        let content = try #require(Data(base64Encoded: String(plain)))
        let fields = try JSONDecoder().decode([String: String].self, from: content)
        #expect(fields == ["serveraddress": "example.test", "username": "ada", "password": "ÿ>?"])
    }

    @Test(arguments: [
        (404, "pull access denied for own, repository does not exist", PullFault.notAllowed),
        (404, "manifest for own:1 not found: manifest unknown: manifest unknown", .unknownImage),
        (500, #"Get "https://example.test/v2/": unauthorized: authentication required"#, .notAllowed),
        (200, "requested access to the resource is denied", .notAllowed),
        (200, "reading manifest 7 in example.test/own: manifest unknown", .unknownImage),
        (200, "pinging container registry: dial tcp 10.0.0.1:443: connect: connection refused", .machinery),
        (500, "write /var/lib/x: no space left on device", .machinery),
    ])
    func `who is to blame is in the engine's words`(status: Int, message: String, fault: PullFault) {
        let error = ContainerEngineError.refused(what: "pull", status: status, message: message)
        #expect(error.pullFault == fault)
    }
}
