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
    static func read(in directory: String) -> EngineMark? {
        FileManager.default.contents(atPath: file(in: directory)).flatMap {
            try? JSONDecoder().decode(EngineMark.self, from: $0)
        }
    }

    package func write(in directory: String) throws {
        try JSONEncoder().encode(self).write(to: URL(filePath: Self.file(in: directory)), options: .atomic)
    }

    /// Ends and removes what the marks in a directory and in those of an instance's other containers name.
    package static func clearAll(below directory: String, http: HTTPClient) async throws(ContainerEngineError)
    {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        // The network can go when nobody is on it any more: the instance's own mark comes last.
        for name in names.filter({ $0.hasPrefix("container-") }) + [""] {
            let place = name.isEmpty ? directory : "\(directory)/\(name)"
            try await read(in: place)?.clear(in: place, http: http)
        }
    }

    /// Ends and removes everything that it names, then itself.
    private func clear(in directory: String, http: HTTPClient) async throws(ContainerEngineError) {
        let engine = ContainerEngine(socket: socket, http: http)
        try await engine.remove(container: container)
        for volume in volumes { try await engine.remove(volume: volume) }
        try await engine.remove(network: network)
        unlink(Self.file(in: directory))
    }
}
