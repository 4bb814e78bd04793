// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension CloudWatchLogs {
    package enum CreateLogStream: AWSWire.Operation {
        package typealias Input = CreateLogStreamRequest
        package typealias Output = EmptyShape
        package static let name = "CreateLogStream"
    }

    package enum DeleteLogStream: AWSWire.Operation {
        package typealias Input = DeleteLogStreamRequest
        package typealias Output = EmptyShape
        package static let name = "DeleteLogStream"
    }

    package enum DescribeLogStreams: AWSWire.Operation {
        package typealias Input = DescribeLogStreamsRequest
        package typealias Output = DescribeLogStreamsResponse
        package static let name = "DescribeLogStreams"
    }

    package struct CreateLogStreamRequest: WireShape, Equatable {
        package var logGroupName: String?
        package var logStreamName: String?

        package init(
            logGroupName: String? = nil,
            logStreamName: String? = nil
        ) {
            self.logGroupName = logGroupName
            self.logStreamName = logStreamName
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
            case logStreamName
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.logGroupName, "logGroupName", .required, Rules.logGroupName)
            checker.string(self.logStreamName, "logStreamName", .required, Rules.logStreamName)
        }
    }

    package struct DeleteLogStreamRequest: WireShape, Equatable {
        package var logGroupName: String?
        package var logStreamName: String?

        package init(
            logGroupName: String? = nil,
            logStreamName: String? = nil
        ) {
            self.logGroupName = logGroupName
            self.logStreamName = logStreamName
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
            case logStreamName
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.logGroupName, "logGroupName", .required, Rules.logGroupName)
            checker.string(self.logStreamName, "logStreamName", .required, Rules.logStreamName)
        }
    }

    package struct DescribeLogStreamsRequest: WireShape, Equatable {
        package var logGroupName: String?
        package var logGroupIdentifier: String?
        package var logStreamNamePrefix: String?
        package var orderBy: String?
        package var descending: Bool?
        package var nextToken: String?
        package var limit: Int?

        package init(
            logGroupName: String? = nil,
            logGroupIdentifier: String? = nil,
            logStreamNamePrefix: String? = nil,
            orderBy: String? = nil,
            descending: Bool? = nil,
            nextToken: String? = nil,
            limit: Int? = nil
        ) {
            self.logGroupName = logGroupName
            self.logGroupIdentifier = logGroupIdentifier
            self.logStreamNamePrefix = logStreamNamePrefix
            self.orderBy = orderBy
            self.descending = descending
            self.nextToken = nextToken
            self.limit = limit
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
            case logGroupIdentifier
            case logStreamNamePrefix
            case orderBy
            case descending
            case nextToken
            case limit
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.logGroupName, "logGroupName", .optional, Rules.logGroupName)
            checker.string(self.logGroupIdentifier, "logGroupIdentifier", .optional, Rules.logGroupIdentifier)
            checker.string(self.logStreamNamePrefix, "logStreamNamePrefix", .optional, Rules.logStreamName)
            checker.string(self.orderBy, "orderBy", .optional, Rules.orderBy)
            checker.string(self.nextToken, "nextToken", .optional, Rules.nextToken)
            checker.number(self.limit, "limit", .optional, Rules.describeLimit)
        }
    }

    package struct DescribeLogStreamsResponse: WireShape, Equatable {
        package var logStreams: [LogStream]?
        package var nextToken: String?

        package init(
            logStreams: [LogStream]? = nil,
            nextToken: String? = nil
        ) {
            self.logStreams = logStreams
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case logStreams
            case nextToken
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct LogStream: WireShape, Equatable {
        package var logStreamName: String?
        package var creationTime: Int?
        package var firstEventTimestamp: Int?
        package var lastEventTimestamp: Int?
        package var lastIngestionTime: Int?
        package var uploadSequenceToken: String?
        package var arn: String?
        package var storedBytes: Int?

        package init(
            logStreamName: String? = nil,
            creationTime: Int? = nil,
            firstEventTimestamp: Int? = nil,
            lastEventTimestamp: Int? = nil,
            lastIngestionTime: Int? = nil,
            uploadSequenceToken: String? = nil,
            arn: String? = nil,
            storedBytes: Int? = nil
        ) {
            self.logStreamName = logStreamName
            self.creationTime = creationTime
            self.firstEventTimestamp = firstEventTimestamp
            self.lastEventTimestamp = lastEventTimestamp
            self.lastIngestionTime = lastIngestionTime
            self.uploadSequenceToken = uploadSequenceToken
            self.arn = arn
            self.storedBytes = storedBytes
        }

        package enum CodingKeys: String, CodingKey {
            case logStreamName
            case creationTime
            case firstEventTimestamp
            case lastEventTimestamp
            case lastIngestionTime
            case uploadSequenceToken
            case arn
            case storedBytes
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
