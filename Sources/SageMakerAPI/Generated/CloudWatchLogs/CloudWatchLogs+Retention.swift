// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension CloudWatchLogs {
    package enum PutRetentionPolicy: AWSWire.Operation {
        package typealias Input = PutRetentionPolicyRequest
        package typealias Output = EmptyShape
        package static let name = "PutRetentionPolicy"
    }

    package enum DeleteRetentionPolicy: AWSWire.Operation {
        package typealias Input = DeleteRetentionPolicyRequest
        package typealias Output = EmptyShape
        package static let name = "DeleteRetentionPolicy"
    }

    package struct PutRetentionPolicyRequest: WireShape, Equatable {
        package var logGroupName: String?
        package var retentionInDays: Int?

        package init(
            logGroupName: String? = nil,
            retentionInDays: Int? = nil
        ) {
            self.logGroupName = logGroupName
            self.retentionInDays = retentionInDays
        }

        package enum CodingKeys: String, CodingKey {
            case logGroupName
            case retentionInDays
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.logGroupName, "logGroupName", .required, Rules.logGroupName)
            checker.required(self.retentionInDays, "retentionInDays")
        }
    }

    package struct DeleteRetentionPolicyRequest: WireShape, Equatable {
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
}
