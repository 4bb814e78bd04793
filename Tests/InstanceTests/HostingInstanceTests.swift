import AgentProtocol
import Archive
import CLinux
import Engines
import Foundation
import Resources
import Testing

@Suite(.enabled(if: Facilities.canRunInstances, "needs bubblewrap, user namespaces and the built binary"))
struct HostingInstanceTests {
    /// A server that answers with the model, and crashes when asked to.
    private static let server = """
        import http.server, os
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words): pass
            def do_GET(self):
                if self.path == '/crash': os._exit(5)
                body = open('/opt/ml/model/m').read().encode()
                self.send_response(200); self.send_header('Content-Length', str(len(body))); self.end_headers()
                self.wfile.write(body)
        http.server.ThreadingHTTPServer(('0.0.0.0', 8080), Handler).serve_forever()
        """

    private func hosting(_ name: String, _ command: [String], in workshop: Workshop) -> Assignment {
        var assignment = workshop.training(name, "")
        assignment.role = .hosting
        assignment.artifacts = nil
        assignment.hosting = HostingSpec(startupTimeoutSeconds: 20)
        assignment.container.command = command
        return assignment
    }

    /// One request through the connector; the reply as text, empty if there was none.
    private func request(_ path: String, of handle: InstanceHandle) -> String {
        let socket = clx_connect_inside(handle.connectorPath, 8080, 1000)
        guard socket >= 0 else { return "" }
        defer { close(socket) }
        let text = "GET \(path) HTTP/1.0\r\n\r\n"
        guard clx_send(socket, text, text.utf8.count, nil, 0) > 0 else { return "" }
        var reply: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while clx_wait_readable(socket, 2000) > 0, case let count = read(socket, &chunk, chunk.count),
            count > 0
        {
            reply += chunk.prefix(count)
        }
        return String(decoding: reply, as: UTF8.self)
    }

    @Test func `a container comes into service, survives its crash and ends when told`() async throws {
        try await Workshop.open { workshop in
            let source = "\(workshop.directory)/model"
            try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
            try "weights".write(toFile: "\(source)/m", atomically: true, encoding: .utf8)
            _ = try ArchivePacker.pack([source], to: "\(source).tar.gz")
            var assignment = hosting("h-1", ["python3", "-c", Self.server], in: workshop)
            assignment.modelArchive = DataObject(
                location: S3Location(bucket: "b", key: "m"),
                relativePath: "m",
                size: 1,
                nearPath: "\(source).tar.gz"
            )
            let handle = try #require(try await workshop.start(assignment).first)
            try await workshop.plane.wait("service") { [plane = workshop.plane, id = assignment.instance] in
                plane.events(id).contains { if case .ready = $0 { true } else { false } }
            }
            #expect(request("/x", of: handle).hasSuffix("weights"))
            #expect(clx_connect_inside(handle.connectorPath, 9999, 1000) == -ECONNREFUSED)
            #expect(request("/crash", of: handle) == "")
            try await workshop.plane.wait("the restart") {
                [plane = workshop.plane, id = assignment.instance] in
                plane.log(id).contains { $0.contains("exit code 5") && $0.contains("starts again") }
            }
            var answer = ""
            for _ in 0..<200 where answer.isEmpty {
                answer = request("/x", of: handle)
                usleep(20_000)
            }
            #expect(answer.hasSuffix("weights"))
            workshop.plane.command(assignment.instance, .stop(cause: .stopRequested, graceSeconds: 5))
            try await workshop.waitForEnd(assignment.instance)
            let words = workshop.plane.events(assignment.instance).map(\.word)
            #expect(words == ["downloading", "started", "ready", "exited", "finished"])
        }
    }

    @Test(arguments: [
        ("echo cannot load; exit 3", 20, ["ended before it passed the ping health check (exit code 3)"]),
        (
            "echo cannot load; sleep 60", 2,
            [
                "did not pass the ping health check within 2 s", "connection refused",
                "Nothing listened on port 8080",
            ]
        ),
    ])
    func `a container that never comes into service is explained`(
        row: (script: String, timeout: Int, reasons: [String])
    ) async throws {
        try await Workshop.open { workshop in
            var assignment = hosting("h-2", ["/bin/bash", "-c", row.script], in: workshop)
            assignment.hosting?.startupTimeoutSeconds = row.timeout
            _ = try await workshop.start(assignment)
            try await workshop.waitForEnd(assignment.instance)
            guard case .failed(let failure)? = workshop.plane.events(assignment.instance).last else {
                Issue.record("\(workshop.plane.events(assignment.instance))")
                return
            }
            #expect(failure.blame == .algorithm)
            for part in row.reasons + ["cannot load"] {
                #expect(failure.message.contains(part))
            }
        }
    }

    @Test func `instances of one variant have addresses of their own, and find their own names`() async throws
    {
        let say = """
            import socket
            probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            probe.connect(('10.77.0.1', 9))
            print('at', probe.getsockname()[0], socket.gethostbyname('algo-1'), flush=True)
            """
        try await Workshop.open { workshop in
            let names = ["h-3", "h-4"]
            let assignments = names.map {
                hosting($0, ["python3", "-c", "\(say)\n\(Self.server)"], in: workshop)
            }
            _ = try await workshop.start(assignments[0], assignments[1])
            for (assignment, address) in zip(assignments, ["10.77.1.1", "10.77.1.2"]) {
                try await workshop.plane.wait("the address") {
                    [plane = workshop.plane, id = assignment.instance] in
                    plane.log(id).contains("at \(address) \(address)")
                }
            }
        }
    }
}
