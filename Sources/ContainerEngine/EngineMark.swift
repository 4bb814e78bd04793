package import AsyncHTTPClient
import Foundation

/// A file in an instance's directory that names what an engine makes for it, written before it is made: whoever removes
/// the directory removes that too.
package struct EngineMark: Codable, Sendable, Equatable {
    package var socket: String
    package var container: String
    package var volumes: [String]
    package var network: String

    package init(socket: String, container: String, volumes: [String], network: String) {
        self.socket = socket
        self.container = container
        self.volumes = volumes
        self.network = network
    }

    private static func file(in directory: String) -> String { directory + "/engine.json" }

    /// The mark in an instance's directory; `nil` where no engine was asked for anything.
    package static func read(in directory: String) -> EngineMark? {
        FileManager.default.contents(atPath: file(in: directory)).flatMap {
            try? JSONDecoder().decode(EngineMark.self, from: $0)
        }
    }

    package func write(in directory: String) throws {
        try JSONEncoder().encode(self).write(to: URL(filePath: Self.file(in: directory)), options: .atomic)
    }

    /// Ends and removes everything that it names, then itself.
    package func clear(in directory: String, http: HTTPClient) async throws(ContainerEngineError) {
        let engine = ContainerEngine(socket: socket, http: http)
        try await engine.remove(container: container)
        for volume in volumes { try await engine.remove(volume: volume) }
        try await engine.remove(network: network)
        unlink(Self.file(in: directory))
    }
}
