// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

/// Amazon CloudWatch Logs, API version 2014-03-28.
package enum CloudWatchLogs {
    package static let apiVersion = "2014-03-28"
    /// What stands before the dot in `X-Amz-Target`.
    package static let targetPrefix = "Logs_20140328"

    /// Every operation that the service has, built here or not.
    package static let operationNames: Set<String> = [
        "AssociateKmsKey",
        "AssociateSourceToS3TableIntegration",
        "CancelExportTask",
        "CancelImportTask",
        "CreateDelivery",
        "CreateExportTask",
        "CreateImportTask",
        "CreateLogAnomalyDetector",
        "CreateLogGroup",
        "CreateLogStream",
        "CreateLookupTable",
        "CreateScheduledQuery",
        "DeleteAccountPolicy",
        "DeleteDataProtectionPolicy",
        "DeleteDelivery",
        "DeleteDeliveryDestination",
        "DeleteDeliveryDestinationPolicy",
        "DeleteDeliverySource",
        "DeleteDestination",
        "DeleteIndexPolicy",
        "DeleteIntegration",
        "DeleteLogAnomalyDetector",
        "DeleteLogGroup",
        "DeleteLogStream",
        "DeleteLookupTable",
        "DeleteMetricFilter",
        "DeleteQueryDefinition",
        "DeleteResourcePolicy",
        "DeleteRetentionPolicy",
        "DeleteScheduledQuery",
        "DeleteSubscriptionFilter",
        "DeleteTransformer",
        "DescribeAccountPolicies",
        "DescribeConfigurationTemplates",
        "DescribeDeliveries",
        "DescribeDeliveryDestinations",
        "DescribeDeliverySources",
        "DescribeDestinations",
        "DescribeExportTasks",
        "DescribeFieldIndexes",
        "DescribeImportTaskBatches",
        "DescribeImportTasks",
        "DescribeIndexPolicies",
        "DescribeLogGroups",
        "DescribeLogStreams",
        "DescribeLookupTables",
        "DescribeMetricFilters",
        "DescribeQueries",
        "DescribeQueryDefinitions",
        "DescribeResourcePolicies",
        "DescribeSubscriptionFilters",
        "DisassociateKmsKey",
        "DisassociateSourceFromS3TableIntegration",
        "FilterLogEvents",
        "GetDataProtectionPolicy",
        "GetDelivery",
        "GetDeliveryDestination",
        "GetDeliveryDestinationPolicy",
        "GetDeliverySource",
        "GetIntegration",
        "GetLogAnomalyDetector",
        "GetLogEvents",
        "GetLogFields",
        "GetLogGroupFields",
        "GetLogObject",
        "GetLogRecord",
        "GetLookupTable",
        "GetQueryResults",
        "GetScheduledQuery",
        "GetScheduledQueryHistory",
        "GetTransformer",
        "ListAggregateLogGroupSummaries",
        "ListAnomalies",
        "ListIntegrations",
        "ListLogAnomalyDetectors",
        "ListLogGroups",
        "ListLogGroupsForQuery",
        "ListScheduledQueries",
        "ListSourcesForS3TableIntegration",
        "ListTagsForResource",
        "ListTagsLogGroup",
        "PutAccountPolicy",
        "PutBearerTokenAuthentication",
        "PutDataProtectionPolicy",
        "PutDeliveryDestination",
        "PutDeliveryDestinationPolicy",
        "PutDeliverySource",
        "PutDestination",
        "PutDestinationPolicy",
        "PutIndexPolicy",
        "PutIntegration",
        "PutLogEvents",
        "PutLogGroupDeletionProtection",
        "PutMetricFilter",
        "PutQueryDefinition",
        "PutResourcePolicy",
        "PutRetentionPolicy",
        "PutSubscriptionFilter",
        "PutTransformer",
        "StartLiveTail",
        "StartQuery",
        "StopQuery",
        "TagLogGroup",
        "TagResource",
        "TestMetricFilter",
        "TestTransformer",
        "UntagLogGroup",
        "UntagResource",
        "UpdateAnomaly",
        "UpdateDeliveryConfiguration",
        "UpdateLogAnomalyDetector",
        "UpdateLookupTable",
        "UpdateScheduledQuery",
    ]
}

extension CloudWatchLogs {
    /// The errors that the model declares for the operations built here.
    package enum Failure {
        /// `DataAlreadyAcceptedException`, HTTP 400.
        package static func dataAlreadyAccepted(_ message: String) -> ServiceError { ServiceError("DataAlreadyAcceptedException", message) }
        /// `InvalidParameterException`, HTTP 400.
        package static func invalidParameter(_ message: String) -> ServiceError { ServiceError("InvalidParameterException", message) }
        /// `InvalidSequenceTokenException`, HTTP 400.
        package static func invalidSequenceToken(_ message: String) -> ServiceError { ServiceError("InvalidSequenceTokenException", message) }
        /// `LimitExceededException`, HTTP 400.
        package static func limitExceeded(_ message: String) -> ServiceError { ServiceError("LimitExceededException", message) }
        /// `OperationAbortedException`, HTTP 400.
        package static func operationAborted(_ message: String) -> ServiceError { ServiceError("OperationAbortedException", message) }
        /// `ResourceAlreadyExistsException`, HTTP 400.
        package static func resourceAlreadyExists(_ message: String) -> ServiceError { ServiceError("ResourceAlreadyExistsException", message) }
        /// `ResourceNotFoundException`, HTTP 400.
        package static func resourceNotFound(_ message: String) -> ServiceError { ServiceError("ResourceNotFoundException", message) }
        /// `ServiceUnavailableException`, HTTP 400.
        package static func serviceUnavailable(_ message: String) -> ServiceError { ServiceError("ServiceUnavailableException", message) }
        /// `UnrecognizedClientException`, HTTP 400.
        package static func unrecognizedClient(_ message: String) -> ServiceError { ServiceError("UnrecognizedClientException", message) }
        /// `ValidationException`, HTTP 400.
        package static func validation(_ message: String) -> ServiceError { ServiceError("ValidationException", message) }
    }
}
