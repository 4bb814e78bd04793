// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension IAM {
    package enum AttachRolePolicy: AWSWire.Operation {
        package typealias Input = AttachRolePolicyRequest
        package typealias Output = EmptyShape
        package static let name = "AttachRolePolicy"
    }

    package enum DetachRolePolicy: AWSWire.Operation {
        package typealias Input = DetachRolePolicyRequest
        package typealias Output = EmptyShape
        package static let name = "DetachRolePolicy"
    }

    package enum ListAttachedRolePolicies: AWSWire.Operation {
        package typealias Input = ListAttachedRolePoliciesRequest
        package typealias Output = ListAttachedRolePoliciesResponse
        package static let name = "ListAttachedRolePolicies"
    }

    package enum ListRolePolicies: AWSWire.Operation {
        package typealias Input = ListRolePoliciesRequest
        package typealias Output = ListRolePoliciesResponse
        package static let name = "ListRolePolicies"
    }

    package enum SimulatePrincipalPolicy: AWSWire.Operation {
        package typealias Input = SimulatePrincipalPolicyRequest
        package typealias Output = SimulatePolicyResponse
        package static let name = "SimulatePrincipalPolicy"
    }

    package enum PutRolePolicy: AWSWire.Operation {
        package typealias Input = PutRolePolicyRequest
        package typealias Output = EmptyShape
        package static let name = "PutRolePolicy"
    }

    package enum GetRolePolicy: AWSWire.Operation {
        package typealias Input = GetRolePolicyRequest
        package typealias Output = GetRolePolicyResponse
        package static let name = "GetRolePolicy"
    }

    package enum DeleteRolePolicy: AWSWire.Operation {
        package typealias Input = DeleteRolePolicyRequest
        package typealias Output = EmptyShape
        package static let name = "DeleteRolePolicy"
    }

    package struct AttachRolePolicyRequest: WireShape, Equatable {
        package var roleName: String?
        package var policyArn: String?

        package init(
            roleName: String? = nil,
            policyArn: String? = nil
        ) {
            self.roleName = roleName
            self.policyArn = policyArn
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case policyArn = "PolicyArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.string(self.policyArn, "policyArn", .required, Rules.arnType)
        }
    }

    package struct DetachRolePolicyRequest: WireShape, Equatable {
        package var roleName: String?
        package var policyArn: String?

        package init(
            roleName: String? = nil,
            policyArn: String? = nil
        ) {
            self.roleName = roleName
            self.policyArn = policyArn
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case policyArn = "PolicyArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.string(self.policyArn, "policyArn", .required, Rules.arnType)
        }
    }

    package struct ListAttachedRolePoliciesRequest: WireShape, Equatable {
        package var roleName: String?
        package var pathPrefix: String?
        package var marker: String?
        package var maxItems: Int?

        package init(
            roleName: String? = nil,
            pathPrefix: String? = nil,
            marker: String? = nil,
            maxItems: Int? = nil
        ) {
            self.roleName = roleName
            self.pathPrefix = pathPrefix
            self.marker = marker
            self.maxItems = maxItems
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case pathPrefix = "PathPrefix"
            case marker = "Marker"
            case maxItems = "MaxItems"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.string(self.pathPrefix, "pathPrefix", .optional, Rules.policyPathType)
            checker.string(self.marker, "marker", .optional, Rules.markerType)
            checker.number(self.maxItems, "maxItems", .optional, Rules.maxItemsType)
        }
    }

    package struct ListAttachedRolePoliciesResponse: WireShape, Equatable {
        package var attachedPolicies: [AttachedPolicy]?
        package var isTruncated: Bool?
        package var marker: String?

        package init(
            attachedPolicies: [AttachedPolicy]? = nil,
            isTruncated: Bool? = nil,
            marker: String? = nil
        ) {
            self.attachedPolicies = attachedPolicies
            self.isTruncated = isTruncated
            self.marker = marker
        }

        package enum CodingKeys: String, CodingKey {
            case attachedPolicies = "AttachedPolicies"
            case isTruncated = "IsTruncated"
            case marker = "Marker"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListRolePoliciesRequest: WireShape, Equatable {
        package var roleName: String?
        package var marker: String?
        package var maxItems: Int?

        package init(
            roleName: String? = nil,
            marker: String? = nil,
            maxItems: Int? = nil
        ) {
            self.roleName = roleName
            self.marker = marker
            self.maxItems = maxItems
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case marker = "Marker"
            case maxItems = "MaxItems"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.string(self.marker, "marker", .optional, Rules.markerType)
            checker.number(self.maxItems, "maxItems", .optional, Rules.maxItemsType)
        }
    }

    package struct ListRolePoliciesResponse: WireShape, Equatable {
        package var policyNames: [String]?
        package var isTruncated: Bool?
        package var marker: String?

        package init(
            policyNames: [String]? = nil,
            isTruncated: Bool? = nil,
            marker: String? = nil
        ) {
            self.policyNames = policyNames
            self.isTruncated = isTruncated
            self.marker = marker
        }

        package enum CodingKeys: String, CodingKey {
            case policyNames = "PolicyNames"
            case isTruncated = "IsTruncated"
            case marker = "Marker"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct SimulatePrincipalPolicyRequest: WireShape, Equatable {
        package var policySourceArn: String?
        package var policyInputList: [String]?
        package var permissionsBoundaryPolicyInputList: [String]?
        package var actionNames: [String]?
        package var resourceArns: [String]?
        package var resourcePolicy: String?
        package var resourceOwner: String?
        package var callerArn: String?
        package var contextEntries: [ContextEntry]?
        package var resourceHandlingOption: String?
        package var maxItems: Int?
        package var marker: String?

        package init(
            policySourceArn: String? = nil,
            policyInputList: [String]? = nil,
            permissionsBoundaryPolicyInputList: [String]? = nil,
            actionNames: [String]? = nil,
            resourceArns: [String]? = nil,
            resourcePolicy: String? = nil,
            resourceOwner: String? = nil,
            callerArn: String? = nil,
            contextEntries: [ContextEntry]? = nil,
            resourceHandlingOption: String? = nil,
            maxItems: Int? = nil,
            marker: String? = nil
        ) {
            self.policySourceArn = policySourceArn
            self.policyInputList = policyInputList
            self.permissionsBoundaryPolicyInputList = permissionsBoundaryPolicyInputList
            self.actionNames = actionNames
            self.resourceArns = resourceArns
            self.resourcePolicy = resourcePolicy
            self.resourceOwner = resourceOwner
            self.callerArn = callerArn
            self.contextEntries = contextEntries
            self.resourceHandlingOption = resourceHandlingOption
            self.maxItems = maxItems
            self.marker = marker
        }

        package enum CodingKeys: String, CodingKey {
            case policySourceArn = "PolicySourceArn"
            case policyInputList = "PolicyInputList"
            case permissionsBoundaryPolicyInputList = "PermissionsBoundaryPolicyInputList"
            case actionNames = "ActionNames"
            case resourceArns = "ResourceArns"
            case resourcePolicy = "ResourcePolicy"
            case resourceOwner = "ResourceOwner"
            case callerArn = "CallerArn"
            case contextEntries = "ContextEntries"
            case resourceHandlingOption = "ResourceHandlingOption"
            case maxItems = "MaxItems"
            case marker = "Marker"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.policySourceArn, "policySourceArn", .required, Rules.arnType)
            checker.strings(self.policyInputList, "policyInputList", .optional, .any, each: Rules.policyDocumentType)
            checker.strings(self.permissionsBoundaryPolicyInputList, "permissionsBoundaryPolicyInputList", .optional, .any, each: Rules.policyDocumentType)
            checker.strings(self.actionNames, "actionNames", .required, .any, each: Rules.actionNameType)
            checker.strings(self.resourceArns, "resourceArns", .optional, .any, each: Rules.resourceNameType)
            checker.string(self.resourcePolicy, "resourcePolicy", .optional, Rules.policyDocumentType)
            checker.string(self.resourceOwner, "resourceOwner", .optional, Rules.resourceNameType)
            checker.string(self.callerArn, "callerArn", .optional, Rules.resourceNameType)
            checker.list(self.contextEntries, "contextEntries", .optional, .any) { $1.validate(&$0) }
            checker.string(self.resourceHandlingOption, "resourceHandlingOption", .optional, Rules.resourceHandlingOptionType)
            checker.number(self.maxItems, "maxItems", .optional, Rules.maxItemsType)
            checker.string(self.marker, "marker", .optional, Rules.markerType)
        }
    }

    package struct ContextEntry: WireShape, Equatable {
        package var contextKeyName: String?
        package var contextKeyValues: [String]?
        package var contextKeyType: String?

        package init(
            contextKeyName: String? = nil,
            contextKeyValues: [String]? = nil,
            contextKeyType: String? = nil
        ) {
            self.contextKeyName = contextKeyName
            self.contextKeyValues = contextKeyValues
            self.contextKeyType = contextKeyType
        }

        package enum CodingKeys: String, CodingKey {
            case contextKeyName = "ContextKeyName"
            case contextKeyValues = "ContextKeyValues"
            case contextKeyType = "ContextKeyType"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.contextKeyName, "contextKeyName", .optional, Rules.contextKeyNameType)
            checker.string(self.contextKeyType, "contextKeyType", .optional, Rules.contextKeyTypeEnum)
        }
    }

    package struct SimulatePolicyResponse: WireShape, Equatable {
        package var evaluationResults: [EvaluationResult]?
        package var isTruncated: Bool?
        package var marker: String?

        package init(
            evaluationResults: [EvaluationResult]? = nil,
            isTruncated: Bool? = nil,
            marker: String? = nil
        ) {
            self.evaluationResults = evaluationResults
            self.isTruncated = isTruncated
            self.marker = marker
        }

        package enum CodingKeys: String, CodingKey {
            case evaluationResults = "EvaluationResults"
            case isTruncated = "IsTruncated"
            case marker = "Marker"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct EvaluationResult: WireShape, Equatable {
        package var evalActionName: String?
        package var evalResourceName: String?
        package var evalDecision: String?
        package var matchedStatements: [Statement]?
        package var missingContextValues: [String]?
        package var organizationsDecisionDetail: OrganizationsDecisionDetail?
        package var permissionsBoundaryDecisionDetail: PermissionsBoundaryDecisionDetail?
        package var evalDecisionDetails: [String: String]?
        package var resourceSpecificResults: [ResourceSpecificResult]?

        package init(
            evalActionName: String? = nil,
            evalResourceName: String? = nil,
            evalDecision: String? = nil,
            matchedStatements: [Statement]? = nil,
            missingContextValues: [String]? = nil,
            organizationsDecisionDetail: OrganizationsDecisionDetail? = nil,
            permissionsBoundaryDecisionDetail: PermissionsBoundaryDecisionDetail? = nil,
            evalDecisionDetails: [String: String]? = nil,
            resourceSpecificResults: [ResourceSpecificResult]? = nil
        ) {
            self.evalActionName = evalActionName
            self.evalResourceName = evalResourceName
            self.evalDecision = evalDecision
            self.matchedStatements = matchedStatements
            self.missingContextValues = missingContextValues
            self.organizationsDecisionDetail = organizationsDecisionDetail
            self.permissionsBoundaryDecisionDetail = permissionsBoundaryDecisionDetail
            self.evalDecisionDetails = evalDecisionDetails
            self.resourceSpecificResults = resourceSpecificResults
        }

        package enum CodingKeys: String, CodingKey {
            case evalActionName = "EvalActionName"
            case evalResourceName = "EvalResourceName"
            case evalDecision = "EvalDecision"
            case matchedStatements = "MatchedStatements"
            case missingContextValues = "MissingContextValues"
            case organizationsDecisionDetail = "OrganizationsDecisionDetail"
            case permissionsBoundaryDecisionDetail = "PermissionsBoundaryDecisionDetail"
            case evalDecisionDetails = "EvalDecisionDetails"
            case resourceSpecificResults = "ResourceSpecificResults"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct Statement: WireShape, Equatable {
        package var sourcePolicyId: String?
        package var sourcePolicyType: String?
        package var startPosition: Position?
        package var endPosition: Position?

        package init(
            sourcePolicyId: String? = nil,
            sourcePolicyType: String? = nil,
            startPosition: Position? = nil,
            endPosition: Position? = nil
        ) {
            self.sourcePolicyId = sourcePolicyId
            self.sourcePolicyType = sourcePolicyType
            self.startPosition = startPosition
            self.endPosition = endPosition
        }

        package enum CodingKeys: String, CodingKey {
            case sourcePolicyId = "SourcePolicyId"
            case sourcePolicyType = "SourcePolicyType"
            case startPosition = "StartPosition"
            case endPosition = "EndPosition"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct Position: WireShape, Equatable {
        package var line: Int?
        package var column: Int?

        package init(
            line: Int? = nil,
            column: Int? = nil
        ) {
            self.line = line
            self.column = column
        }

        package enum CodingKeys: String, CodingKey {
            case line = "Line"
            case column = "Column"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct OrganizationsDecisionDetail: WireShape, Equatable {
        package var allowedByOrganizations: Bool?

        package init(
            allowedByOrganizations: Bool? = nil
        ) {
            self.allowedByOrganizations = allowedByOrganizations
        }

        package enum CodingKeys: String, CodingKey {
            case allowedByOrganizations = "AllowedByOrganizations"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct PermissionsBoundaryDecisionDetail: WireShape, Equatable {
        package var allowedByPermissionsBoundary: Bool?

        package init(
            allowedByPermissionsBoundary: Bool? = nil
        ) {
            self.allowedByPermissionsBoundary = allowedByPermissionsBoundary
        }

        package enum CodingKeys: String, CodingKey {
            case allowedByPermissionsBoundary = "AllowedByPermissionsBoundary"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ResourceSpecificResult: WireShape, Equatable {
        package var evalResourceName: String?
        package var evalResourceDecision: String?
        package var matchedStatements: [Statement]?
        package var missingContextValues: [String]?
        package var evalDecisionDetails: [String: String]?
        package var permissionsBoundaryDecisionDetail: PermissionsBoundaryDecisionDetail?

        package init(
            evalResourceName: String? = nil,
            evalResourceDecision: String? = nil,
            matchedStatements: [Statement]? = nil,
            missingContextValues: [String]? = nil,
            evalDecisionDetails: [String: String]? = nil,
            permissionsBoundaryDecisionDetail: PermissionsBoundaryDecisionDetail? = nil
        ) {
            self.evalResourceName = evalResourceName
            self.evalResourceDecision = evalResourceDecision
            self.matchedStatements = matchedStatements
            self.missingContextValues = missingContextValues
            self.evalDecisionDetails = evalDecisionDetails
            self.permissionsBoundaryDecisionDetail = permissionsBoundaryDecisionDetail
        }

        package enum CodingKeys: String, CodingKey {
            case evalResourceName = "EvalResourceName"
            case evalResourceDecision = "EvalResourceDecision"
            case matchedStatements = "MatchedStatements"
            case missingContextValues = "MissingContextValues"
            case evalDecisionDetails = "EvalDecisionDetails"
            case permissionsBoundaryDecisionDetail = "PermissionsBoundaryDecisionDetail"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct PutRolePolicyRequest: WireShape, Equatable {
        package var roleName: String?
        package var policyName: String?
        package var policyDocument: String?

        package init(
            roleName: String? = nil,
            policyName: String? = nil,
            policyDocument: String? = nil
        ) {
            self.roleName = roleName
            self.policyName = policyName
            self.policyDocument = policyDocument
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case policyName = "PolicyName"
            case policyDocument = "PolicyDocument"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.string(self.policyName, "policyName", .required, Rules.policyNameType)
            checker.string(self.policyDocument, "policyDocument", .required, Rules.policyDocumentType)
        }
    }

    package struct GetRolePolicyRequest: WireShape, Equatable {
        package var roleName: String?
        package var policyName: String?

        package init(
            roleName: String? = nil,
            policyName: String? = nil
        ) {
            self.roleName = roleName
            self.policyName = policyName
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case policyName = "PolicyName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.string(self.policyName, "policyName", .required, Rules.policyNameType)
        }
    }

    package struct GetRolePolicyResponse: WireShape, Equatable {
        package var roleName: String?
        package var policyName: String?
        package var policyDocument: String?

        package init(
            roleName: String? = nil,
            policyName: String? = nil,
            policyDocument: String? = nil
        ) {
            self.roleName = roleName
            self.policyName = policyName
            self.policyDocument = policyDocument
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case policyName = "PolicyName"
            case policyDocument = "PolicyDocument"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteRolePolicyRequest: WireShape, Equatable {
        package var roleName: String?
        package var policyName: String?

        package init(
            roleName: String? = nil,
            policyName: String? = nil
        ) {
            self.roleName = roleName
            self.policyName = policyName
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case policyName = "PolicyName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.string(self.policyName, "policyName", .required, Rules.policyNameType)
        }
    }
}
