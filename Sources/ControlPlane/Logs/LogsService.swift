package import Gateway
import SageMakerAPI
package import Store

/// CloudWatch Logs as one service.
package enum LogsService {
    /// The service with its operations.
    package static func make(database: LogDatabase) -> TypedService {
        var service = TypedService(
            name: "logs",
            wire: .awsJSON(version: .v11, target: CloudWatchLogs.targetPrefix),
            operationNames: CloudWatchLogs.operationNames,
            violationCode: "InvalidParameterException"
        )
        LogGroupHandlers(database: database).register(in: &service)
        LogEventHandlers(database: database).register(in: &service)
        return service
    }
}
