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
    ///
    /// - Throws: `UnusableMark` for a file that cannot be read.
    static func read(in directory: String) throws(UnusableMark) -> EngineMark? {
        let file = file(in: directory)
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        do {
            return try JSONDecoder().decode(EngineMark.self, from: Data(contentsOf: URL(filePath: file)))
        } catch {
            throw UnusableMark(file: file, attempt: "be read", reason: "\(error)")
        }
    }

    /// - Throws: `UnusableMark`: what is made without a mark would stay for ever.
    package func write(in directory: String) throws(UnusableMark) {
        let file = Self.file(in: directory)
        do {
            try JSONEncoder().encode(self).write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw UnusableMark(file: file, attempt: "be written", reason: "\(error)")
        }
    }

    /// Directories with marks: those of an instance's other containers, then its own.
    package static func places(below directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        // The network can go when nobody is on it any more: the instance's own mark comes last.
        let places = names.filter { $0.hasPrefix("container-") }.map { "\(directory)/\($0)" } + [directory]
        return places.filter { FileManager.default.fileExists(atPath: file(in: $0)) }
    }

    /// Ends and removes what the marks in a directory and in those of an instance's other containers name.
    ///
    /// - Throws: The first error, after everything else was tried; the marks of what is left stay.
    package static func clearAll(below directory: String, http: HTTPClient) async throws {
        var failure: (any Error)?
        for place in places(below: directory) {
            do {
                try await read(in: place)?.clear(in: place, http: http)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// What of an instance's directory can be removed: all of it, or, where marks tell of something that is left, the files
    /// and directories beside them.
    package static func removable(in directory: String) -> [String] {
        let places = places(below: directory)
        guard !places.isEmpty else { return [directory] }
        let kept = Set(places + places.map(file(in:)))
        return Set(places + [directory]).flatMap { place in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
            return names.map { "\(place)/\($0)" }.filter { !kept.contains($0) }
        }
    }

    /// Ends and removes everything that it names, then itself.
    private func clear(in directory: String, http: HTTPClient) async throws {
        let engine = ContainerEngine(socket: socket, http: http)
        try await engine.remove(container: container)
        for volume in volumes { try await engine.remove(volume: volume) }
        try await engine.remove(network: network)
        try FileManager.default.removeItem(atPath: Self.file(in: directory))
    }
}

/// The note of what an engine makes for an instance is of no use.
package struct UnusableMark: Error, Equatable, CustomStringConvertible {
    package let file: String
    let attempt: String
    let reason: String

    package var description: String {
        "The note of what the container engine makes, \(file), cannot \(attempt): \(reason)"
    }
}
