// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension IAM {
    package enum CreateRole: AWSWire.Operation {
        package typealias Input = CreateRoleRequest
        package typealias Output = CreateRoleResponse
        package static let name = "CreateRole"
    }

    package enum GetRole: AWSWire.Operation {
        package typealias Input = GetRoleRequest
        package typealias Output = GetRoleResponse
        package static let name = "GetRole"
    }

    package enum ListRoles: AWSWire.Operation {
        package typealias Input = ListRolesRequest
        package typealias Output = ListRolesResponse
        package static let name = "ListRoles"
    }

    package enum DeleteRole: AWSWire.Operation {
        package typealias Input = DeleteRoleRequest
        package typealias Output = EmptyShape
        package static let name = "DeleteRole"
    }

    package enum UpdateAssumeRolePolicy: AWSWire.Operation {
        package typealias Input = UpdateAssumeRolePolicyRequest
        package typealias Output = EmptyShape
        package static let name = "UpdateAssumeRolePolicy"
    }

    package enum TagRole: AWSWire.Operation {
        package typealias Input = TagRoleRequest
        package typealias Output = EmptyShape
        package static let name = "TagRole"
    }

    package struct CreateRoleRequest: WireShape, Equatable {
        package var path: String?
        package var roleName: String?
        package var assumeRolePolicyDocument: String?
        package var description: String?
        package var maxSessionDuration: Int?
        package var permissionsBoundary: String?
        package var tags: [Tag]?

        package init(
            path: String? = nil,
            roleName: String? = nil,
            assumeRolePolicyDocument: String? = nil,
            description: String? = nil,
            maxSessionDuration: Int? = nil,
            permissionsBoundary: String? = nil,
            tags: [Tag]? = nil
        ) {
            self.path = path
            self.roleName = roleName
            self.assumeRolePolicyDocument = assumeRolePolicyDocument
            self.description = description
            self.maxSessionDuration = maxSessionDuration
            self.permissionsBoundary = permissionsBoundary
            self.tags = tags
        }

        package enum CodingKeys: String, CodingKey {
            case path = "Path"
            case roleName = "RoleName"
            case assumeRolePolicyDocument = "AssumeRolePolicyDocument"
            case description = "Description"
            case maxSessionDuration = "MaxSessionDuration"
            case permissionsBoundary = "PermissionsBoundary"
            case tags = "Tags"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.path, "path", .optional, Rules.pathType)
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.string(self.assumeRolePolicyDocument, "assumeRolePolicyDocument", .required, Rules.policyDocumentType)
            checker.string(self.description, "description", .optional, Rules.roleDescriptionType)
            checker.number(self.maxSessionDuration, "maxSessionDuration", .optional, Rules.roleMaxSessionDurationType)
            checker.string(self.permissionsBoundary, "permissionsBoundary", .optional, Rules.arnType)
            checker.list(self.tags, "tags", .optional, Rules.tagListType) { $1.validate(&$0) }
        }
    }

    package struct CreateRoleResponse: WireShape, Equatable {
        package var role: Role?

        package init(
            role: Role? = nil
        ) {
            self.role = role
        }

        package enum CodingKeys: String, CodingKey {
            case role = "Role"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct Role: WireShape, Equatable {
        package var path: String?
        package var roleName: String?
        package var roleId: String?
        package var arn: String?
        package var createDate: Timestamp?
        package var assumeRolePolicyDocument: String?
        package var description: String?
        package var maxSessionDuration: Int?
        package var permissionsBoundary: AttachedPermissionsBoundary?
        package var tags: [Tag]?
        package var roleLastUsed: RoleLastUsed?

        package init(
            path: String? = nil,
            roleName: String? = nil,
            roleId: String? = nil,
            arn: String? = nil,
            createDate: Timestamp? = nil,
            assumeRolePolicyDocument: String? = nil,
            description: String? = nil,
            maxSessionDuration: Int? = nil,
            permissionsBoundary: AttachedPermissionsBoundary? = nil,
            tags: [Tag]? = nil,
            roleLastUsed: RoleLastUsed? = nil
        ) {
            self.path = path
            self.roleName = roleName
            self.roleId = roleId
            self.arn = arn
            self.createDate = createDate
            self.assumeRolePolicyDocument = assumeRolePolicyDocument
            self.description = description
            self.maxSessionDuration = maxSessionDuration
            self.permissionsBoundary = permissionsBoundary
            self.tags = tags
            self.roleLastUsed = roleLastUsed
        }

        package enum CodingKeys: String, CodingKey {
            case path = "Path"
            case roleName = "RoleName"
            case roleId = "RoleId"
            case arn = "Arn"
            case createDate = "CreateDate"
            case assumeRolePolicyDocument = "AssumeRolePolicyDocument"
            case description = "Description"
            case maxSessionDuration = "MaxSessionDuration"
            case permissionsBoundary = "PermissionsBoundary"
            case tags = "Tags"
            case roleLastUsed = "RoleLastUsed"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct RoleLastUsed: WireShape, Equatable {
        package var lastUsedDate: Timestamp?
        package var region: String?

        package init(
            lastUsedDate: Timestamp? = nil,
            region: String? = nil
        ) {
            self.lastUsedDate = lastUsedDate
            self.region = region
        }

        package enum CodingKeys: String, CodingKey {
            case lastUsedDate = "LastUsedDate"
            case region = "Region"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct GetRoleRequest: WireShape, Equatable {
        package var roleName: String?

        package init(
            roleName: String? = nil
        ) {
            self.roleName = roleName
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
        }
    }

    package struct GetRoleResponse: WireShape, Equatable {
        package var role: Role?

        package init(
            role: Role? = nil
        ) {
            self.role = role
        }

        package enum CodingKeys: String, CodingKey {
            case role = "Role"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListRolesRequest: WireShape, Equatable {
        package var pathPrefix: String?
        package var marker: String?
        package var maxItems: Int?

        package init(
            pathPrefix: String? = nil,
            marker: String? = nil,
            maxItems: Int? = nil
        ) {
            self.pathPrefix = pathPrefix
            self.marker = marker
            self.maxItems = maxItems
        }

        package enum CodingKeys: String, CodingKey {
            case pathPrefix = "PathPrefix"
            case marker = "Marker"
            case maxItems = "MaxItems"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.pathPrefix, "pathPrefix", .optional, Rules.pathPrefixType)
            checker.string(self.marker, "marker", .optional, Rules.markerType)
            checker.number(self.maxItems, "maxItems", .optional, Rules.maxItemsType)
        }
    }

    package struct ListRolesResponse: WireShape, Equatable {
        package var roles: [Role]?
        package var isTruncated: Bool?
        package var marker: String?

        package init(
            roles: [Role]? = nil,
            isTruncated: Bool? = nil,
            marker: String? = nil
        ) {
            self.roles = roles
            self.isTruncated = isTruncated
            self.marker = marker
        }

        package enum CodingKeys: String, CodingKey {
            case roles = "Roles"
            case isTruncated = "IsTruncated"
            case marker = "Marker"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteRoleRequest: WireShape, Equatable {
        package var roleName: String?

        package init(
            roleName: String? = nil
        ) {
            self.roleName = roleName
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
        }
    }

    package struct UpdateAssumeRolePolicyRequest: WireShape, Equatable {
        package var roleName: String?
        package var policyDocument: String?

        package init(
            roleName: String? = nil,
            policyDocument: String? = nil
        ) {
            self.roleName = roleName
            self.policyDocument = policyDocument
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case policyDocument = "PolicyDocument"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.string(self.policyDocument, "policyDocument", .required, Rules.policyDocumentType)
        }
    }

    package struct TagRoleRequest: WireShape, Equatable {
        package var roleName: String?
        package var tags: [Tag]?

        package init(
            roleName: String? = nil,
            tags: [Tag]? = nil
        ) {
            self.roleName = roleName
            self.tags = tags
        }

        package enum CodingKeys: String, CodingKey {
            case roleName = "RoleName"
            case tags = "Tags"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.roleName, "roleName", .required, Rules.roleNameType)
            checker.list(self.tags, "tags", .required, Rules.tagListType) { $1.validate(&$0) }
        }
    }
}
