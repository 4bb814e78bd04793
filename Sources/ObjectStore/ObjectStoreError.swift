/// Why the store did not do what it was asked.
package enum ObjectStoreError: Error, Equatable, Sendable {
    case invalidBucketName(String)
    case noSuchBucket(String)
    /// The name is taken, perhaps by another account.
    case bucketExists(Bucket)
    case bucketNotEmpty(String)

    case emptyKey
    case keyTooLong(bytes: Int)
    case noSuchKey(ObjectKey)
    case noSuchVersion(ObjectKey, String)
    /// What was asked for is a delete marker.
    ///
    /// - Parameters:
    ///   - marker: The marker.
    ///   - isNamed: Whether the version was asked for; otherwise the key has no object now.
    case deleted(DeleteMarker, isNamed: Bool)
    /// The version is kept from deletion by a retention or a legal hold.
    case locked(ObjectKey)
    /// A condition on the object that is replaced or read does not hold.
    case preconditionFailed(WriteCondition)

    /// The bytes do not have the digest that the client announced.
    ///
    /// - Parameters:
    ///   - digest: `MD5` or the name of a checksum algorithm.
    ///   - expected: Announced value, base64.
    ///   - computed: Value of the bytes that arrived, base64.
    case digestMismatch(digest: String, expected: String, computed: String)
    /// More or fewer bytes arrived than were announced.
    case wrongLength(announced: Int, received: Int)
    /// An object or part larger than the store takes.
    case tooLarge(size: Int, limit: Int)

    case noSuchUpload(String)
    /// A part of the list was never uploaded, or with other content.
    case invalidPart(number: Int)
    case invalidPartOrder
    /// A part that is not the last is smaller than 5 MiB.
    case partTooSmall(number: Int, size: Int)
    case partNumberOutOfRange(Int)

    /// The file system is full; what was there before is untouched.
    case outOfSpace(path: String)
    /// The operating system refused a file operation.
    case fileFailure(operation: String, path: String, code: Int32)
    /// The directory with a bucket's objects is not there: its disk is perhaps not mounted.
    case absentDirectory(path: String)
    /// A committed object's file is missing or shorter than its record says.
    case damaged(path: String)
}
