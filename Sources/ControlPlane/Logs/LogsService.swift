package import Gateway
import SageMakerAPI
package import Store

/// CloudWatch Logs as one service.
package enum LogsService {
    /// The service with its operations.
    ///
    /// - Parameters:
    ///   - database: Groups, streams and events.
    ///   - retentionChanged: Told when a group keeps its events for another time than before.
    /// - Returns: What the gateway dispatches to.
    package static func make(
        database: LogDatabase,
        retentionChanged: @escaping @Sendable () -> Void = {}
    ) -> TypedService {
        var service = TypedService(
            name: "logs",
            wire: .awsJSON(version: .v11, target: CloudWatchLogs.targetPrefix),
            operationNames: CloudWatchLogs.operationNames,
            violationCode: "InvalidParameterException"
        )
        LogGroupHandlers(database: database, retentionChanged: retentionChanged).register(in: &service)
        LogEventHandlers(database: database).register(in: &service)
        return service
    }
}
