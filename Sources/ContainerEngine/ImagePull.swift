import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// How far a pull is: bytes of the layers that have begun.
package struct PullProgress: Sendable, Equatable {
    private var layers: [String: (current: Int, total: Int)] = [:]
    /// Words of the engine's where it counts no bytes.
    package private(set) var status = ""
    /// Why it failed.
    package private(set) var failure: String?

    package init() {}

    package var bytes: Int { layers.values.reduce(0) { $0 + $1.current } }
    package var totalBytes: Int { layers.values.reduce(0) { $0 + $1.total } }

    package static func == (one: PullProgress, other: PullProgress) -> Bool {
        one.bytes == other.bytes && one.totalBytes == other.totalBytes && one.status == other.status
            && one.failure == other.failure
    }

    /// Takes one line of the engine's stream; a line that is no JSON changes nothing.
    package mutating func take(_ line: Data) {
        guard let message = try? JSONDecoder().decode(Message.self, from: line) else { return }
        if let error = message.error { failure = error }
        if let status = message.status { self.status = status }
        guard let id = message.id, let total = message.progressDetail?.total, total > 0,
            message.status == "Downloading"
        else {
            if let id = message.id, let layer = layers[id],
                ["Download complete", "Pull complete"].contains(message.status)
            {
                layers[id] = (layer.total, layer.total)
            }
            return
        }
        layers[id] = (message.progressDetail?.current ?? 0, total)
    }

    private struct Message: Decodable {
        var status: String?
        var id: String?
        var error: String?
        var progressDetail: Detail?

        struct Detail: Decodable {
            var current: Int?
            var total: Int?
        }
    }
}

extension ContainerEngine {
    /// Longest line of the stream.
    private static let longestLine = 1 << 20

    /// Podman asks a registry without TLS in its own dialect only.
    private func pullPath(of name: String, isEncrypted: Bool) async throws(ContainerEngineError) -> String {
        guard !isEncrypted, try await isPodman() else {
            return "/images/create?fromImage=\(Self.encode(name))"
        }
        return "/v4.0.0/libpod/images/pull?reference=\(Self.encode(name))&tlsVerify=false"
    }

    /// Fetches an image.
    ///
    /// - Parameters:
    ///   - name: With registry and tag or digest.
    ///   - isEncrypted: Whether the registry has TLS; Docker asks one of this machine either way.
    ///   - limit: How long it may take.
    ///   - report: Hears of each change.
    /// - Throws: `ContainerEngineError.refused` with the registry's words.
    package func pull(
        _ name: String,
        isEncrypted: Bool = true,
        within limit: Duration = .seconds(7200),
        report: (PullProgress) -> Void
    ) async throws(ContainerEngineError) {
        var progress = PullProgress()
        let what = "pull the image \(name)"
        var status = 200
        do {
            let reply = try await http.execute(
                request("POST", try await pullPath(of: name, isEncrypted: isEncrypted)),
                timeout: .nanoseconds(limit.components.seconds * 1_000_000_000)
            )
            status = Int(reply.status.code)
            var rest = Data()
            if status >= 300 {
                for try await chunk in reply.body where rest.count < Self.longestLine {
                    rest.append(contentsOf: chunk.readableBytesView)
                }
                let answer = Answer(status: status, body: rest)
                throw ContainerEngineError.refused(what: what, status: status, message: answer.message)
            }
            for try await chunk in reply.body {
                rest.append(contentsOf: chunk.readableBytesView)
                while let end = rest.firstIndex(of: 10) {
                    progress.take(rest[..<end])
                    rest = Data(rest[rest.index(after: end)...])
                    report(progress)
                }
                if rest.count > Self.longestLine { rest = Data() }
            }
            progress.take(rest)
        } catch let error as ContainerEngineError {
            throw error
        } catch {
            throw .unreachable(socket: socket, reason: "\(error)")
        }
        if let failure = progress.failure {
            throw .refused(what: what, status: status, message: failure)
        }
    }
}
