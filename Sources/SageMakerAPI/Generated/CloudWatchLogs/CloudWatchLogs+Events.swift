// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension CloudWatchLogs {
    package enum PutLogEvents: AWSWire.Operation {
        package typealias Input = PutLogEventsRequest
        package typealias Output = PutLogEventsResponse
        package static let name = "PutLogEvents"
    }

    package enum GetLogEvents: AWSWire.Operation {
        package typealias Input = GetLogEventsRequest
        package typealias Output = GetLogEventsResponse
        package static let name = "GetLogEvents"
    }

    package enum FilterLogEvents: AWSWire.Operation {
        package typealias Input = FilterLogEventsRequest
        package typealias Output = FilterLogEventsResponse
        package static let name = "FilterLogEvents"
    }

    package struct PutLogEventsRequest: WireShape, Equatable {
        package var logGroupName: String?
        package var logStreamName: String?
        package var logEvents: [InputLogEvent]?
        package var sequenceToken: String?
        package var entity: Entity?

        package init(
            logGroupName: String? = nil,
            logStreamName: String? = nil,
            logEvents: [InputLogEvent]? = nil,
            sequenceToken: String? = nil,
            entity: Entity? = nil
        ) {
            self.logGroupName = logGroupName
            self.logStreamName = logStreamName
            self.logEvents = logEvents
            self.sequenceToken = sequenceToken
            self.entity = entity
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
            case logStreamName
            case logEvents
            case sequenceToken
            case entity
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.logGroupName, "logGroupName", .required, Rules.logGroupName)
            checker.string(self.logStreamName, "logStreamName", .required, Rules.logStreamName)
            checker.list(self.logEvents, "logEvents", .required, Rules.inputLogEvents) { $1.validate(&$0) }
            checker.string(self.sequenceToken, "sequenceToken", .optional, Rules.sequenceToken)
            checker.structure(self.entity, "entity", .optional)
        }
    }

    package struct InputLogEvent: WireShape, Equatable {
        package var timestamp: Int?
        package var message: String?

        package init(
            timestamp: Int? = nil,
            message: String? = nil
        ) {
            self.timestamp = timestamp
            self.message = message
        }

        package enum CodingKeys: String, CodingKey {
            case timestamp
            case message
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.number(self.timestamp, "timestamp", .required, Rules.timestamp)
            checker.string(self.message, "message", .required, Rules.eventMessage)
        }
    }

    package struct Entity: WireShape, Equatable {
        package var keyAttributes: [String: String]?
        package var attributes: [String: String]?

        package init(
            keyAttributes: [String: String]? = nil,
            attributes: [String: String]? = nil
        ) {
            self.keyAttributes = keyAttributes
            self.attributes = attributes
        }

        package enum CodingKeys: String, CodingKey {
            case keyAttributes
            case attributes
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.strings(self.keyAttributes, "keyAttributes", .optional, Rules.entityKeyAttributes, keys: Rules.entityKeyAttributesKey, values: Rules.entityKeyAttributesValue)
            checker.strings(self.attributes, "attributes", .optional, Rules.entityAttributes, keys: Rules.entityAttributesKey, values: Rules.entityAttributesValue)
        }
    }

    package struct PutLogEventsResponse: WireShape, Equatable {
        package var nextSequenceToken: String?
        package var rejectedLogEventsInfo: RejectedLogEventsInfo?
        package var rejectedEntityInfo: RejectedEntityInfo?

        package init(
            nextSequenceToken: String? = nil,
            rejectedLogEventsInfo: RejectedLogEventsInfo? = nil,
            rejectedEntityInfo: RejectedEntityInfo? = nil
        ) {
            self.nextSequenceToken = nextSequenceToken
            self.rejectedLogEventsInfo = rejectedLogEventsInfo
            self.rejectedEntityInfo = rejectedEntityInfo
        }

        package enum CodingKeys: String, CodingKey {
            case nextSequenceToken
            case rejectedLogEventsInfo
            case rejectedEntityInfo
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct RejectedLogEventsInfo: WireShape, Equatable {
        package var tooNewLogEventStartIndex: Int?
        package var tooOldLogEventEndIndex: Int?
        package var expiredLogEventEndIndex: Int?

        package init(
            tooNewLogEventStartIndex: Int? = nil,
            tooOldLogEventEndIndex: Int? = nil,
            expiredLogEventEndIndex: Int? = nil
        ) {
            self.tooNewLogEventStartIndex = tooNewLogEventStartIndex
            self.tooOldLogEventEndIndex = tooOldLogEventEndIndex
            self.expiredLogEventEndIndex = expiredLogEventEndIndex
        }

        package enum CodingKeys: String, CodingKey {
            case tooNewLogEventStartIndex
            case tooOldLogEventEndIndex
            case expiredLogEventEndIndex
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct RejectedEntityInfo: WireShape, Equatable {
        package var errorType: String?

        package init(
            errorType: String? = nil
        ) {
            self.errorType = errorType
        }

        package enum CodingKeys: String, CodingKey {
            case errorType
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct GetLogEventsRequest: WireShape, Equatable {
        package var logGroupName: String?
        package var logGroupIdentifier: String?
        package var logStreamName: String?
        package var startTime: Int?
        package var endTime: Int?
        package var nextToken: String?
        package var limit: Int?
        package var startFromHead: Bool?
        package var unmask: Bool?

        package init(
            logGroupName: String? = nil,
            logGroupIdentifier: String? = nil,
            logStreamName: String? = nil,
            startTime: Int? = nil,
            endTime: Int? = nil,
            nextToken: String? = nil,
            limit: Int? = nil,
            startFromHead: Bool? = nil,
            unmask: Bool? = nil
        ) {
            self.logGroupName = logGroupName
            self.logGroupIdentifier = logGroupIdentifier
            self.logStreamName = logStreamName
            self.startTime = startTime
            self.endTime = endTime
            self.nextToken = nextToken
            self.limit = limit
            self.startFromHead = startFromHead
            self.unmask = unmask
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
            case logGroupIdentifier
            case logStreamName
            case startTime
            case endTime
            case nextToken
            case limit
            case startFromHead
            case unmask
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.logGroupName, "logGroupName", .optional, Rules.logGroupName)
            checker.string(self.logGroupIdentifier, "logGroupIdentifier", .optional, Rules.logGroupIdentifier)
            checker.string(self.logStreamName, "logStreamName", .required, Rules.logStreamName)
            checker.number(self.startTime, "startTime", .optional, Rules.timestamp)
            checker.number(self.endTime, "endTime", .optional, Rules.timestamp)
            checker.string(self.nextToken, "nextToken", .optional, Rules.nextToken)
            checker.number(self.limit, "limit", .optional, Rules.eventsLimit)
        }
    }

    package struct GetLogEventsResponse: WireShape, Equatable {
        package var events: [OutputLogEvent]?
        package var nextForwardToken: String?
        package var nextBackwardToken: String?

        package init(
            events: [OutputLogEvent]? = nil,
            nextForwardToken: String? = nil,
            nextBackwardToken: String? = nil
        ) {
            self.events = events
            self.nextForwardToken = nextForwardToken
            self.nextBackwardToken = nextBackwardToken
        }

        package enum CodingKeys: String, CodingKey {
            case events
            case nextForwardToken
            case nextBackwardToken
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct OutputLogEvent: WireShape, Equatable {
        package var timestamp: Int?
        package var message: String?
        package var ingestionTime: Int?

        package init(
            timestamp: Int? = nil,
            message: String? = nil,
            ingestionTime: Int? = nil
        ) {
            self.timestamp = timestamp
            self.message = message
            self.ingestionTime = ingestionTime
        }

        package enum CodingKeys: String, CodingKey {
            case timestamp
            case message
            case ingestionTime
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct FilterLogEventsRequest: WireShape, Equatable {
        package var logGroupName: String?
        package var logGroupIdentifier: String?
        package var logStreamNames: [String]?
        package var logStreamNamePrefix: String?
        package var startTime: Int?
        package var endTime: Int?
        package var filterPattern: String?
        package var nextToken: String?
        package var limit: Int?
        package var interleaved: Bool?
        package var unmask: Bool?

        package init(
            logGroupName: String? = nil,
            logGroupIdentifier: String? = nil,
            logStreamNames: [String]? = nil,
            logStreamNamePrefix: String? = nil,
            startTime: Int? = nil,
            endTime: Int? = nil,
            filterPattern: String? = nil,
            nextToken: String? = nil,
            limit: Int? = nil,
            interleaved: Bool? = nil,
            unmask: Bool? = nil
        ) {
            self.logGroupName = logGroupName
            self.logGroupIdentifier = logGroupIdentifier
            self.logStreamNames = logStreamNames
            self.logStreamNamePrefix = logStreamNamePrefix
            self.startTime = startTime
            self.endTime = endTime
            self.filterPattern = filterPattern
            self.nextToken = nextToken
            self.limit = limit
            self.interleaved = interleaved
            self.unmask = unmask
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
            case logGroupIdentifier
            case logStreamNames
            case logStreamNamePrefix
            case startTime
            case endTime
            case filterPattern
            case nextToken
            case limit
            case interleaved
            case unmask
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.logGroupName, "logGroupName", .optional, Rules.logGroupName)
            checker.string(self.logGroupIdentifier, "logGroupIdentifier", .optional, Rules.logGroupIdentifier)
            checker.strings(self.logStreamNames, "logStreamNames", .optional, Rules.inputLogStreamNames, each: Rules.logStreamName)
            checker.string(self.logStreamNamePrefix, "logStreamNamePrefix", .optional, Rules.logStreamName)
            checker.number(self.startTime, "startTime", .optional, Rules.timestamp)
            checker.number(self.endTime, "endTime", .optional, Rules.timestamp)
            checker.string(self.filterPattern, "filterPattern", .optional, Rules.filterPattern)
            checker.string(self.nextToken, "nextToken", .optional, Rules.nextToken)
            checker.number(self.limit, "limit", .optional, Rules.eventsLimit)
        }
    }

    package struct FilterLogEventsResponse: WireShape, Equatable {
        package var events: [FilteredLogEvent]?
        package var searchedLogStreams: [SearchedLogStream]?
        package var nextToken: String?

        package init(
            events: [FilteredLogEvent]? = nil,
            searchedLogStreams: [SearchedLogStream]? = nil,
            nextToken: String? = nil
        ) {
            self.events = events
            self.searchedLogStreams = searchedLogStreams
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case events
            case searchedLogStreams
            case nextToken
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct FilteredLogEvent: WireShape, Equatable {
        package var logStreamName: String?
        package var timestamp: Int?
        package var message: String?
        package var ingestionTime: Int?
        package var eventId: String?

        package init(
            logStreamName: String? = nil,
            timestamp: Int? = nil,
            message: String? = nil,
            ingestionTime: Int? = nil,
            eventId: String? = nil
        ) {
            self.logStreamName = logStreamName
            self.timestamp = timestamp
            self.message = message
            self.ingestionTime = ingestionTime
            self.eventId = eventId
        }

        package enum CodingKeys: String, CodingKey {
            case logStreamName
            case timestamp
            case message
            case ingestionTime
            case eventId
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct SearchedLogStream: WireShape, Equatable {
        package var logStreamName: String?
        package var searchedCompletely: Bool?

        package init(
            logStreamName: String? = nil,
            searchedCompletely: Bool? = nil
        ) {
            self.logStreamName = logStreamName
            self.searchedCompletely = searchedCompletely
        }

        package enum CodingKeys: String, CodingKey {
            case logStreamName
            case searchedCompletely
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
