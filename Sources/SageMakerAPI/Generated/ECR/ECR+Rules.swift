// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

import AWSWire

extension ECR {
    /// What the model says about the values of requests, by shape.
    enum Rules {
        static let encryptionType = StringRule(values: ["AES256", "KMS", "KMS_DSSE"])
        static let getAuthorizationTokenRegistryIdList = CountRule(minimum: 1, maximum: 10)
        static let imageIdentifierList = CountRule(minimum: 1, maximum: 100)
        static let imageStatusFilter = StringRule(values: ["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"])
        static let imageTag = StringRule(minimum: 1, maximum: 300)
        static let imageTagMutability = StringRule(values: ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"])
        static let imageTagMutabilityExclusionFilterType = StringRule(values: ["WILDCARD"])
        static let imageTagMutabilityExclusionFilterValue = StringRule(minimum: 1, maximum: 128, pattern: Pattern("^[0-9a-zA-Z._*-]{1,128}$"))
        static let imageTagMutabilityExclusionFilters = CountRule(minimum: 1, maximum: 5)
        static let kmsKey = StringRule(minimum: 1, maximum: 2048)
        static let maxResults = NumberRule<Int>(minimum: 1, maximum: 1000)
        static let mediaTypeList = CountRule(minimum: 1, maximum: 100)
        static let registryId = StringRule(pattern: Pattern("[0-9]{12}"))
        static let repositoryName = StringRule(minimum: 2, maximum: 256, pattern: Pattern(#"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"#))
        static let repositoryNameList = CountRule(minimum: 1, maximum: 100)
        static let tagStatus = StringRule(values: ["TAGGED", "UNTAGGED", "ANY"])
    }
}
