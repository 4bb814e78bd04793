import ContainerEngine
import Foundation
import Testing

@Suite struct EngineCallTests {
    @Test func `an answer that is no answer is told as such`() async throws {
        try await FakeEngine.run(.init { _ in .whole("200 OK", "[]") }) { fake in
            do throws(ContainerEngineError) {
                _ = try await fake.engine.image("own:1")
                Issue.record("It was understood.")
            } catch {
                guard case .unreadable("the image own:1", _) = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }

    @Test func `a container that does not go is an error`() async throws {
        try await FakeEngine.run(
            .init { head in
                head.hasPrefix("DELETE") ? .whole("409 Conflict", "{}") : .whole("200 OK", "{}")
            }
        ) { fake in
            await #expect(
                throws: ContainerEngineError.late(
                    what: "remove the container own",
                    limit: .milliseconds(60)
                )
            ) {
                try await fake.engine.remove(container: "own", within: .milliseconds(60))
            }
        }
    }

    @Test(arguments: [(500, "network is being used by a container", true), (500, "netavark: broken", false)])
    func `a network that somebody uses may stay`(status: Int, words: String, isFine: Bool) async throws {
        try await FakeEngine.run(.init { _ in .whole("\(status) x", #"{"message":"\#(words)"}"#) }) { fake in
            do {
                try await fake.engine.remove(network: "own")
                #expect(isFine)
            } catch {
                #expect(!isFine)
                #expect("\(error)".contains(words))
            }
        }
    }

    @Test(arguments: [
        (403, "Pool overlaps with other one on this address space", true),
        (409, "network with name own already exists", true),
        (500, "subnet 10.64.0.0/20 is already used on the host or by another config", true),
        (500, "network name own already used", true), (500, "plugin bridge: permission denied", false),
        (507, "already exists", false),
    ])
    func `a network that is somebody's already is told apart`(
        status: Int,
        words: String,
        isConflict: Bool
    ) async throws {
        try await FakeEngine.run(.init { _ in .whole("\(status) x", #"{"message":"\#(words)"}"#) }) { fake in
            let error = await #expect(throws: ContainerEngineError.self) {
                try await fake.engine.createNetwork(
                    named: "own",
                    subnet: "10.64.0.0/20",
                    gateway: "10.64.0.1",
                    isInternal: false,
                    labels: [:]
                )
            }
            #expect(error?.isConflict == isConflict)
            #expect(error.map { "\($0)" }?.contains(words) == true)
        }
    }

    @Test(arguments: [("Libpod-API-Version: 5.4.0\r\n", true), ("", false)])
    func `Podman is known by what it says of itself`(header: String, isPodman: Bool) async throws {
        try await FakeEngine.run(.init { _ in .whole("200 OK", "OK", headers: header) }) { fake in
            let found = try await fake.engine.isPodman()
            #expect(found == isPodman)
        }
    }

    @Test func `a failure in a stream has no status`() {
        let stream = ContainerEngineError.refused(what: "pull x", status: 200, message: "no")
        #expect("\(stream)" == "The container engine did not pull x: no")
        let whole = ContainerEngineError.refused(what: "pull x", status: 404, message: "no")
        #expect("\(whole)" == "The container engine did not pull x (status 404): no")
    }

    @Test func `a mark stays until everything that it names has gone`() async throws {
        try await FakeEngine.run(
            .init { head in
                if head.hasPrefix("DELETE /volumes/stuck") { return .whole("500 x", #"{"message":"busy"}"#) }
                if head.hasPrefix("GET /containers") { return .whole("404 x", "{}") }
                return .whole("204 x", "")
            }
        ) { fake in
            let root = fake.directory + "/instance"
            let companion = root + "/container-2"
            try FileManager.default.createDirectory(
                atPath: companion + "/ml",
                withIntermediateDirectories: true
            )
            try Data().write(to: URL(filePath: root + "/agent.json"))
            let socket = fake.engine.socket
            try EngineMark(socket: socket, container: "one", volumes: [], network: "n").write(in: root)
            try EngineMark(socket: socket, container: "two", volumes: ["stuck"], network: "n").write(
                in: companion
            )
            await #expect(throws: ContainerEngineError.self) {
                try await EngineMark.clearAll(below: root, http: fake.http)
            }
            #expect(EngineMark.places(below: root) == [companion])
            // The other one's was tried all the same.
            #expect(fake.requests.contains { $0.hasPrefix("DELETE /containers/one") })
            for path in EngineMark.removable(in: root) { try FileManager.default.removeItem(atPath: path) }
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: root).sorted() == [
                    "container-2", "container-2/engine.json",
                ]
            )
            unlink(companion + "/engine.json")
            #expect(EngineMark.removable(in: root) == [root])
        }
    }

    @Test func `a mark that cannot be written or read says where`() async throws {
        try await FakeEngine.run(.init { _ in .whole("204 x", "") }) { fake in
            let mark = EngineMark(socket: "/s", container: "c", volumes: [], network: "n")
            let error = #expect(throws: UnusableMark.self) { try mark.write(in: fake.directory + "/nowhere") }
            #expect(error.map { "\($0)" }?.contains("/nowhere/engine.json, cannot be written") == true)
            try Data("{".utf8).write(to: URL(filePath: fake.directory + "/engine.json"))
            await #expect(throws: UnusableMark.self) {
                try await EngineMark.clearAll(below: fake.directory, http: fake.http)
            }
        }
    }
}
