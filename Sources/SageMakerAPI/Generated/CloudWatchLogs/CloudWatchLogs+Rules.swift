// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

import AWSWire

extension CloudWatchLogs {
    /// What the model says about the values of requests, by shape.
    enum Rules {
        static let accountId = StringRule(minimum: 12, maximum: 12, pattern: Pattern(#"^\d{12}$"#))
        static let accountIds = CountRule(minimum: 0, maximum: 20)
        static let describeLimit = NumberRule<Int>(minimum: 1, maximum: 50)
        static let describeLogGroupsLogGroupIdentifiers = CountRule(minimum: 1, maximum: 50)
        static let entityAttributes = CountRule(minimum: 0, maximum: 10)
        static let entityAttributesKey = StringRule(minimum: 1, maximum: 256)
        static let entityAttributesValue = StringRule(minimum: 1, maximum: 512)
        static let entityKeyAttributes = CountRule(minimum: 2, maximum: 4)
        static let entityKeyAttributesKey = StringRule(minimum: 1, maximum: 32)
        static let entityKeyAttributesValue = StringRule(minimum: 1, maximum: 512)
        static let eventMessage = StringRule(minimum: 1)
        static let eventsLimit = NumberRule<Int>(minimum: 1, maximum: 10000)
        static let filterPattern = StringRule(minimum: 0, maximum: 1024)
        static let inputLogEvents = CountRule(minimum: 1, maximum: 10000)
        static let inputLogStreamNames = CountRule(minimum: 1, maximum: 100)
        static let kmsKeyId = StringRule(maximum: 256)
        static let logGroupClass = StringRule(values: ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"])
        static let logGroupIdentifier = StringRule(minimum: 1, maximum: 2048, pattern: Pattern(#"[\w#+=/:,.@-]*"#))
        static let logGroupName = StringRule(minimum: 1, maximum: 512, pattern: Pattern(#"[\.\-_/#A-Za-z0-9]+"#))
        static let logGroupNamePattern = StringRule(minimum: 0, maximum: 512, pattern: Pattern(#"[\.\-_/#A-Za-z0-9]*"#))
        static let logStreamName = StringRule(minimum: 1, maximum: 512, pattern: Pattern("[^:*]*"))
        static let nextToken = StringRule(minimum: 1)
        static let orderBy = StringRule(values: ["LogStreamName", "LastEventTime"])
        static let sequenceToken = StringRule(minimum: 1)
        static let tagKey = StringRule(minimum: 1, maximum: 128, pattern: Pattern(#"^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$"#))
        static let tagValue = StringRule(maximum: 256, pattern: Pattern(#"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"#))
        static let tags = CountRule(minimum: 1, maximum: 50)
        static let timestamp = NumberRule<Int>(minimum: 0)
    }
}
