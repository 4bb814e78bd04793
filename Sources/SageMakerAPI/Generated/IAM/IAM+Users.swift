// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension IAM {
    package enum CreateUser: AWSWire.Operation {
        package typealias Input = CreateUserRequest
        package typealias Output = CreateUserResponse
        package static let name = "CreateUser"
    }

    package enum GetUser: AWSWire.Operation {
        package typealias Input = GetUserRequest
        package typealias Output = GetUserResponse
        package static let name = "GetUser"
    }

    package enum ListUsers: AWSWire.Operation {
        package typealias Input = ListUsersRequest
        package typealias Output = ListUsersResponse
        package static let name = "ListUsers"
    }

    package enum DeleteUser: AWSWire.Operation {
        package typealias Input = DeleteUserRequest
        package typealias Output = EmptyShape
        package static let name = "DeleteUser"
    }

    package enum CreateAccessKey: AWSWire.Operation {
        package typealias Input = CreateAccessKeyRequest
        package typealias Output = CreateAccessKeyResponse
        package static let name = "CreateAccessKey"
    }

    package enum ListAccessKeys: AWSWire.Operation {
        package typealias Input = ListAccessKeysRequest
        package typealias Output = ListAccessKeysResponse
        package static let name = "ListAccessKeys"
    }

    package enum DeleteAccessKey: AWSWire.Operation {
        package typealias Input = DeleteAccessKeyRequest
        package typealias Output = EmptyShape
        package static let name = "DeleteAccessKey"
    }

    package struct CreateUserRequest: WireShape, Equatable {
        package var path: String?
        package var userName: String?
        package var permissionsBoundary: String?
        package var tags: [Tag]?

        package init(
            path: String? = nil,
            userName: String? = nil,
            permissionsBoundary: String? = nil,
            tags: [Tag]? = nil
        ) {
            self.path = path
            self.userName = userName
            self.permissionsBoundary = permissionsBoundary
            self.tags = tags
        }

        package enum CodingKeys: String, CodingKey {
            case path = "Path"
            case userName = "UserName"
            case permissionsBoundary = "PermissionsBoundary"
            case tags = "Tags"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.path, "path", .optional, Rules.pathType)
            checker.string(self.userName, "userName", .required, Rules.userNameType)
            checker.string(self.permissionsBoundary, "permissionsBoundary", .optional, Rules.arnType)
            checker.list(self.tags, "tags", .optional, Rules.tagListType) { $1.validate(&$0) }
        }
    }

    package struct CreateUserResponse: WireShape, Equatable {
        package var user: User?

        package init(
            user: User? = nil
        ) {
            self.user = user
        }

        package enum CodingKeys: String, CodingKey {
            case user = "User"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct User: WireShape, Equatable {
        package var path: String?
        package var userName: String?
        package var userId: String?
        package var arn: String?
        package var createDate: Timestamp?
        package var passwordLastUsed: Timestamp?
        package var permissionsBoundary: AttachedPermissionsBoundary?
        package var tags: [Tag]?

        package init(
            path: String? = nil,
            userName: String? = nil,
            userId: String? = nil,
            arn: String? = nil,
            createDate: Timestamp? = nil,
            passwordLastUsed: Timestamp? = nil,
            permissionsBoundary: AttachedPermissionsBoundary? = nil,
            tags: [Tag]? = nil
        ) {
            self.path = path
            self.userName = userName
            self.userId = userId
            self.arn = arn
            self.createDate = createDate
            self.passwordLastUsed = passwordLastUsed
            self.permissionsBoundary = permissionsBoundary
            self.tags = tags
        }

        package enum CodingKeys: String, CodingKey {
            case path = "Path"
            case userName = "UserName"
            case userId = "UserId"
            case arn = "Arn"
            case createDate = "CreateDate"
            case passwordLastUsed = "PasswordLastUsed"
            case permissionsBoundary = "PermissionsBoundary"
            case tags = "Tags"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct GetUserRequest: WireShape, Equatable {
        package var userName: String?

        package init(
            userName: String? = nil
        ) {
            self.userName = userName
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .optional, Rules.existingUserNameType)
        }
    }

    package struct GetUserResponse: WireShape, Equatable {
        package var user: User?

        package init(
            user: User? = nil
        ) {
            self.user = user
        }

        package enum CodingKeys: String, CodingKey {
            case user = "User"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListUsersRequest: WireShape, Equatable {
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

    package struct ListUsersResponse: WireShape, Equatable {
        package var users: [User]?
        package var isTruncated: Bool?
        package var marker: String?

        package init(
            users: [User]? = nil,
            isTruncated: Bool? = nil,
            marker: String? = nil
        ) {
            self.users = users
            self.isTruncated = isTruncated
            self.marker = marker
        }

        package enum CodingKeys: String, CodingKey {
            case users = "Users"
            case isTruncated = "IsTruncated"
            case marker = "Marker"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteUserRequest: WireShape, Equatable {
        package var userName: String?

        package init(
            userName: String? = nil
        ) {
            self.userName = userName
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .required, Rules.existingUserNameType)
        }
    }

    package struct CreateAccessKeyRequest: WireShape, Equatable {
        package var userName: String?

        package init(
            userName: String? = nil
        ) {
            self.userName = userName
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .optional, Rules.existingUserNameType)
        }
    }

    package struct CreateAccessKeyResponse: WireShape, Equatable {
        package var accessKey: AccessKey?

        package init(
            accessKey: AccessKey? = nil
        ) {
            self.accessKey = accessKey
        }

        package enum CodingKeys: String, CodingKey {
            case accessKey = "AccessKey"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct AccessKey: WireShape, Equatable {
        package var userName: String?
        package var accessKeyId: String?
        package var status: String?
        package var secretAccessKey: String?
        package var createDate: Timestamp?

        package init(
            userName: String? = nil,
            accessKeyId: String? = nil,
            status: String? = nil,
            secretAccessKey: String? = nil,
            createDate: Timestamp? = nil
        ) {
            self.userName = userName
            self.accessKeyId = accessKeyId
            self.status = status
            self.secretAccessKey = secretAccessKey
            self.createDate = createDate
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case accessKeyId = "AccessKeyId"
            case status = "Status"
            case secretAccessKey = "SecretAccessKey"
            case createDate = "CreateDate"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListAccessKeysRequest: WireShape, Equatable {
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
            checker.string(self.userName, "userName", .optional, Rules.existingUserNameType)
            checker.string(self.marker, "marker", .optional, Rules.markerType)
            checker.number(self.maxItems, "maxItems", .optional, Rules.maxItemsType)
        }
    }

    package struct ListAccessKeysResponse: WireShape, Equatable {
        package var accessKeyMetadata: [AccessKeyMetadata]?
        package var isTruncated: Bool?
        package var marker: String?

        package init(
            accessKeyMetadata: [AccessKeyMetadata]? = nil,
            isTruncated: Bool? = nil,
            marker: String? = nil
        ) {
            self.accessKeyMetadata = accessKeyMetadata
            self.isTruncated = isTruncated
            self.marker = marker
        }

        package enum CodingKeys: String, CodingKey {
            case accessKeyMetadata = "AccessKeyMetadata"
            case isTruncated = "IsTruncated"
            case marker = "Marker"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct AccessKeyMetadata: WireShape, Equatable {
        package var userName: String?
        package var accessKeyId: String?
        package var status: String?
        package var createDate: Timestamp?

        package init(
            userName: String? = nil,
            accessKeyId: String? = nil,
            status: String? = nil,
            createDate: Timestamp? = nil
        ) {
            self.userName = userName
            self.accessKeyId = accessKeyId
            self.status = status
            self.createDate = createDate
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case accessKeyId = "AccessKeyId"
            case status = "Status"
            case createDate = "CreateDate"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteAccessKeyRequest: WireShape, Equatable {
        package var userName: String?
        package var accessKeyId: String?

        package init(
            userName: String? = nil,
            accessKeyId: String? = nil
        ) {
            self.userName = userName
            self.accessKeyId = accessKeyId
        }

        package enum CodingKeys: String, CodingKey {
            case userName = "UserName"
            case accessKeyId = "AccessKeyId"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.userName, "userName", .optional, Rules.existingUserNameType)
            checker.string(self.accessKeyId, "accessKeyId", .required, Rules.accessKeyIdType)
        }
    }
}
