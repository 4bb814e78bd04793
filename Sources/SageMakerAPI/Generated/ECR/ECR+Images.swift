// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension ECR {
    package enum DescribeImages: AWSWire.Operation {
        package typealias Input = DescribeImagesRequest
        package typealias Output = DescribeImagesResponse
        package static let name = "DescribeImages"
    }

    package enum ListImages: AWSWire.Operation {
        package typealias Input = ListImagesRequest
        package typealias Output = ListImagesResponse
        package static let name = "ListImages"
    }

    package enum BatchGetImage: AWSWire.Operation {
        package typealias Input = BatchGetImageRequest
        package typealias Output = BatchGetImageResponse
        package static let name = "BatchGetImage"
    }

    package struct DescribeImagesRequest: WireShape, Equatable {
        package var registryId: String?
        package var repositoryName: String?
        package var imageIds: [ImageIdentifier]?
        package var nextToken: String?
        package var maxResults: Int?
        package var filter: DescribeImagesFilter?

        package init(
            registryId: String? = nil,
            repositoryName: String? = nil,
            imageIds: [ImageIdentifier]? = nil,
            nextToken: String? = nil,
            maxResults: Int? = nil,
            filter: DescribeImagesFilter? = nil
        ) {
            self.registryId = registryId
            self.repositoryName = repositoryName
            self.imageIds = imageIds
            self.nextToken = nextToken
            self.maxResults = maxResults
            self.filter = filter
        }

        package enum CodingKeys: String, CodingKey {
            case registryId
            case repositoryName
            case imageIds
            case nextToken
            case maxResults
            case filter
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.registryId, "registryId", .optional, Rules.registryId)
            checker.string(self.repositoryName, "repositoryName", .required, Rules.repositoryName)
            checker.list(self.imageIds, "imageIds", .optional, Rules.imageIdentifierList) { $1.validate(&$0) }
            checker.number(self.maxResults, "maxResults", .optional, Rules.maxResults)
            checker.structure(self.filter, "filter", .optional)
        }
    }

    package struct ImageIdentifier: WireShape, Equatable {
        package var imageDigest: String?
        package var imageTag: String?

        package init(
            imageDigest: String? = nil,
            imageTag: String? = nil
        ) {
            self.imageDigest = imageDigest
            self.imageTag = imageTag
        }

        package enum CodingKeys: String, CodingKey {
            case imageDigest
            case imageTag
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.imageTag, "imageTag", .optional, Rules.imageTag)
        }
    }

    package struct DescribeImagesFilter: WireShape, Equatable {
        package var tagStatus: String?
        package var imageStatus: String?

        package init(
            tagStatus: String? = nil,
            imageStatus: String? = nil
        ) {
            self.tagStatus = tagStatus
            self.imageStatus = imageStatus
        }

        package enum CodingKeys: String, CodingKey {
            case tagStatus
            case imageStatus
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.tagStatus, "tagStatus", .optional, Rules.tagStatus)
            checker.string(self.imageStatus, "imageStatus", .optional, Rules.imageStatusFilter)
        }
    }

    package struct DescribeImagesResponse: WireShape, Equatable {
        package var imageDetails: [ImageDetail]?
        package var nextToken: String?

        package init(
            imageDetails: [ImageDetail]? = nil,
            nextToken: String? = nil
        ) {
            self.imageDetails = imageDetails
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case imageDetails
            case nextToken
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ImageDetail: WireShape, Equatable {
        package var registryId: String?
        package var repositoryName: String?
        package var imageDigest: String?
        package var imageTags: [String]?
        package var imageSizeInBytes: Int?
        package var imagePushedAt: Timestamp?
        package var imageScanStatus: ImageScanStatus?
        package var imageScanFindingsSummary: ImageScanFindingsSummary?
        package var imageManifestMediaType: String?
        package var artifactMediaType: String?
        package var lastRecordedPullTime: Timestamp?
        package var subjectManifestDigest: String?
        package var imageStatus: String?
        package var lastArchivedAt: Timestamp?
        package var lastActivatedAt: Timestamp?

        package init(
            registryId: String? = nil,
            repositoryName: String? = nil,
            imageDigest: String? = nil,
            imageTags: [String]? = nil,
            imageSizeInBytes: Int? = nil,
            imagePushedAt: Timestamp? = nil,
            imageScanStatus: ImageScanStatus? = nil,
            imageScanFindingsSummary: ImageScanFindingsSummary? = nil,
            imageManifestMediaType: String? = nil,
            artifactMediaType: String? = nil,
            lastRecordedPullTime: Timestamp? = nil,
            subjectManifestDigest: String? = nil,
            imageStatus: String? = nil,
            lastArchivedAt: Timestamp? = nil,
            lastActivatedAt: Timestamp? = nil
        ) {
            self.registryId = registryId
            self.repositoryName = repositoryName
            self.imageDigest = imageDigest
            self.imageTags = imageTags
            self.imageSizeInBytes = imageSizeInBytes
            self.imagePushedAt = imagePushedAt
            self.imageScanStatus = imageScanStatus
            self.imageScanFindingsSummary = imageScanFindingsSummary
            self.imageManifestMediaType = imageManifestMediaType
            self.artifactMediaType = artifactMediaType
            self.lastRecordedPullTime = lastRecordedPullTime
            self.subjectManifestDigest = subjectManifestDigest
            self.imageStatus = imageStatus
            self.lastArchivedAt = lastArchivedAt
            self.lastActivatedAt = lastActivatedAt
        }

        package enum CodingKeys: String, CodingKey {
            case registryId
            case repositoryName
            case imageDigest
            case imageTags
            case imageSizeInBytes
            case imagePushedAt
            case imageScanStatus
            case imageScanFindingsSummary
            case imageManifestMediaType
            case artifactMediaType
            case lastRecordedPullTime
            case subjectManifestDigest
            case imageStatus
            case lastArchivedAt
            case lastActivatedAt
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ImageScanStatus: WireShape, Equatable {
        package var status: String?
        package var description: String?

        package init(
            status: String? = nil,
            description: String? = nil
        ) {
            self.status = status
            self.description = description
        }

        package enum CodingKeys: String, CodingKey {
            case status
            case description
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ImageScanFindingsSummary: WireShape, Equatable {
        package var imageScanCompletedAt: Timestamp?
        package var vulnerabilitySourceUpdatedAt: Timestamp?
        package var findingSeverityCounts: [String: Int]?

        package init(
            imageScanCompletedAt: Timestamp? = nil,
            vulnerabilitySourceUpdatedAt: Timestamp? = nil,
            findingSeverityCounts: [String: Int]? = nil
        ) {
            self.imageScanCompletedAt = imageScanCompletedAt
            self.vulnerabilitySourceUpdatedAt = vulnerabilitySourceUpdatedAt
            self.findingSeverityCounts = findingSeverityCounts
        }

        package enum CodingKeys: String, CodingKey {
            case imageScanCompletedAt
            case vulnerabilitySourceUpdatedAt
            case findingSeverityCounts
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ListImagesRequest: WireShape, Equatable {
        package var registryId: String?
        package var repositoryName: String?
        package var nextToken: String?
        package var maxResults: Int?
        package var filter: ListImagesFilter?

        package init(
            registryId: String? = nil,
            repositoryName: String? = nil,
            nextToken: String? = nil,
            maxResults: Int? = nil,
            filter: ListImagesFilter? = nil
        ) {
            self.registryId = registryId
            self.repositoryName = repositoryName
            self.nextToken = nextToken
            self.maxResults = maxResults
            self.filter = filter
        }

        package enum CodingKeys: String, CodingKey {
            case registryId
            case repositoryName
            case nextToken
            case maxResults
            case filter
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.registryId, "registryId", .optional, Rules.registryId)
            checker.string(self.repositoryName, "repositoryName", .required, Rules.repositoryName)
            checker.number(self.maxResults, "maxResults", .optional, Rules.maxResults)
            checker.structure(self.filter, "filter", .optional)
        }
    }

    package struct ListImagesFilter: WireShape, Equatable {
        package var tagStatus: String?
        package var imageStatus: String?

        package init(
            tagStatus: String? = nil,
            imageStatus: String? = nil
        ) {
            self.tagStatus = tagStatus
            self.imageStatus = imageStatus
        }

        package enum CodingKeys: String, CodingKey {
            case tagStatus
            case imageStatus
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.tagStatus, "tagStatus", .optional, Rules.tagStatus)
            checker.string(self.imageStatus, "imageStatus", .optional, Rules.imageStatusFilter)
        }
    }

    package struct ListImagesResponse: WireShape, Equatable {
        package var imageIds: [ImageIdentifier]?
        package var nextToken: String?

        package init(
            imageIds: [ImageIdentifier]? = nil,
            nextToken: String? = nil
        ) {
            self.imageIds = imageIds
            self.nextToken = nextToken
        }

        package enum CodingKeys: String, CodingKey {
            case imageIds
            case nextToken
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct BatchGetImageRequest: WireShape, Equatable {
        package var registryId: String?
        package var repositoryName: String?
        package var imageIds: [ImageIdentifier]?
        package var acceptedMediaTypes: [String]?

        package init(
            registryId: String? = nil,
            repositoryName: String? = nil,
            imageIds: [ImageIdentifier]? = nil,
            acceptedMediaTypes: [String]? = nil
        ) {
            self.registryId = registryId
            self.repositoryName = repositoryName
            self.imageIds = imageIds
            self.acceptedMediaTypes = acceptedMediaTypes
        }

        package enum CodingKeys: String, CodingKey {
            case registryId
            case repositoryName
            case imageIds
            case acceptedMediaTypes
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.string(self.registryId, "registryId", .optional, Rules.registryId)
            checker.string(self.repositoryName, "repositoryName", .required, Rules.repositoryName)
            checker.list(self.imageIds, "imageIds", .required, Rules.imageIdentifierList) { $1.validate(&$0) }
            checker.strings(self.acceptedMediaTypes, "acceptedMediaTypes", .optional, Rules.mediaTypeList, each: .any)
        }
    }

    package struct BatchGetImageResponse: WireShape, Equatable {
        package var images: [Image]?
        package var failures: [ImageFailure]?

        package init(
            images: [Image]? = nil,
            failures: [ImageFailure]? = nil
        ) {
            self.images = images
            self.failures = failures
        }

        package enum CodingKeys: String, CodingKey {
            case images
            case failures
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct Image: WireShape, Equatable {
        package var registryId: String?
        package var repositoryName: String?
        package var imageId: ImageIdentifier?
        package var imageManifest: String?
        package var imageManifestMediaType: String?

        package init(
            registryId: String? = nil,
            repositoryName: String? = nil,
            imageId: ImageIdentifier? = nil,
            imageManifest: String? = nil,
            imageManifestMediaType: String? = nil
        ) {
            self.registryId = registryId
            self.repositoryName = repositoryName
            self.imageId = imageId
            self.imageManifest = imageManifest
            self.imageManifestMediaType = imageManifestMediaType
        }

        package enum CodingKeys: String, CodingKey {
            case registryId
            case repositoryName
            case imageId
            case imageManifest
            case imageManifestMediaType
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct ImageFailure: WireShape, Equatable {
        package var imageId: ImageIdentifier?
        package var failureCode: String?
        package var failureReason: String?

        package init(
            imageId: ImageIdentifier? = nil,
            failureCode: String? = nil,
            failureReason: String? = nil
        ) {
            self.imageId = imageId
            self.failureCode = failureCode
            self.failureReason = failureReason
        }

        package enum CodingKeys: String, CodingKey {
            case imageId
            case failureCode
            case failureReason
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
