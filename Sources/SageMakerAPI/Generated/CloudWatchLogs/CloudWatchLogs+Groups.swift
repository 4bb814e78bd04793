// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension CloudWatchLogs {
    package enum CreateLogGroup: AWSWire.Operation {
        package typealias Input = CreateLogGroupRequest
        package typealias Output = EmptyShape
        package static let name = "CreateLogGroup"
    }

    package enum DeleteLogGroup: AWSWire.Operation {
        package typealias Input = DeleteLogGroupRequest
        package typealias Output = EmptyShape
        package static let name = "DeleteLogGroup"
    }

    package enum DescribeLogGroups: AWSWire.Operation {
        package typealias Input = DescribeLogGroupsRequest
        package typealias Output = DescribeLogGroupsResponse
        package static let name = "DescribeLogGroups"
    }

    package struct CreateLogGroupRequest: WireShape, Equatable {
        package var logGroupName: String?
        package var kmsKeyId: String?
        package var tags: [String: String]?
        package var logGroupClass: String?
        package var deletionProtectionEnabled: Bool?

        package init(
            logGroupName: String? = nil,
            kmsKeyId: String? = nil,
            tags: [String: String]? = nil,
            logGroupClass: String? = nil,
            deletionProtectionEnabled: Bool? = nil
        ) {
            self.logGroupName = logGroupName
            self.kmsKeyId = kmsKeyId
            self.tags = tags
            self.logGroupClass = logGroupClass
            self.deletionProtectionEnabled = deletionProtectionEnabled
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
            case kmsKeyId
            case tags
            case logGroupClass
            case deletionProtectionEnabled
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.logGroupName, "logGroupName", .required, Rules.logGroupName)
            checker.string(self.kmsKeyId, "kmsKeyId", .optional, Rules.kmsKeyId)
            checker.strings(self.tags, "tags", .optional, Rules.tags, keys: Rules.tagKey, values: Rules.tagValue)
            checker.string(self.logGroupClass, "logGroupClass", .optional, Rules.logGroupClass)
        }
    }

    package struct DeleteLogGroupRequest: WireShape, Equatable {
        package var logGroupName: String?

        package init(
            logGroupName: String? = nil
        ) {
            self.logGroupName = logGroupName
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.logGroupName, "logGroupName", .required, Rules.logGroupName)
        }
    }

    package struct DescribeLogGroupsRequest: WireShape, Equatable {
        package var accountIdentifiers: [String]?
        package var logGroupNamePrefix: String?
        package var logGroupNamePattern: String?
        package var nextToken: String?
        package var limit: Int?
        package var includeLinkedAccounts: Bool?
        package var logGroupClass: String?
        package var logGroupIdentifiers: [String]?

        package init(
            accountIdentifiers: [String]? = nil,
            logGroupNamePrefix: String? = nil,
            logGroupNamePattern: String? = nil,
            nextToken: String? = nil,
            limit: Int? = nil,
            includeLinkedAccounts: Bool? = nil,
            logGroupClass: String? = nil,
            logGroupIdentifiers: [String]? = nil
        ) {
            self.accountIdentifiers = accountIdentifiers
            self.logGroupNamePrefix = logGroupNamePrefix
            self.logGroupNamePattern = logGroupNamePattern
            self.nextToken = nextToken
            self.limit = limit
            self.includeLinkedAccounts = includeLinkedAccounts
            self.logGroupClass = logGroupClass
            self.logGroupIdentifiers = logGroupIdentifiers
        }

        package enum CodingKeys: String, CodingKey {
            case accountIdentifiers
            case logGroupNamePrefix
            case logGroupNamePattern
            case nextToken
            case limit
            case includeLinkedAccounts
            case logGroupClass
            case logGroupIdentifiers
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.strings(self.accountIdentifiers, "accountIdentifiers", .optional, Rules.accountIds, each: Rules.accountId)
            checker.string(self.logGroupNamePrefix, "logGroupNamePrefix", .optional, Rules.logGroupName)
            checker.string(self.logGroupNamePattern, "logGroupNamePattern", .optional, Rules.logGroupNamePattern)
            checker.string(self.nextToken, "nextToken", .optional, Rules.nextToken)
            checker.number(self.limit, "limit", .optional, Rules.describeLimit)
            checker.string(self.logGroupClass, "logGroupClass", .optional, Rules.logGroupClass)
            checker.strings(self.logGroupIdentifiers, "logGroupIdentifiers", .optional, Rules.describeLogGroupsLogGroupIdentifiers, each: Rules.logGroupIdentifier)
        }
    }

    package struct DescribeLogGroupsResponse: WireShape, Equatable {
        package var logGroups: [LogGroup]?
        package var nextToken: String?

        package init(
            logGroups: [LogGroup]? = nil,
            nextToken: String? = nil
        ) {
            self.logGroups = logGroups
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case logGroups
            case nextToken
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct LogGroup: WireShape, Equatable {
        package var logGroupName: String?
        package var creationTime: Int?
        package var retentionInDays: Int?
        package var metricFilterCount: Int?
        package var arn: String?
        package var storedBytes: Int?
        package var kmsKeyId: String?
        package var dataProtectionStatus: String?
        package var inheritedProperties: [String]?
        package var logGroupClass: String?
        package var logGroupArn: String?
        package var deletionProtectionEnabled: Bool?
        package var bearerTokenAuthenticationEnabled: Bool?

        package init(
            logGroupName: String? = nil,
            creationTime: Int? = nil,
            retentionInDays: Int? = nil,
            metricFilterCount: Int? = nil,
            arn: String? = nil,
            storedBytes: Int? = nil,
            kmsKeyId: String? = nil,
            dataProtectionStatus: String? = nil,
            inheritedProperties: [String]? = nil,
            logGroupClass: String? = nil,
            logGroupArn: String? = nil,
            deletionProtectionEnabled: Bool? = nil,
            bearerTokenAuthenticationEnabled: Bool? = nil
        ) {
            self.logGroupName = logGroupName
            self.creationTime = creationTime
            self.retentionInDays = retentionInDays
            self.metricFilterCount = metricFilterCount
            self.arn = arn
            self.storedBytes = storedBytes
            self.kmsKeyId = kmsKeyId
            self.dataProtectionStatus = dataProtectionStatus
            self.inheritedProperties = inheritedProperties
            self.logGroupClass = logGroupClass
            self.logGroupArn = logGroupArn
            self.deletionProtectionEnabled = deletionProtectionEnabled
            self.bearerTokenAuthenticationEnabled = bearerTokenAuthenticationEnabled
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
            case creationTime
            case retentionInDays
            case metricFilterCount
            case arn
            case storedBytes
            case kmsKeyId
            case dataProtectionStatus
            case inheritedProperties
            case logGroupClass
            case logGroupArn
            case deletionProtectionEnabled
            case bearerTokenAuthenticationEnabled
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
