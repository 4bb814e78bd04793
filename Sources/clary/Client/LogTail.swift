import Foundation
import SageMakerAPI

/// Reads the log of a job or an endpoint from its beginning on, through the Logs API.
struct LogTail {
    /// Where the log is.
    enum Source {
        case job(String, region: String, instances: Int)
        case endpoint(String, region: String)
    }

    /// One event.
    struct Line: Encodable {
        let time: Date
        let stream: String
        let message: String
        /// Whose line it is, in short.
        let instance: String

        enum CodingKeys: String, CodingKey {
            case time
            case stream
            case message
        }
    }

    private let client: ServerClient
    private let group: String
    private let prefix: String?
    private let region: String
    private let instances: Int
    /// Where each stream is read on; `nil` at its beginning.
    private var streams: [(name: String, token: String?)] = []
    /// Whether anything was read.
    private(set) var hasLines = false

    init(client: ServerClient, source: Source) {
        self.client = client
        switch source {
        case .job(let name, let region, let instances):
            (group, prefix) = ("/aws/sagemaker/TrainingJobs", "\(name)/")
            (self.region, self.instances) = (region, instances)
        case .endpoint(let name, let region):
            (group, prefix) = ("/aws/sagemaker/Endpoints/\(name)", nil)
            (self.region, self.instances) = (region, 1)
        }
    }

    var hasStreams: Bool { !streams.isEmpty }

    /// Whether lines need to say whose they are.
    var hasSeveralInstances: Bool { instances > 1 || streams.count > 1 }

    /// What has come since, in the order of time: at most a page of each stream.
    ///
    /// Empty if there is nothing new.
    mutating func next() async throws -> [Line] {
        try await findStreams()
        var lines: [Line] = []
        for index in streams.indices {
            let stream = streams[index].name
            let page = try await client.call(
                CloudWatchLogs.GetLogEvents.self,
                .init(
                    logGroupName: group,
                    logStreamName: stream,
                    nextToken: streams[index].token,
                    startFromHead: true
                ),
                of: Self.service,
                region: region
            )
            streams[index].token = page.nextForwardToken ?? streams[index].token
            lines += (page.events ?? []).map { event in
                Line(
                    time: Date(timeIntervalSince1970: Double(event.timestamp ?? 0) / 1000),
                    stream: stream,
                    message: event.message ?? "",
                    instance: instance(of: stream)
                )
            }
        }
        hasLines = hasLines || !lines.isEmpty
        // Stable: lines of one moment stay in the order they were written.
        return lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    private mutating func findStreams() async throws {
        var token: String?
        repeat {
            let page: CloudWatchLogs.DescribeLogStreamsResponse
            do {
                page = try await client.call(
                    CloudWatchLogs.DescribeLogStreams.self,
                    .init(logGroupName: group, logStreamNamePrefix: prefix, nextToken: token),
                    of: Self.service,
                    region: region
                )
            } catch let refusal as ServerRefusal where refusal.code.hasSuffix("ResourceNotFoundException") {
                return  // Nothing was ever written there.
            }
            for name in (page.logStreams ?? []).compactMap(\.logStreamName)
            where !streams.contains(where: { $0.name == name }) {
                streams.append((name, nil))
            }
            token = page.nextToken
        } while token != nil
    }

    /// `algo-1` of `job/algo-1-1700000000`; an endpoint's streams are called variant and instance.
    private func instance(of stream: String) -> String {
        guard prefix != nil else { return stream }
        let host = stream.split(separator: "/").last ?? ""
        return host.split(separator: "-").dropLast().joined(separator: "-")
    }

    private static let service = (name: "logs", target: CloudWatchLogs.targetPrefix)
}
