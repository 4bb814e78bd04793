// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension IAM {
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

    package struct AttachedPermissionsBoundary: WireShape, Equatable {
        package var permissionsBoundaryType: String?
        package var permissionsBoundaryArn: String?

        package init(
            permissionsBoundaryType: String? = nil,
            permissionsBoundaryArn: String? = nil
        ) {
            self.permissionsBoundaryType = permissionsBoundaryType
            self.permissionsBoundaryArn = permissionsBoundaryArn
        }

        package enum CodingKeys: String, CodingKey {
            case permissionsBoundaryType = "PermissionsBoundaryType"
            case permissionsBoundaryArn = "PermissionsBoundaryArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct AttachedPolicy: WireShape, Equatable {
        package var policyName: String?
        package var policyArn: String?

        package init(
            policyName: String? = nil,
            policyArn: String? = nil
        ) {
            self.policyName = policyName
            self.policyArn = policyArn
        }

        package enum CodingKeys: String, CodingKey {
            case policyName = "PolicyName"
            case policyArn = "PolicyArn"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
