// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension STS {
    package enum GetCallerIdentity: AWSWire.Operation {
        package typealias Input = GetCallerIdentityRequest
        package typealias Output = GetCallerIdentityResponse
        package static let name = "GetCallerIdentity"
    }

    package enum AssumeRole: AWSWire.Operation {
        package typealias Input = AssumeRoleRequest
        package typealias Output = AssumeRoleResponse
        package static let name = "AssumeRole"
    }

    package enum GetSessionToken: AWSWire.Operation {
        package typealias Input = GetSessionTokenRequest
        package typealias Output = GetSessionTokenResponse
        package static let name = "GetSessionToken"
    }

    package struct GetCallerIdentityRequest: WireShape, Equatable {
        package init() {}

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct GetCallerIdentityResponse: WireShape, Equatable {
        package var userId: String?
        package var account: String?
        package var arn: String?

        package init(
            userId: String? = nil,
            account: String? = nil,
            arn: String? = nil
        ) {
            self.userId = userId
            self.account = account
            self.arn = arn
        }

        package enum CodingKeys: String, CodingKey {
            case userId = "UserId"
            case account = "Account"
            case arn = "Arn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct AssumeRoleRequest: WireShape, Equatable {
        package var roleArn: String?
        package var roleSessionName: String?
        package var policyArns: [PolicyDescriptorType]?
        package var policy: String?
        package var durationSeconds: Int?
        package var tags: [Tag]?
        package var transitiveTagKeys: [String]?
        package var externalId: String?
        package var serialNumber: String?
        package var tokenCode: String?
        package var sourceIdentity: String?
        package var providedContexts: [ProvidedContext]?

        package init(
            roleArn: String? = nil,
            roleSessionName: String? = nil,
            policyArns: [PolicyDescriptorType]? = nil,
            policy: String? = nil,
            durationSeconds: Int? = nil,
            tags: [Tag]? = nil,
            transitiveTagKeys: [String]? = nil,
            externalId: String? = nil,
            serialNumber: String? = nil,
            tokenCode: String? = nil,
            sourceIdentity: String? = nil,
            providedContexts: [ProvidedContext]? = nil
        ) {
            self.roleArn = roleArn
            self.roleSessionName = roleSessionName
            self.policyArns = policyArns
            self.policy = policy
            self.durationSeconds = durationSeconds
            self.tags = tags
            self.transitiveTagKeys = transitiveTagKeys
            self.externalId = externalId
            self.serialNumber = serialNumber
            self.tokenCode = tokenCode
            self.sourceIdentity = sourceIdentity
            self.providedContexts = providedContexts
        }

        package enum CodingKeys: String, CodingKey {
            case roleArn = "RoleArn"
            case roleSessionName = "RoleSessionName"
            case policyArns = "PolicyArns"
            case policy = "Policy"
            case durationSeconds = "DurationSeconds"
            case tags = "Tags"
            case transitiveTagKeys = "TransitiveTagKeys"
            case externalId = "ExternalId"
            case serialNumber = "SerialNumber"
            case tokenCode = "TokenCode"
            case sourceIdentity = "SourceIdentity"
            case providedContexts = "ProvidedContexts"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleArn, "roleArn", .required, Rules.arnType)
            checker.string(self.roleSessionName, "roleSessionName", .required, Rules.roleSessionNameType)
            checker.list(self.policyArns, "policyArns", .optional, .any) { $1.validate(&$0) }
            checker.string(self.policy, "policy", .optional, Rules.unrestrictedSessionPolicyDocumentType)
            checker.number(self.durationSeconds, "durationSeconds", .optional, Rules.roleDurationSecondsType)
            checker.list(self.tags, "tags", .optional, Rules.tagListType) { $1.validate(&$0) }
            checker.strings(self.transitiveTagKeys, "transitiveTagKeys", .optional, Rules.tagKeyListType, each: Rules.tagKeyType)
            checker.string(self.externalId, "externalId", .optional, Rules.externalIdType)
            checker.string(self.serialNumber, "serialNumber", .optional, Rules.serialNumberType)
            checker.string(self.tokenCode, "tokenCode", .optional, Rules.tokenCodeType)
            checker.string(self.sourceIdentity, "sourceIdentity", .optional, Rules.sourceIdentityType)
            checker.list(self.providedContexts, "providedContexts", .optional, Rules.providedContextsListType) { $1.validate(&$0) }
        }
    }

    package struct PolicyDescriptorType: WireShape, Equatable {
        package var arn: String?

        package init(
            arn: String? = nil
        ) {
            self.arn = arn
        }

        package enum CodingKeys: String, CodingKey {
            case arn
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.arn, "arn", .optional, Rules.arnType)
        }
    }

    package struct Tag: WireShape, Equatable {
        package var key: String?
        package var value: String?

        package init(
            key: String? = nil,
            value: String? = nil
        ) {
            self.key = key
            self.value = value
        }

        package enum CodingKeys: String, CodingKey {
            case key = "Key"
            case value = "Value"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.key, "key", .required, Rules.tagKeyType)
            checker.string(self.value, "value", .required, Rules.tagValueType)
        }
    }

    package struct ProvidedContext: WireShape, Equatable {
        package var providerArn: String?
        package var contextAssertion: String?

        package init(
            providerArn: String? = nil,
            contextAssertion: String? = nil
        ) {
            self.providerArn = providerArn
            self.contextAssertion = contextAssertion
        }

        package enum CodingKeys: String, CodingKey {
            case providerArn = "ProviderArn"
            case contextAssertion = "ContextAssertion"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.providerArn, "providerArn", .optional, Rules.arnType)
            checker.string(self.contextAssertion, "contextAssertion", .optional, Rules.contextAssertionType)
        }
    }

    package struct AssumeRoleResponse: WireShape, Equatable {
        package var credentials: Credentials?
        package var assumedRoleUser: AssumedRoleUser?
        package var packedPolicySize: Int?
        package var sourceIdentity: String?

        package init(
            credentials: Credentials? = nil,
            assumedRoleUser: AssumedRoleUser? = nil,
            packedPolicySize: Int? = nil,
            sourceIdentity: String? = nil
        ) {
            self.credentials = credentials
            self.assumedRoleUser = assumedRoleUser
            self.packedPolicySize = packedPolicySize
            self.sourceIdentity = sourceIdentity
        }

        package enum CodingKeys: String, CodingKey {
            case credentials = "Credentials"
            case assumedRoleUser = "AssumedRoleUser"
            case packedPolicySize = "PackedPolicySize"
            case sourceIdentity = "SourceIdentity"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct Credentials: WireShape, Equatable {
        package var accessKeyId: String?
        package var secretAccessKey: String?
        package var sessionToken: String?
        package var expiration: Timestamp?

        package init(
            accessKeyId: String? = nil,
            secretAccessKey: String? = nil,
            sessionToken: String? = nil,
            expiration: Timestamp? = nil
        ) {
            self.accessKeyId = accessKeyId
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
            self.expiration = expiration
        }

        package enum CodingKeys: String, CodingKey {
            case accessKeyId = "AccessKeyId"
            case secretAccessKey = "SecretAccessKey"
            case sessionToken = "SessionToken"
            case expiration = "Expiration"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct AssumedRoleUser: WireShape, Equatable {
        package var assumedRoleId: String?
        package var arn: String?

        package init(
            assumedRoleId: String? = nil,
            arn: String? = nil
        ) {
            self.assumedRoleId = assumedRoleId
            self.arn = arn
        }

        package enum CodingKeys: String, CodingKey {
            case assumedRoleId = "AssumedRoleId"
            case arn = "Arn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct GetSessionTokenRequest: WireShape, Equatable {
        package var durationSeconds: Int?
        package var serialNumber: String?
        package var tokenCode: String?

        package init(
            durationSeconds: Int? = nil,
            serialNumber: String? = nil,
            tokenCode: String? = nil
        ) {
            self.durationSeconds = durationSeconds
            self.serialNumber = serialNumber
            self.tokenCode = tokenCode
        }

        package enum CodingKeys: String, CodingKey {
            case durationSeconds = "DurationSeconds"
            case serialNumber = "SerialNumber"
            case tokenCode = "TokenCode"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.number(self.durationSeconds, "durationSeconds", .optional, Rules.durationSecondsType)
            checker.string(self.serialNumber, "serialNumber", .optional, Rules.serialNumberType)
            checker.string(self.tokenCode, "tokenCode", .optional, Rules.tokenCodeType)
        }
    }

    package struct GetSessionTokenResponse: WireShape, Equatable {
        package var credentials: Credentials?

        package init(
            credentials: Credentials? = nil
        ) {
            self.credentials = credentials
        }

        package enum CodingKeys: String, CodingKey {
            case credentials = "Credentials"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
