// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension ECR {
    package enum CreateRepository: AWSWire.Operation {
        package typealias Input = CreateRepositoryRequest
        package typealias Output = CreateRepositoryResponse
        package static let name = "CreateRepository"
    }

    package enum DescribeRepositories: AWSWire.Operation {
        package typealias Input = DescribeRepositoriesRequest
        package typealias Output = DescribeRepositoriesResponse
        package static let name = "DescribeRepositories"
    }

    package enum DeleteRepository: AWSWire.Operation {
        package typealias Input = DeleteRepositoryRequest
        package typealias Output = DeleteRepositoryResponse
        package static let name = "DeleteRepository"
    }

    package struct CreateRepositoryRequest: WireShape, Equatable {
        package var registryId: String?
        package var repositoryName: String?
        package var tags: [Tag]?
        package var imageTagMutability: String?
        package var imageTagMutabilityExclusionFilters: [ImageTagMutabilityExclusionFilter]?
        package var imageScanningConfiguration: ImageScanningConfiguration?
        package var encryptionConfiguration: EncryptionConfiguration?

        package init(
            registryId: String? = nil,
            repositoryName: String? = nil,
            tags: [Tag]? = nil,
            imageTagMutability: String? = nil,
            imageTagMutabilityExclusionFilters: [ImageTagMutabilityExclusionFilter]? = nil,
            imageScanningConfiguration: ImageScanningConfiguration? = nil,
            encryptionConfiguration: EncryptionConfiguration? = nil
        ) {
            self.registryId = registryId
            self.repositoryName = repositoryName
            self.tags = tags
            self.imageTagMutability = imageTagMutability
            self.imageTagMutabilityExclusionFilters = imageTagMutabilityExclusionFilters
            self.imageScanningConfiguration = imageScanningConfiguration
            self.encryptionConfiguration = encryptionConfiguration
        }

        package enum CodingKeys: String, CodingKey {
            case registryId
            case repositoryName
            case tags
            case imageTagMutability
            case imageTagMutabilityExclusionFilters
            case imageScanningConfiguration
            case encryptionConfiguration
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.registryId, "registryId", .optional, Rules.registryId)
            checker.string(self.repositoryName, "repositoryName", .required, Rules.repositoryName)
            checker.list(self.tags, "tags", .optional, .any) { $1.validate(&$0) }
            checker.string(self.imageTagMutability, "imageTagMutability", .optional, Rules.imageTagMutability)
            checker.list(self.imageTagMutabilityExclusionFilters, "imageTagMutabilityExclusionFilters", .optional, Rules.imageTagMutabilityExclusionFilters) { $1.validate(&$0) }
            checker.structure(self.imageScanningConfiguration, "imageScanningConfiguration", .optional)
            checker.structure(self.encryptionConfiguration, "encryptionConfiguration", .optional)
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
            checker.required(self.key, "key")
            checker.required(self.value, "value")
        }
    }

    package struct ImageTagMutabilityExclusionFilter: WireShape, Equatable {
        package var filterType: String?
        package var filter: String?

        package init(
            filterType: String? = nil,
            filter: String? = nil
        ) {
            self.filterType = filterType
            self.filter = filter
        }

        package enum CodingKeys: String, CodingKey {
            case filterType
            case filter
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.filterType, "filterType", .required, Rules.imageTagMutabilityExclusionFilterType)
            checker.string(self.filter, "filter", .required, Rules.imageTagMutabilityExclusionFilterValue)
        }
    }

    package struct ImageScanningConfiguration: WireShape, Equatable {
        package var scanOnPush: Bool?

        package init(
            scanOnPush: Bool? = nil
        ) {
            self.scanOnPush = scanOnPush
        }

        package enum CodingKeys: String, CodingKey {
            case scanOnPush
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct EncryptionConfiguration: WireShape, Equatable {
        package var encryptionType: String?
        package var kmsKey: String?

        package init(
            encryptionType: String? = nil,
            kmsKey: String? = nil
        ) {
            self.encryptionType = encryptionType
            self.kmsKey = kmsKey
        }

        package enum CodingKeys: String, CodingKey {
            case encryptionType
            case kmsKey
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.encryptionType, "encryptionType", .required, Rules.encryptionType)
            checker.string(self.kmsKey, "kmsKey", .optional, Rules.kmsKey)
        }
    }

    package struct CreateRepositoryResponse: WireShape, Equatable {
        package var repository: Repository?

        package init(
            repository: Repository? = nil
        ) {
            self.repository = repository
        }

        package enum CodingKeys: String, CodingKey {
            case repository
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct Repository: WireShape, Equatable {
        package var repositoryArn: String?
        package var registryId: String?
        package var repositoryName: String?
        package var repositoryUri: String?
        package var createdAt: Timestamp?
        package var imageTagMutability: String?
        package var imageTagMutabilityExclusionFilters: [ImageTagMutabilityExclusionFilter]?
        package var imageScanningConfiguration: ImageScanningConfiguration?
        package var encryptionConfiguration: EncryptionConfiguration?

        package init(
            repositoryArn: String? = nil,
            registryId: String? = nil,
            repositoryName: String? = nil,
            repositoryUri: String? = nil,
            createdAt: Timestamp? = nil,
            imageTagMutability: String? = nil,
            imageTagMutabilityExclusionFilters: [ImageTagMutabilityExclusionFilter]? = nil,
            imageScanningConfiguration: ImageScanningConfiguration? = nil,
            encryptionConfiguration: EncryptionConfiguration? = nil
        ) {
            self.repositoryArn = repositoryArn
            self.registryId = registryId
            self.repositoryName = repositoryName
            self.repositoryUri = repositoryUri
            self.createdAt = createdAt
            self.imageTagMutability = imageTagMutability
            self.imageTagMutabilityExclusionFilters = imageTagMutabilityExclusionFilters
            self.imageScanningConfiguration = imageScanningConfiguration
            self.encryptionConfiguration = encryptionConfiguration
        }

        package enum CodingKeys: String, CodingKey {
            case repositoryArn
            case registryId
            case repositoryName
            case repositoryUri
            case createdAt
            case imageTagMutability
            case imageTagMutabilityExclusionFilters
            case imageScanningConfiguration
            case encryptionConfiguration
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DescribeRepositoriesRequest: WireShape, Equatable {
        package var registryId: String?
        package var repositoryNames: [String]?
        package var nextToken: String?
        package var maxResults: Int?

        package init(
            registryId: String? = nil,
            repositoryNames: [String]? = nil,
            nextToken: String? = nil,
            maxResults: Int? = nil
        ) {
            self.registryId = registryId
            self.repositoryNames = repositoryNames
            self.nextToken = nextToken
            self.maxResults = maxResults
        }

        package enum CodingKeys: String, CodingKey {
            case registryId
            case repositoryNames
            case nextToken
            case maxResults
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.registryId, "registryId", .optional, Rules.registryId)
            checker.strings(self.repositoryNames, "repositoryNames", .optional, Rules.repositoryNameList, each: Rules.repositoryName)
            checker.number(self.maxResults, "maxResults", .optional, Rules.maxResults)
        }
    }

    package struct DescribeRepositoriesResponse: WireShape, Equatable {
        package var repositories: [Repository]?
        package var nextToken: String?

        package init(
            repositories: [Repository]? = nil,
            nextToken: String? = nil
        ) {
            self.repositories = repositories
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case repositories
            case nextToken
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct DeleteRepositoryRequest: WireShape, Equatable {
        package var registryId: String?
        package var repositoryName: String?
        package var force: Bool?

        package init(
            registryId: String? = nil,
            repositoryName: String? = nil,
            force: Bool? = nil
        ) {
            self.registryId = registryId
            self.repositoryName = repositoryName
            self.force = force
        }

        package enum CodingKeys: String, CodingKey {
            case registryId
            case repositoryName
            case force
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.registryId, "registryId", .optional, Rules.registryId)
            checker.string(self.repositoryName, "repositoryName", .required, Rules.repositoryName)
        }
    }

    package struct DeleteRepositoryResponse: WireShape, Equatable {
        package var repository: Repository?

        package init(
            repository: Repository? = nil
        ) {
            self.repository = repository
        }

        package enum CodingKeys: String, CodingKey {
            case repository
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
