// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

import AWSWire

extension STS {
    /// What the model says about the values of requests, by shape.
    enum Rules {
        static let arnType = StringRule(minimum: 20, maximum: 2048, pattern: Pattern(#"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+"#))
        static let contextAssertionType = StringRule(minimum: 4, maximum: 2048)
        static let durationSecondsType = NumberRule<Int>(minimum: 900, maximum: 129600)
        static let externalIdType = StringRule(minimum: 2, maximum: 1224, pattern: Pattern(#"[\w+=,.@:\/-]*"#))
        static let providedContextsListType = CountRule(minimum: 1, maximum: 5)
        static let roleDurationSecondsType = NumberRule<Int>(minimum: 900, maximum: 43200)
        static let roleSessionNameType = StringRule(minimum: 2, maximum: 64, pattern: Pattern(#"[\w+=,.@-]*"#))
        static let serialNumberType = StringRule(minimum: 9, maximum: 256, pattern: Pattern(#"[\w+=/:,.@-]*"#))
        static let sourceIdentityType = StringRule(minimum: 2, maximum: 64, pattern: Pattern(#"[\w+=,.@-]*"#))
        static let tagKeyListType = CountRule(maximum: 50)
        static let tagKeyType = StringRule(minimum: 1, maximum: 128, pattern: Pattern(#"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"#))
        static let tagListType = CountRule(maximum: 50)
        static let tagValueType = StringRule(minimum: 0, maximum: 256, pattern: Pattern(#"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"#))
        static let tokenCodeType = StringRule(minimum: 6, maximum: 6, pattern: Pattern(#"[\d]*"#))
        static let unrestrictedSessionPolicyDocumentType = StringRule(minimum: 1, pattern: Pattern(#"[\u0009\u000A\u000D\u0020-\u00FF]+"#))
    }
}
