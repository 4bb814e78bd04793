import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import Synchronization

extension ContainerEngine {
    /// Longest line of the stream.
    private static let longestLine = 1 << 20

    /// How long an engine that counts bytes may be silent while it waits for more of them, and while it unpacks the layers
    /// that it has; and how long where Podman's own dialect tells of whole layers alone.
    private static let waitingSilence = Duration.seconds(600)
    private static let unpackingSilence = Duration.seconds(1800)
    private static let plainSilence = Duration.seconds(7200)

    /// Fetches an image.
    ///
    /// - Parameters:
    ///   - name: With registry and tag or digest.
    ///   - isEncrypted: Whether the registry has TLS; Docker asks one of this machine either way.
    ///   - login: Who asks the registry; `nil` for nobody.
    ///   - patience: After how much time without news it is given up at some point; `nil` for what the engine's dialect needs.
    ///   - report: Hears of each change.
    /// - Throws: `ContainerEngineError.refused` with the registry's words; `.stalled`, `.cutShort`, `.cancelled`,
    ///   `.unreachable`.
    package func pull(
        _ name: String,
        isEncrypted: Bool = true,
        login: RegistryLogin? = nil,
        patience: (@Sendable (PullProgress) -> Duration)? = nil,
        report: @escaping @Sendable (PullProgress) -> Void
    ) async throws(ContainerEngineError) {
        // Podman asks a registry without TLS in its own dialect only.
        let isPlain = if isEncrypted { false } else { try await isPodman() }
        var request = request(
            "POST",
            isPlain
                ? "/v4.0.0/libpod/images/pull?reference=\(Self.encode(name))&tlsVerify=false"
                : "/images/create?fromImage=\(Self.encode(name))"
        )
        if let login { request.headers.add(name: "X-Registry-Auth", value: login.header) }
        let pull = Pull(what: "pull the image \(name)", report: report)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [request] in try await follow(pull, request) }
                group.addTask {
                    try await pull.untilSilent { progress in
                        if let patience { return patience(progress) }
                        if isPlain { return Self.plainSilence }
                        return progress.isUnpacking ? Self.unpackingSilence : Self.waitingSilence
                    }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            throw failure(error)
        }
    }

    /// Takes the engine's words until it ends.
    private func follow(_ pull: Pull, _ request: HTTPClientRequest) async throws {
        let reply = try await http.execute(request, timeout: Self.longestCall)
        let status = Int(reply.status.code)
        var rest = Data()
        do {
            guard status < 300 else {
                for try await chunk in reply.body where rest.count < Self.longestLine {
                    rest.append(contentsOf: chunk.readableBytesView)
                }
                let message = Answer(status: status, body: rest).message
                throw ContainerEngineError.refused(what: pull.what, status: status, message: message)
            }
            for try await chunk in reply.body {
                rest.append(contentsOf: chunk.readableBytesView)
                while let end = rest.firstIndex(of: 10) {
                    pull.take(rest[..<end])
                    rest = Data(rest[rest.index(after: end)...])
                }
                if rest.count > Self.longestLine { rest = Data() }
            }
            pull.take(rest)
        } catch let error as ContainerEngineError {
            throw error
        } catch  where !(error is CancellationError) && !Task.isCancelled {
            throw ContainerEngineError.cutShort(what: pull.what, reason: "\(error)")
        }
        if let failure = pull.progress.failure {
            throw ContainerEngineError.refused(what: pull.what, status: status, message: failure)
        }
    }
}

/// One pull, and when something new was last heard of it.
private final class Pull: Sendable {
    let what: String
    private let report: @Sendable (PullProgress) -> Void
    private let state = Mutex((progress: PullProgress(), news: ContinuousClock.now))

    init(what: String, report: @escaping @Sendable (PullProgress) -> Void) {
        self.what = what
        self.report = report
    }

    var progress: PullProgress { state.withLock { $0.progress } }

    func take(_ line: Data) {
        let news = state.withLock { state in
            guard state.progress.take(line) else { return nil as PullProgress? }
            state.news = .now
            return state.progress
        }
        if let news { report(news) }
    }

    /// Ends with an error alone: `patience` says how long nothing may be heard at this point.
    func untilSilent(for patience: @Sendable (PullProgress) -> Duration) async throws {
        while true {
            let (progress, news) = state.withLock { $0 }
            let limit = patience(progress)
            let left = limit - news.duration(to: .now)
            guard left > .zero else {
                throw ContainerEngineError.stalled(
                    what: what,
                    silence: limit,
                    bytes: progress.bytes,
                    totalBytes: progress.totalBytes
                )
            }
            // What comes meanwhile may change how long is long.
            try await Task.sleep(for: min(left, .seconds(1)))
        }
    }
}
