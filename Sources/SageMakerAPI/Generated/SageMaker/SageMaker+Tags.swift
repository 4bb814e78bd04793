// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension SageMaker {
    package enum AddTags: AWSWire.Operation {
        package typealias Input = AddTagsInput
        package typealias Output = AddTagsOutput
        package static let name = "AddTags"
    }

    package enum ListTags: AWSWire.Operation {
        package typealias Input = ListTagsInput
        package typealias Output = ListTagsOutput
        package static let name = "ListTags"
    }

    package enum DeleteTags: AWSWire.Operation {
        package typealias Input = DeleteTagsInput
        package typealias Output = DeleteTagsOutput
        package static let name = "DeleteTags"
    }

    package struct AddTagsInput: WireShape, Equatable {
        package var resourceArn: String?
        package var tags: [Tag]?

        package init(
            resourceArn: String? = nil,
            tags: [Tag]? = nil
        ) {
            self.resourceArn = resourceArn
            self.tags = tags
        }

        package enum CodingKeys: String, CodingKey {
            case resourceArn = "ResourceArn"
            case tags = "Tags"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.resourceArn, "resourceArn", .required, Rules.resourceArn)
            checker.list(self.tags, "tags", .required, Rules.tagList) { $1.validate(&$0) }
        }
    }

    package struct AddTagsOutput: WireShape, Equatable {
        package var tags: [Tag]?

        package init(
            tags: [Tag]? = nil
        ) {
            self.tags = tags
        }

        package enum CodingKeys: String, CodingKey {
            case tags = "Tags"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListTagsInput: WireShape, Equatable {
        package var resourceArn: String?
        package var nextToken: String?
        package var maxResults: Int?

        package init(
            resourceArn: String? = nil,
            nextToken: String? = nil,
            maxResults: Int? = nil
        ) {
            self.resourceArn = resourceArn
            self.nextToken = nextToken
            self.maxResults = maxResults
        }

        package enum CodingKeys: String, CodingKey {
            case resourceArn = "ResourceArn"
            case nextToken = "NextToken"
            case maxResults = "MaxResults"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.resourceArn, "resourceArn", .required, Rules.resourceArn)
            checker.string(self.nextToken, "nextToken", .optional, Rules.nextToken)
            checker.number(self.maxResults, "maxResults", .optional, Rules.listTagsMaxResults)
        }
    }

    package struct ListTagsOutput: WireShape, Equatable {
        package var tags: [Tag]?
        package var nextToken: String?

        package init(
            tags: [Tag]? = nil,
            nextToken: String? = nil
        ) {
            self.tags = tags
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case tags = "Tags"
            case nextToken = "NextToken"
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteTagsInput: WireShape, Equatable {
        package var resourceArn: String?
        package var tagKeys: [String]?

        package init(
            resourceArn: String? = nil,
            tagKeys: [String]? = nil
        ) {
            self.resourceArn = resourceArn
            self.tagKeys = tagKeys
        }

        package enum CodingKeys: String, CodingKey {
            case resourceArn = "ResourceArn"
            case tagKeys = "TagKeys"
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.resourceArn, "resourceArn", .required, Rules.resourceArn)
            checker.strings(self.tagKeys, "tagKeys", .required, Rules.tagKeyList, each: Rules.tagKey)
        }
    }

    package struct DeleteTagsOutput: WireShape, Equatable {
        package init() {}

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
