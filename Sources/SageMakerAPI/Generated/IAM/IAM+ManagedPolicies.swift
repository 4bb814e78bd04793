// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension IAM {
    package enum CreatePolicy: AWSWire.Operation {
        package typealias Input = CreatePolicyRequest
        package typealias Output = CreatePolicyResponse
        package static let name = "CreatePolicy"
    }

    package enum GetPolicy: AWSWire.Operation {
        package typealias Input = GetPolicyRequest
        package typealias Output = GetPolicyResponse
        package static let name = "GetPolicy"
    }

    package enum ListPolicies: AWSWire.Operation {
        package typealias Input = ListPoliciesRequest
        package typealias Output = ListPoliciesResponse
        package static let name = "ListPolicies"
    }

    package enum DeletePolicy: AWSWire.Operation {
        package typealias Input = DeletePolicyRequest
        package typealias Output = EmptyShape
        package static let name = "DeletePolicy"
    }

    package enum GetPolicyVersion: AWSWire.Operation {
        package typealias Input = GetPolicyVersionRequest
        package typealias Output = GetPolicyVersionResponse
        package static let name = "GetPolicyVersion"
    }

    package struct CreatePolicyRequest: WireShape, Equatable {
        package var policyName: String?
        package var path: String?
        package var policyDocument: String?
        package var description: String?
        package var tags: [Tag]?

        package init(
            policyName: String? = nil,
            path: String? = nil,
            policyDocument: String? = nil,
            description: String? = nil,
            tags: [Tag]? = nil
        ) {
            self.policyName = policyName
            self.path = path
            self.policyDocument = policyDocument
            self.description = description
            self.tags = tags
        }

        package enum CodingKeys: String, CodingKey {
            case policyName = "PolicyName"
            case path = "Path"
            case policyDocument = "PolicyDocument"
            case description = "Description"
            case tags = "Tags"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.policyName, "policyName", .required, Rules.policyNameType)
            checker.string(self.path, "path", .optional, Rules.policyPathType)
            checker.string(self.policyDocument, "policyDocument", .required, Rules.policyDocumentType)
            checker.string(self.description, "description", .optional, Rules.policyDescriptionType)
            checker.list(self.tags, "tags", .optional, Rules.tagListType) { $1.validate(&$0) }
        }
    }

    package struct CreatePolicyResponse: WireShape, Equatable {
        package var policy: Policy?

        package init(
            policy: Policy? = nil
        ) {
            self.policy = policy
        }

        package enum CodingKeys: String, CodingKey {
            case policy = "Policy"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct Policy: WireShape, Equatable {
        package var policyName: String?
        package var policyId: String?
        package var arn: String?
        package var path: String?
        package var defaultVersionId: String?
        package var attachmentCount: Int?
        package var permissionsBoundaryUsageCount: Int?
        package var isAttachable: Bool?
        package var description: String?
        package var createDate: Timestamp?
        package var updateDate: Timestamp?
        package var tags: [Tag]?

        package init(
            policyName: String? = nil,
            policyId: String? = nil,
            arn: String? = nil,
            path: String? = nil,
            defaultVersionId: String? = nil,
            attachmentCount: Int? = nil,
            permissionsBoundaryUsageCount: Int? = nil,
            isAttachable: Bool? = nil,
            description: String? = nil,
            createDate: Timestamp? = nil,
            updateDate: Timestamp? = nil,
            tags: [Tag]? = nil
        ) {
            self.policyName = policyName
            self.policyId = policyId
            self.arn = arn
            self.path = path
            self.defaultVersionId = defaultVersionId
            self.attachmentCount = attachmentCount
            self.permissionsBoundaryUsageCount = permissionsBoundaryUsageCount
            self.isAttachable = isAttachable
            self.description = description
            self.createDate = createDate
            self.updateDate = updateDate
            self.tags = tags
        }

        package enum CodingKeys: String, CodingKey {
            case policyName = "PolicyName"
            case policyId = "PolicyId"
            case arn = "Arn"
            case path = "Path"
            case defaultVersionId = "DefaultVersionId"
            case attachmentCount = "AttachmentCount"
            case permissionsBoundaryUsageCount = "PermissionsBoundaryUsageCount"
            case isAttachable = "IsAttachable"
            case description = "Description"
            case createDate = "CreateDate"
            case updateDate = "UpdateDate"
            case tags = "Tags"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct GetPolicyRequest: WireShape, Equatable {
        package var policyArn: String?

        package init(
            policyArn: String? = nil
        ) {
            self.policyArn = policyArn
        }

        package enum CodingKeys: String, CodingKey {
            case policyArn = "PolicyArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.policyArn, "policyArn", .required, Rules.arnType)
        }
    }

    package struct GetPolicyResponse: WireShape, Equatable {
        package var policy: Policy?

        package init(
            policy: Policy? = nil
        ) {
            self.policy = policy
        }

        package enum CodingKeys: String, CodingKey {
            case policy = "Policy"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListPoliciesRequest: WireShape, Equatable {
        package var scope: String?
        package var onlyAttached: Bool?
        package var pathPrefix: String?
        package var policyUsageFilter: String?
        package var marker: String?
        package var maxItems: Int?

        package init(
            scope: String? = nil,
            onlyAttached: Bool? = nil,
            pathPrefix: String? = nil,
            policyUsageFilter: String? = nil,
            marker: String? = nil,
            maxItems: Int? = nil
        ) {
            self.scope = scope
            self.onlyAttached = onlyAttached
            self.pathPrefix = pathPrefix
            self.policyUsageFilter = policyUsageFilter
            self.marker = marker
            self.maxItems = maxItems
        }

        package enum CodingKeys: String, CodingKey {
            case scope = "Scope"
            case onlyAttached = "OnlyAttached"
            case pathPrefix = "PathPrefix"
            case policyUsageFilter = "PolicyUsageFilter"
            case marker = "Marker"
            case maxItems = "MaxItems"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.scope, "scope", .optional, Rules.policyScopeType)
            checker.string(self.pathPrefix, "pathPrefix", .optional, Rules.policyPathType)
            checker.string(self.policyUsageFilter, "policyUsageFilter", .optional, Rules.policyUsageType)
            checker.string(self.marker, "marker", .optional, Rules.markerType)
            checker.number(self.maxItems, "maxItems", .optional, Rules.maxItemsType)
        }
    }

    package struct ListPoliciesResponse: WireShape, Equatable {
        package var policies: [Policy]?
        package var isTruncated: Bool?
        package var marker: String?

        package init(
            policies: [Policy]? = nil,
            isTruncated: Bool? = nil,
            marker: String? = nil
        ) {
            self.policies = policies
            self.isTruncated = isTruncated
            self.marker = marker
        }

        package enum CodingKeys: String, CodingKey {
            case policies = "Policies"
            case isTruncated = "IsTruncated"
            case marker = "Marker"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeletePolicyRequest: WireShape, Equatable {
        package var policyArn: String?

        package init(
            policyArn: String? = nil
        ) {
            self.policyArn = policyArn
        }

        package enum CodingKeys: String, CodingKey {
            case policyArn = "PolicyArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.policyArn, "policyArn", .required, Rules.arnType)
        }
    }

    package struct GetPolicyVersionRequest: WireShape, Equatable {
        package var policyArn: String?
        package var versionId: String?

        package init(
            policyArn: String? = nil,
            versionId: String? = nil
        ) {
            self.policyArn = policyArn
            self.versionId = versionId
        }

        package enum CodingKeys: String, CodingKey {
            case policyArn = "PolicyArn"
            case versionId = "VersionId"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.policyArn, "policyArn", .required, Rules.arnType)
            checker.string(self.versionId, "versionId", .required, Rules.policyVersionIdType)
        }
    }

    package struct GetPolicyVersionResponse: WireShape, Equatable {
        package var policyVersion: PolicyVersion?

        package init(
            policyVersion: PolicyVersion? = nil
        ) {
            self.policyVersion = policyVersion
        }

        package enum CodingKeys: String, CodingKey {
            case policyVersion = "PolicyVersion"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct PolicyVersion: WireShape, Equatable {
        package var document: String?
        package var versionId: String?
        package var isDefaultVersion: Bool?
        package var createDate: Timestamp?

        package init(
            document: String? = nil,
            versionId: String? = nil,
            isDefaultVersion: Bool? = nil,
            createDate: Timestamp? = nil
        ) {
            self.document = document
            self.versionId = versionId
            self.isDefaultVersion = isDefaultVersion
            self.createDate = createDate
        }

        package enum CodingKeys: String, CodingKey {
            case document = "Document"
            case versionId = "VersionId"
            case isDefaultVersion = "IsDefaultVersion"
            case createDate = "CreateDate"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
