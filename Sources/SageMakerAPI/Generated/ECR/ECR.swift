// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

/// Amazon Elastic Container Registry, API version 2015-09-21.
package enum ECR {
    package static let apiVersion = "2015-09-21"
    /// What stands before the dot in `X-Amz-Target`.
    package static let targetPrefix = "AmazonEC2ContainerRegistry_V20150921"

    /// Every operation that the service has, built here or not.
    package static let operationNames: Set<String> = [
        "BatchCheckLayerAvailability",
        "BatchDeleteImage",
        "BatchGetImage",
        "BatchGetRepositoryScanningConfiguration",
        "CompleteLayerUpload",
        "CreatePullThroughCacheRule",
        "CreateRepository",
        "CreateRepositoryCreationTemplate",
        "DeleteLifecyclePolicy",
        "DeletePullThroughCacheRule",
        "DeleteRegistryPolicy",
        "DeleteRepository",
        "DeleteRepositoryCreationTemplate",
        "DeleteRepositoryPolicy",
        "DeleteSigningConfiguration",
        "DeregisterPullTimeUpdateExclusion",
        "DescribeImageReplicationStatus",
        "DescribeImageScanFindings",
        "DescribeImageSigningStatus",
        "DescribeImages",
        "DescribePullThroughCacheRules",
        "DescribeRegistry",
        "DescribeRepositories",
        "DescribeRepositoryCreationTemplates",
        "GetAccountSetting",
        "GetAuthorizationToken",
        "GetDownloadUrlForLayer",
        "GetLifecyclePolicy",
        "GetLifecyclePolicyPreview",
        "GetRegistryPolicy",
        "GetRegistryScanningConfiguration",
        "GetRepositoryPolicy",
        "GetSigningConfiguration",
        "InitiateLayerUpload",
        "ListImageReferrers",
        "ListImages",
        "ListPullTimeUpdateExclusions",
        "ListTagsForResource",
        "PutAccountSetting",
        "PutImage",
        "PutImageScanningConfiguration",
        "PutImageTagMutability",
        "PutLifecyclePolicy",
        "PutRegistryPolicy",
        "PutRegistryScanningConfiguration",
        "PutReplicationConfiguration",
        "PutSigningConfiguration",
        "RegisterPullTimeUpdateExclusion",
        "SetRepositoryPolicy",
        "StartImageScan",
        "StartLifecyclePolicyPreview",
        "TagResource",
        "UntagResource",
        "UpdateImageStorageClass",
        "UpdatePullThroughCacheRule",
        "UpdateRepositoryCreationTemplate",
        "UploadLayerPart",
        "ValidatePullThroughCacheRule",
    ]
}

extension ECR {
    /// The errors that the model declares for the operations built here.
    package enum Failure {
        /// `ImageNotFoundException`, HTTP 400.
        package static func imageNotFound(_ message: String) -> ServiceError { ServiceError("ImageNotFoundException", message) }
        /// `InvalidParameterException`, HTTP 400.
        package static func invalidParameter(_ message: String) -> ServiceError { ServiceError("InvalidParameterException", message) }
        /// `InvalidTagParameterException`, HTTP 400.
        package static func invalidTagParameter(_ message: String) -> ServiceError { ServiceError("InvalidTagParameterException", message) }
        /// `KmsException`, HTTP 400.
        package static func kms(_ message: String) -> ServiceError { ServiceError("KmsException", message) }
        /// `LimitExceededException`, HTTP 400.
        package static func limitExceeded(_ message: String) -> ServiceError { ServiceError("LimitExceededException", message) }
        /// `RepositoryAlreadyExistsException`, HTTP 400.
        package static func repositoryAlreadyExists(_ message: String) -> ServiceError { ServiceError("RepositoryAlreadyExistsException", message) }
        /// `RepositoryNotEmptyException`, HTTP 400.
        package static func repositoryNotEmpty(_ message: String) -> ServiceError { ServiceError("RepositoryNotEmptyException", message) }
        /// `RepositoryNotFoundException`, HTTP 400.
        package static func repositoryNotFound(_ message: String) -> ServiceError { ServiceError("RepositoryNotFoundException", message) }
        /// `ServerException`, HTTP 400.
        package static func server(_ message: String) -> ServiceError { ServiceError("ServerException", message) }
        /// `TooManyTagsException`, HTTP 400.
        package static func tooManyTags(_ message: String) -> ServiceError { ServiceError("TooManyTagsException", message) }
        /// `UnableToGetUpstreamImageException`, HTTP 400.
        package static func unableToGetUpstreamImage(_ message: String) -> ServiceError { ServiceError("UnableToGetUpstreamImageException", message) }
    }
}
