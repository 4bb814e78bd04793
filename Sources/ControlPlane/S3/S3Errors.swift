import AWSWire
import ObjectStore

/// The vocabulary of S3's errors.
extension ServiceError {
    static let accessDenied = ServiceError("AccessDenied", "Access Denied", status: 403)

    static let malformedXML = ServiceError(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema"
    )

    static func invalidArgument(_ message: String, name: String, value: String) -> ServiceError {
        ServiceError("InvalidArgument", message, members: ["ArgumentName": name, "ArgumentValue": value])
    }

    static func invalidRequest(_ message: String) -> ServiceError { ServiceError("InvalidRequest", message) }

    /// 501, which clients do not retry; `what` is the operation, or the part of it, that is missing here.
    static func notImplemented(_ what: String) -> ServiceError {
        ServiceError("NotImplemented", "\(what) is not implemented by this Clary.", status: 501)
    }

    /// 412; `condition` is the header that does not hold.
    static func preconditionFailed(_ condition: String) -> ServiceError {
        ServiceError(
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
            status: 412,
            members: ["Condition": condition]
        )
    }
}

extension ObjectStoreError {
    /// The one mapping from the store's errors to S3's.
    var serviceError: ServiceError {
        switch self {
        case .invalidBucketName(let name):
            ServiceError(
                "InvalidBucketName",
                "The specified bucket is not valid.",
                members: ["BucketName": name]
            )
        case .noSuchBucket(let name):
            ServiceError(
                "NoSuchBucket",
                "The specified bucket does not exist",
                status: 404,
                members: ["BucketName": name]
            )
        case .bucketNotEmpty(let name):
            ServiceError(
                "BucketNotEmpty",
                "The bucket you tried to delete is not empty",
                status: 409,
                members: ["BucketName": name]
            )
        case .bucketExists(let bucket):
            ServiceError(
                "BucketAlreadyExists",
                """
                The requested bucket name is not available. The bucket namespace is shared by all users of the \
                system. Please select a different name and try again.
                """,
                status: 409,
                members: ["BucketName": bucket.name]
            )
        case .emptyKey: .invalidRequest("The key is empty.")
        case .keyTooLong(let bytes):
            ServiceError(
                "KeyTooLongError",
                "Your key is too long",
                members: ["Size": "\(bytes)", "MaxSizeAllowed": "1024"]
            )
        case .noSuchKey(let key):
            ServiceError(
                "NoSuchKey",
                "The specified key does not exist.",
                status: 404,
                members: ["Key": key.description]
            )
        case .noSuchVersion(let key, let version):
            ServiceError(
                "NoSuchVersion",
                "The specified version does not exist.",
                status: 404,
                members: ["Key": key.description, "VersionId": version]
            )
        case .deleted(let marker, let isNamed): Self.deleted(marker, isNamed: isNamed)
        case .locked:
            ServiceError(
                "AccessDenied",
                "Access Denied because object protected by object lock.",
                status: 403
            )
        case .preconditionFailed(let condition):
            if case .matches = condition {
                .preconditionFailed("If-Match")
            } else {
                .preconditionFailed("If-None-Match")
            }
        case .digestMismatch(let digest, let expected, let computed):
            ServiceError(
                "BadDigest",
                digest == "MD5"
                    ? "The Content-MD5 you specified did not match what we received."
                    : "The \(digest) you specified did not match the calculated checksum.",
                members: ["ExpectedDigest": expected, "CalculatedDigest": computed]
            )
        case .wrongLength(let announced, let received):
            ServiceError(
                "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP header",
                members: ["NumberBytesExpected": "\(announced)", "NumberBytesProvided": "\(received)"]
            )
        case .tooLarge(let size, let limit):
            ServiceError(
                "EntityTooLarge",
                "Your proposed upload exceeds the maximum allowed size",
                members: ["ProposedSize": "\(size)", "MaxSizeAllowed": "\(limit)"]
            )
        case .noSuchUpload(let id):
            ServiceError(
                "NoSuchUpload",
                """
                The specified upload does not exist. The upload ID may be invalid, or the upload may have been \
                aborted or completed.
                """,
                status: 404,
                members: ["UploadId": id]
            )
        case .invalidPart(let number):
            ServiceError(
                "InvalidPart",
                """
                One or more of the specified parts could not be found.  The part may not have been uploaded, or the \
                specified entity tag may not match the part's entity tag.
                """,
                members: ["PartNumber": "\(number)"]
            )
        case .invalidPartOrder:
            ServiceError(
                "InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part number."
            )
        case .partTooSmall(let number, let size):
            ServiceError(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                members: ["PartNumber": "\(number)", "ProposedSize": "\(size)", "MinSizeAllowed": "5242880"]
            )
        case .partNumberOutOfRange(let number):
            .invalidArgument(
                "Part number must be an integer between 1 and 10000, inclusive",
                name: "partNumber",
                value: "\(number)"
            )
        case .outOfSpace(let path):
            ServiceError(
                "InsufficientStorage",
                "The file system that holds '\(path)' is full. Free some space there; what was stored is intact.",
                status: 507
            )
        case .fileFailure(let operation, let path, let code):
            ServiceError(
                "InternalError",
                "\(operation) failed for '\(path)' with error \(code).",
                status: 500
            )
        case .absentDirectory(let path):
            ServiceError(
                "ServiceUnavailable",
                "The directory '\(path)' with objects of this bucket is not there. Is its disk mounted?",
                status: 503
            )
        case .damaged(let path):
            ServiceError(
                "InternalError",
                "The stored file '\(path)' is not what was written. See `clary scrub`.",
                status: 500
            )
        }
    }

    private static func deleted(_ marker: DeleteMarker, isNamed: Bool) -> ServiceError {
        var error =
            isNamed
            ? ServiceError(
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
                status: 405,
                members: ["ResourceType": "DeleteMarker"]
            )
            : ServiceError(
                "NoSuchKey",
                "The specified key does not exist.",
                status: 404,
                members: ["Key": marker.key.description]
            )
        error.headers["x-amz-delete-marker"] = "true"
        error.headers["x-amz-version-id"] = marker.version.description
        if isNamed { error.headers["Last-Modified"] = HTTPDate.text(marker.modified) }
        return error
    }
}
