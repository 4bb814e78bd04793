// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension IAM {
    package enum PutUserPolicy: AWSWire.Operation {
        package typealias Input = PutUserPolicyRequest
        package typealias Output = EmptyShape
        package static let name = "PutUserPolicy"
    }

    package enum GetUserPolicy: AWSWire.Operation {
        package typealias Input = GetUserPolicyRequest
        package typealias Output = GetUserPolicyResponse
        package static let name = "GetUserPolicy"
    }

    package enum DeleteUserPolicy: AWSWire.Operation {
        package typealias Input = DeleteUserPolicyRequest
        package typealias Output = EmptyShape
        package static let name = "DeleteUserPolicy"
    }

    package enum ListUserPolicies: AWSWire.Operation {
        package typealias Input = ListUserPoliciesRequest
        package typealias Output = ListUserPoliciesResponse
        package static let name = "ListUserPolicies"
    }

    package enum AttachUserPolicy: AWSWire.Operation {
        package typealias Input = AttachUserPolicyRequest
        package typealias Output = EmptyShape
        package static let name = "AttachUserPolicy"
    }

    package enum DetachUserPolicy: AWSWire.Operation {
        package typealias Input = DetachUserPolicyRequest
        package typealias Output = EmptyShape
        package static let name = "DetachUserPolicy"
    }

    package enum ListAttachedUserPolicies: AWSWire.Operation {
        package typealias Input = ListAttachedUserPoliciesRequest
        package typealias Output = ListAttachedUserPoliciesResponse
        package static let name = "ListAttachedUserPolicies"
    }

    package struct PutUserPolicyRequest: WireShape, Equatable {
        package var userName: String?
        package var policyName: String?
        package var policyDocument: String?

        package init(
            userName: String? = nil,
            policyName: String? = nil,
            policyDocument: String? = nil
        ) {
            self.userName = userName
            self.policyName = policyName
            self.policyDocument = policyDocument
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case policyName = "PolicyName"
            case policyDocument = "PolicyDocument"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .required, Rules.existingUserNameType)
            checker.string(self.policyName, "policyName", .required, Rules.policyNameType)
            checker.string(self.policyDocument, "policyDocument", .required, Rules.policyDocumentType)
        }
    }

    package struct GetUserPolicyRequest: WireShape, Equatable {
        package var userName: String?
        package var policyName: String?

        package init(
            userName: String? = nil,
            policyName: String? = nil
        ) {
            self.userName = userName
            self.policyName = policyName
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case policyName = "PolicyName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .required, Rules.existingUserNameType)
            checker.string(self.policyName, "policyName", .required, Rules.policyNameType)
        }
    }

    package struct GetUserPolicyResponse: WireShape, Equatable {
        package var userName: String?
        package var policyName: String?
        package var policyDocument: String?

        package init(
            userName: String? = nil,
            policyName: String? = nil,
            policyDocument: String? = nil
        ) {
            self.userName = userName
            self.policyName = policyName
            self.policyDocument = policyDocument
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case policyName = "PolicyName"
            case policyDocument = "PolicyDocument"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteUserPolicyRequest: WireShape, Equatable {
        package var userName: String?
        package var policyName: String?

        package init(
            userName: String? = nil,
            policyName: String? = nil
        ) {
            self.userName = userName
            self.policyName = policyName
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case policyName = "PolicyName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .required, Rules.existingUserNameType)
            checker.string(self.policyName, "policyName", .required, Rules.policyNameType)
        }
    }

    package struct ListUserPoliciesRequest: WireShape, Equatable {
        package var userName: String?
        package var marker: String?
        package var maxItems: Int?

        package init(
            userName: String? = nil,
            marker: String? = nil,
            maxItems: Int? = nil
        ) {
            self.userName = userName
            self.marker = marker
            self.maxItems = maxItems
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case marker = "Marker"
            case maxItems = "MaxItems"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .required, Rules.existingUserNameType)
            checker.string(self.marker, "marker", .optional, Rules.markerType)
            checker.number(self.maxItems, "maxItems", .optional, Rules.maxItemsType)
        }
    }

    package struct ListUserPoliciesResponse: WireShape, Equatable {
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

    package struct AttachUserPolicyRequest: WireShape, Equatable {
        package var userName: String?
        package var policyArn: String?

        package init(
            userName: String? = nil,
            policyArn: String? = nil
        ) {
            self.userName = userName
            self.policyArn = policyArn
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case policyArn = "PolicyArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .required, Rules.userNameType)
            checker.string(self.policyArn, "policyArn", .required, Rules.arnType)
        }
    }

    package struct DetachUserPolicyRequest: WireShape, Equatable {
        package var userName: String?
        package var policyArn: String?

        package init(
            userName: String? = nil,
            policyArn: String? = nil
        ) {
            self.userName = userName
            self.policyArn = policyArn
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case policyArn = "PolicyArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .required, Rules.userNameType)
            checker.string(self.policyArn, "policyArn", .required, Rules.arnType)
        }
    }

    package struct ListAttachedUserPoliciesRequest: WireShape, Equatable {
        package var userName: String?
        package var pathPrefix: String?
        package var marker: String?
        package var maxItems: Int?

        package init(
            userName: String? = nil,
            pathPrefix: String? = nil,
            marker: String? = nil,
            maxItems: Int? = nil
        ) {
            self.userName = userName
            self.pathPrefix = pathPrefix
            self.marker = marker
            self.maxItems = maxItems
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case pathPrefix = "PathPrefix"
            case marker = "Marker"
            case maxItems = "MaxItems"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .required, Rules.userNameType)
            checker.string(self.pathPrefix, "pathPrefix", .optional, Rules.policyPathType)
            checker.string(self.marker, "marker", .optional, Rules.markerType)
            checker.number(self.maxItems, "maxItems", .optional, Rules.maxItemsType)
        }
    }

    package struct ListAttachedUserPoliciesResponse: WireShape, Equatable {
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
}
