// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

import AWSWire

extension IAM {
    /// What the model says about the values of requests, by shape.
    enum Rules {
        static let accessKeyIdType = StringRule(minimum: 16, maximum: 128, pattern: Pattern(#"[\w]+"#))
        static let actionNameType = StringRule(minimum: 3, maximum: 128)
        static let arnType = StringRule(minimum: 20, maximum: 2048)
        static let contextKeyNameType = StringRule(minimum: 5, maximum: 256)
        static let contextKeyTypeEnum = StringRule(values: ["string", "stringList", "numeric", "numericList", "boolean", "booleanList", "ip", "ipList", "binary", "binaryList", "date", "dateList"])
        static let existingUserNameType = StringRule(minimum: 1, maximum: 128, pattern: Pattern(#"[\w+=,.@-]+"#))
        static let markerType = StringRule(minimum: 1, maximum: 320, pattern: Pattern(#"[\u0020-\u00FF]+"#))
        static let maxItemsType = NumberRule<Int>(minimum: 1, maximum: 1000)
        static let pathPrefixType = StringRule(minimum: 1, maximum: 512, pattern: Pattern(#"\u002F[\u0021-\u007F]*"#))
        static let pathType = StringRule(minimum: 1, maximum: 512, pattern: Pattern(#"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)"#))
        static let policyDescriptionType = StringRule(maximum: 1000)
        static let policyDocumentType = StringRule(minimum: 1, maximum: 131072, pattern: Pattern(#"[\u0009\u000A\u000D\u0020-\u00FF]+"#))
        static let policyNameType = StringRule(minimum: 1, maximum: 128, pattern: Pattern(#"[\w+=,.@-]+"#))
        static let policyPathType = StringRule(minimum: 1, maximum: 512, pattern: Pattern(#"((/[A-Za-z0-9\.,\+@=_-]+)*)/"#))
        static let policyScopeType = StringRule(values: ["All", "AWS", "Local"])
        static let policyUsageType = StringRule(values: ["PermissionsPolicy", "PermissionsBoundary"])
        static let policyVersionIdType = StringRule(pattern: Pattern(#"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?"#))
        static let resourceHandlingOptionType = StringRule(minimum: 1, maximum: 64)
        static let resourceNameType = StringRule(minimum: 1, maximum: 2048)
        static let roleDescriptionType = StringRule(maximum: 1000, pattern: Pattern(#"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*"#))
        static let roleMaxSessionDurationType = NumberRule<Int>(minimum: 3600, maximum: 43200)
        static let roleNameType = StringRule(minimum: 1, maximum: 64, pattern: Pattern(#"[\w+=,.@-]+"#))
        static let tagKeyType = StringRule(minimum: 1, maximum: 128, pattern: Pattern(#"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"#))
        static let tagListType = CountRule(maximum: 50)
        static let tagValueType = StringRule(minimum: 0, maximum: 256, pattern: Pattern(#"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"#))
        static let userNameType = StringRule(minimum: 1, maximum: 64, pattern: Pattern(#"[\w+=,.@-]+"#))
    }
}
