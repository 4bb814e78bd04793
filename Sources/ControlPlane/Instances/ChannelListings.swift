package import AgentProtocol
import Foundation
package import HTTPServing
import HTTPTypes
import NIOCore

/// The listings of the channels of jobs that have not ended, as files: they may be longer than what the state should
/// hold, and are written once.
package struct ChannelListings: Sendable {
    private let directory: String

    /// - Parameter directory: Made if it is missing.
    /// - Throws: What the disk says.
    package init(directory: String) throws {
        self.directory = directory
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    /// Begins a listing.
    ///
    /// - Parameters:
    ///   - channel: Name of the channel.
    ///   - instance: First instance of the attempt; the others read the same listing.
    /// - Returns: Its name, and what writes it.
    /// - Throws: `ListingError`.
    package func begin(_ channel: String, of instance: InstanceID) throws -> (name: String, path: String) {
        let folder = "\(directory)/\(instance)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return ("\(instance)/\(channel)", "\(folder)/\(channel)")
    }

    /// The listing of this name.
    package func reply(with name: String) -> ServerResponse {
        let path = "\(directory)/\(name)"
        guard !name.isEmpty, let file = FileHandle(forReadingAtPath: path),
            let length = try? file.seekToEnd(),
            (try? file.seek(toOffset: 0)) != nil
        else { return ServerResponse(status: .notFound) }
        return ServerResponse(
            status: .ok,
            body: .stream(length: Int(length)) { writer in
                while let chunk = try file.read(upToCount: 1 << 20), !chunk.isEmpty {
                    try await writer.write(ByteBuffer(bytes: chunk))
                }
                try file.close()
            }
        )
    }

    /// Removes what an instance's channels had; nothing if it is gone already.
    package func remove(of assignment: Assignment) {
        for folder in Self.folders(of: assignment) {
            // The next start removes what stays.
            try? FileManager.default.removeItem(atPath: "\(directory)/\(folder)")
        }
    }

    /// Removes all but what the channels of these instances need.
    package func keepOnly(of assignments: [Assignment]) {
        let needed = Set(assignments.flatMap(Self.folders))
        let found = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for folder in found where !needed.contains(folder) {
            try? FileManager.default.removeItem(atPath: "\(directory)/\(folder)")
        }
    }

    private static func folders(of assignment: Assignment) -> [String] {
        assignment.channels.compactMap { channel in
            guard case .objects(let source) = channel.source else { return nil }
            return source.listing.split(separator: "/").first.map(String.init)
        }
    }
}
