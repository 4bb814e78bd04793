import AWSWire
package import Gateway
import Resources
import SageMakerAPI
package import Store

/// The part of CloudWatch Logs that has events.
///
/// Tokens are positions in a stream, `f/…` after one and `b/…` before one: the forward token of the end of a
/// stream yields what arrives later.
package struct LogEventHandlers: Sendable {
    private let database: LogDatabase
    private let now: @Sendable () -> Double

    package init(
        database: LogDatabase,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.database = database
        self.now = now
    }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(
            CloudWatchLogs.PutLogEvents.self,
            .log(group: { $0.logGroupName }, stream: { $0.logStreamName }),
            put
        )
        service.on(
            CloudWatchLogs.GetLogEvents.self,
            .log(group: { $0.logGroupName ?? $0.logGroupIdentifier }, stream: { $0.logStreamName }),
            get
        )
        service.on(
            CloudWatchLogs.FilterLogEvents.self,
            .log(group: { $0.logGroupName ?? $0.logGroupIdentifier }, stream: { _ in "" }),
            filter
        )
    }

    // MARK: Writing

    private func put(
        _ request: CloudWatchLogs.PutLogEventsRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> CloudWatchLogs.PutLogEventsResponse {
        let batch = try PutBatch(request.logEvents ?? [], nowMS: nowMS)
        try await LogErrors.translated {
            try await database.put(
                group: request.logGroupName ?? "",
                stream: request.logStreamName ?? "",
                scope: caller.scope,
                lines: batch.accepted,
                nowMS: nowMS
            )
        }
        return .init(nextSequenceToken: LogNames.sequenceToken, rejectedLogEventsInfo: batch.rejected)
    }

    // MARK: Reading

    private func get(
        _ request: CloudWatchLogs.GetLogEventsRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> CloudWatchLogs.GetLogEventsResponse {
        let group = try LogNames.group(request.logGroupName, request.logGroupIdentifier)
        let edge = try Self.edge(request)
        let window = LogWindow(
            startMS: request.startTime,
            endMS: request.endTime,
            from: edge,
            limit: request.limit ?? Self.pageLimit
        )
        let events = try await LogErrors.translated {
            try await database.events(
                group: group,
                stream: request.logStreamName ?? "",
                scope: caller.scope,
                window: window
            )
        }
        let (forward, backward) = Self.positions(around: events, edge: edge)
        return .init(
            events: events.map {
                .init(timestamp: $0.timeMS, message: $0.message, ingestionTime: $0.ingestionMS)
            },
            nextForwardToken: "f/\(forward.digits)",
            nextBackwardToken: "b/\(backward.digits)"
        )
    }

    private static func edge(
        _ request: CloudWatchLogs.GetLogEventsRequest
    ) throws(ServiceError) -> LogWindow.Edge {
        guard let token = request.nextToken else { return request.startFromHead == true ? .head : .tail }
        guard let position = LogPosition(digits: token.dropFirst(2)) else { throw invalidToken }
        switch token.prefix(2) {
        case "f/": return .after(position)
        case "b/": return .before(position)
        default: throw invalidToken
        }
    }

    /// Where the next page begins in either direction.
    ///
    /// An empty page gives back the token that it was asked with, and its opposite in the other direction.
    private static func positions(
        around events: [LogEvent],
        edge: LogWindow.Edge
    ) -> (forward: LogPosition, backward: LogPosition) {
        if let first = events.first, let last = events.last { return (last.position, first.position) }
        switch edge {
        case .head, .tail:
            return (.start, .start)
        case .after(let position):
            return (position, LogPosition(timeMS: position.timeMS, serial: position.serial + 1))
        case .before(let position):
            return (LogPosition(timeMS: position.timeMS, serial: max(0, position.serial - 1)), position)
        }
    }

    private func filter(
        _ request: CloudWatchLogs.FilterLogEventsRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> CloudWatchLogs.FilterLogEventsResponse {
        let group = try LogNames.group(request.logGroupName, request.logGroupIdentifier)
        let pattern = try FilterPattern(request.filterPattern ?? "")
        let streams: LogStreamSelection
        switch (request.logStreamNames, request.logStreamNamePrefix) {
        case (nil, let prefix): streams = .prefix(prefix ?? "")
        case (let names?, nil): streams = .names(names)
        case (.some, .some):
            throw CloudWatchLogs.Failure.invalidParameter(
                "logStreamNames and logStreamNamePrefix are mutually exclusive."
            )
        }
        var after: LogPosition?
        if let token = request.nextToken {
            guard let position = LogPosition(digits: token) else { throw Self.invalidToken }
            after = position
        }
        let limit = request.limit ?? Self.pageLimit
        let position = after
        let page = try await LogErrors.translated {
            try await database.filter(
                group: group,
                streams: streams,
                scope: caller.scope,
                startMS: request.startTime,
                endMS: request.endTime,
                after: position,
                limit: limit,
                matching: pattern.matches
            )
        }
        return .init(
            events: page.events.map {
                .init(
                    logStreamName: $0.stream,
                    timestamp: $0.timeMS,
                    message: $0.message,
                    ingestionTime: $0.ingestionMS,
                    eventId: $0.position.digits
                )
            },
            searchedLogStreams: [],
            nextToken: page.next?.digits
        )
    }

    private static let pageLimit = 10_000

    private static var invalidToken: ServiceError {
        CloudWatchLogs.Failure.invalidParameter("The specified nextToken is invalid.")
    }

    private var nowMS: Int { Int(now() * 1000) }
}

/// The events of one PutLogEvents call, checked against the service's quotas.
private struct PutBatch {
    let accepted: [LogRecord]
    let rejected: CloudWatchLogs.RejectedLogEventsInfo?

    /// - Throws: `InvalidParameterException` for a batch that is too large, spans a day or is out of order.
    init(_ events: [CloudWatchLogs.InputLogEvent], nowMS: Int) throws(ServiceError) {
        let lines = events.map { LogRecord(timeMS: $0.timestamp ?? 0, message: $0.message ?? "") }
        let bytes = lines.reduce(0) { $0 + $1.message.utf8.count + LogWindow.overhead }
        guard bytes <= 1_048_576 else {
            throw CloudWatchLogs.Failure.invalidParameter(
                "Upload too large: \(bytes) bytes exceeds limit of 1048576"
            )
        }
        guard zip(lines, lines.dropFirst()).allSatisfy({ $0.timeMS <= $1.timeMS }) else {
            throw CloudWatchLogs.Failure.invalidParameter(
                "Log events in a single PutLogEvents request must be in chronological order."
            )
        }
        if let first = lines.first, let last = lines.last, last.timeMS - first.timeMS > Self.dayMS {
            throw CloudWatchLogs.Failure.invalidParameter(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
            )
        }
        let tooOldEnd = lines.prefix { $0.timeMS < nowMS - 14 * Self.dayMS }.count
        let tooNewStart = lines.firstIndex { $0.timeMS > nowMS + 2 * 3_600_000 } ?? lines.count
        accepted = Array(lines[tooOldEnd..<max(tooOldEnd, tooNewStart)])
        guard accepted.count < lines.count else {
            rejected = nil
            return
        }
        rejected = .init(
            tooNewLogEventStartIndex: tooNewStart < lines.count ? tooNewStart : nil,
            tooOldLogEventEndIndex: tooOldEnd > 0 ? tooOldEnd : nil
        )
    }

    private static let dayMS = 86_400_000
}
