import AsyncHTTPClient
import ContainerEngine
import ControlPlane
import Logging
import NIOCore
import Synchronization
import Testing

@Suite struct ContainerRuntimesTests {
    /// Keeps what it is told.
    private final class Notes: Sendable {
        let messages = Mutex<[String]>([])
    }

    private struct Handler: LogHandler {
        let notes: Notes
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { notes.messages.withLock { $0.append("\(event.message)") } }
    }

    @Test func `an engine that is not there leaves an image to the catalogue`() async throws {
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: .init(timeout: .init(connect: .milliseconds(300)))
        )
        let notes = Notes()
        let runtimes = ContainerRuntimes(
            engine: ContainerEngine(socket: "/nowhere/engine.sock", http: http),
            logger: Logger(label: "test") { _ in Handler(notes: notes) }
        )
        let uri = "sagemaker-xgboost:1.7-1"
        let image = try await runtimes.image(uri, for: .itself, environment: nil)
        // Who is not waited for is no reason to choose.
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await runtimes.image(uri, for: .itself, environment: nil)
        }
        let result = await cancelled.result
        try await http.shutdown()
        #expect(image == .xgboost(version: "1.7-1"))
        let messages = notes.messages.withLock { $0 }
        #expect(messages.count == 1)
        #expect(messages.first?.contains("/nowhere/engine.sock") == true)
        #expect(throws: CancellationError.self) { try result.get() }
    }
}
