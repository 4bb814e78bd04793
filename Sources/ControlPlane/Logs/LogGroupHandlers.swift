import AWSWire
package import Gateway
import Resources
import SageMakerAPI
package import Store

/// The part of CloudWatch Logs that has groups and streams.
package struct LogGroupHandlers: Sendable {
    private let database: LogDatabase
    private let retentionChanged: @Sendable () -> Void
    private let now: @Sendable () -> Double

    /// - Parameters:
    ///   - database: The groups.
    ///   - retentionChanged: Told when a group keeps its events for another time than before.
    ///   - now: The clock that groups are stamped with.
    package init(
        database: LogDatabase,
        retentionChanged: @escaping @Sendable () -> Void = {},
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.database = database
        self.retentionChanged = retentionChanged
        self.now = now
    }

    /// Adds the operations to the service.
    package func register(in service: inout TypedService) {
        service.on(CloudWatchLogs.CreateLogGroup.self, .log(group: { $0.logGroupName }), createGroup)
        service.on(CloudWatchLogs.DeleteLogGroup.self, .log(group: { $0.logGroupName }), deleteGroup)
        service.on(
            CloudWatchLogs.DescribeLogGroups.self,
            .log(group: { _ in "" }, stream: { _ in "" }),
            describeGroups
        )
        service.on(
            CloudWatchLogs.PutRetentionPolicy.self,
            .log(group: { $0.logGroupName }),
            putRetention
        )
        service.on(
            CloudWatchLogs.DeleteRetentionPolicy.self,
            .log(group: { $0.logGroupName }),
            deleteRetention
        )
        service.on(
            CloudWatchLogs.CreateLogStream.self,
            .log(group: { $0.logGroupName }, stream: { $0.logStreamName }),
            createStream
        )
        service.on(
            CloudWatchLogs.DeleteLogStream.self,
            .log(group: { $0.logGroupName }, stream: { $0.logStreamName }),
            deleteStream
        )
        service.on(
            CloudWatchLogs.DescribeLogStreams.self,
            .log(group: { $0.logGroupName ?? $0.logGroupIdentifier }, stream: { _ in "" }),
            describeStreams
        )
    }

    // MARK: Groups

    private func createGroup(
        _ request: CloudWatchLogs.CreateLogGroupRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        guard request.deletionProtectionEnabled != true else {
            throw CloudWatchLogs.Failure.invalidParameter("Deletion protection is not offered by this Clary.")
        }
        let name = request.logGroupName ?? ""
        try await LogErrors.translated {
            try await database.createGroup(name, in: caller.scope, nowMS: nowMS)
        }
        return EmptyShape()
    }

    private func deleteGroup(
        _ request: CloudWatchLogs.DeleteLogGroupRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        try await LogErrors.translated {
            try await database.deleteGroup(request.logGroupName ?? "", in: caller.scope)
        }
        return EmptyShape()
    }

    private func describeGroups(
        _ request: CloudWatchLogs.DescribeLogGroupsRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> CloudWatchLogs.DescribeLogGroupsResponse {
        guard request.logGroupNamePrefix == nil || request.logGroupNamePattern == nil else {
            throw CloudWatchLogs.Failure.invalidParameter(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."
            )
        }
        let limit = request.limit ?? Self.pageLimit
        let groups = try await LogErrors.translated {
            try await database.groups(
                prefix: request.logGroupNamePrefix,
                containing: request.logGroupNamePattern,
                after: request.nextToken,
                limit: limit + 1,
                in: caller.scope
            )
        }
        let page = groups.prefix(limit)
        return .init(
            logGroups: page.map { Self.description(of: $0, in: caller.scope) },
            nextToken: groups.count > limit ? page.last?.name : nil
        )
    }

    private static func description(of group: LogGroup, in scope: Scope) -> CloudWatchLogs.LogGroup {
        let arn = LogNames.arn(ofGroup: group.name, in: scope)
        return .init(
            logGroupName: group.name,
            creationTime: group.createdMS,
            retentionInDays: group.retentionDays,
            metricFilterCount: 0,
            arn: arn + ":*",
            storedBytes: group.storedBytes,
            logGroupClass: "STANDARD",
            logGroupArn: arn
        )
    }

    // MARK: Retention

    private func putRetention(
        _ request: CloudWatchLogs.PutRetentionPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        guard let days = request.retentionInDays, Self.retentionDays.contains(days) else {
            let legal = Self.retentionDays.map { String($0) }.joined(separator: ", ")
            throw CloudWatchLogs.Failure.invalidParameter(
                "retentionInDays \(request.retentionInDays ?? 0) is not one of: \(legal)."
            )
        }
        return try await setRetention(days, request.logGroupName, caller)
    }

    private func deleteRetention(
        _ request: CloudWatchLogs.DeleteRetentionPolicyRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        try await setRetention(nil, request.logGroupName, caller)
    }

    private func setRetention(
        _ days: Int?,
        _ group: String?,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        try await LogErrors.translated {
            try await database.setRetention(days: days, group: group ?? "", in: caller.scope)
        }
        retentionChanged()
        return EmptyShape()
    }

    /// What the service takes (`PutRetentionPolicy`, API reference).
    private static let retentionDays = [
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
        3653,
    ]

    // MARK: Streams

    private func createStream(
        _ request: CloudWatchLogs.CreateLogStreamRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        try await LogErrors.translated {
            try await database.createStream(
                request.logStreamName ?? "",
                group: request.logGroupName ?? "",
                in: caller.scope,
                nowMS: nowMS
            )
        }
        return EmptyShape()
    }

    private func deleteStream(
        _ request: CloudWatchLogs.DeleteLogStreamRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> EmptyShape {
        try await LogErrors.translated {
            try await database.deleteStream(
                request.logStreamName ?? "",
                group: request.logGroupName ?? "",
                in: caller.scope
            )
        }
        return EmptyShape()
    }

    private func describeStreams(
        _ request: CloudWatchLogs.DescribeLogStreamsRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> CloudWatchLogs.DescribeLogStreamsResponse {
        let group = try LogNames.group(request.logGroupName, request.logGroupIdentifier)
        let byTime = request.orderBy == "LastEventTime"
        guard !byTime || request.logStreamNamePrefix == nil else {
            throw CloudWatchLogs.Failure.invalidParameter(
                "Cannot order by LastEventTime with a logStreamNamePrefix."
            )
        }
        guard let offset = request.nextToken.map({ Int($0) }) ?? 0, offset >= 0 else {
            throw CloudWatchLogs.Failure.invalidParameter("The specified nextToken is invalid.")
        }
        let limit = request.limit ?? Self.pageLimit
        let streams = try await LogErrors.translated {
            try await database.streams(
                group: group,
                prefix: request.logStreamNamePrefix,
                order: byTime ? .lastEvent : .name,
                descending: request.descending ?? false,
                offset: offset,
                limit: limit + 1,
                in: caller.scope
            )
        }
        let arn = LogNames.arn(ofGroup: group, in: caller.scope)
        return .init(
            logStreams: streams.prefix(limit).map { stream in
                .init(
                    logStreamName: stream.name,
                    creationTime: stream.createdMS,
                    firstEventTimestamp: stream.firstEventMS,
                    lastEventTimestamp: stream.lastEventMS,
                    lastIngestionTime: stream.lastIngestionMS,
                    uploadSequenceToken: LogNames.sequenceToken,
                    arn: "\(arn):log-stream:\(stream.name)",
                    storedBytes: 0
                )
            },
            nextToken: streams.count > limit ? String(offset + limit) : nil
        )
    }

    private static let pageLimit = 50

    private var nowMS: Int { Int(now() * 1000) }
}
