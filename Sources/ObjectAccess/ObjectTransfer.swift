package import Resources

/// Brings objects to files.
package protocol ObjectReader: Sendable {
    /// Writes the object's content to a new file at `path`.
    ///
    /// - Parameters:
    ///   - object: Which one.
    ///   - path: Where its content goes.
    ///   - arrived: Told of bytes as they come, from any task; less than none where what came has to come again.
    /// - Throws: `ObjectAccessError`.
    func read(
        _ object: ObjectReference,
        to path: String,
        arrived: @escaping @Sendable (_ bytes: Int) -> Void
    ) async throws(ObjectAccessError)
}

extension ObjectReader {
    /// Writes the object's content to a new file at `path`.
    package func read(_ object: ObjectReference, to path: String) async throws(ObjectAccessError) {
        try await read(object, to: path, arrived: { _ in })
    }
}

/// Makes objects of files.
package protocol ObjectWriter: Sendable {
    /// Stores the file's content, replacing what is there.
    ///
    /// - Returns: Bytes stored.
    @discardableResult
    func write(_ path: String, to location: S3Location) async throws(ObjectAccessError) -> Int
}

/// An object to read.
package struct ObjectReference: Sendable, Equatable {
    package var location: S3Location
    /// Its file, where this process shares a disk with the object store.
    package var nearPath: String?
    /// Bytes, where they are known.
    package var size: Int?
    /// What it must be when it is read; `nil` for whatever it is then.
    package var eTag: String?

    package init(location: S3Location, nearPath: String? = nil, size: Int? = nil, eTag: String? = nil) {
        self.location = location
        self.nearPath = nearPath
        self.size = size
        self.eTag = eTag
    }
}

/// Why an object could not be moved.
package enum ObjectAccessError: Error, Equatable, CustomStringConvertible {
    /// The object store refused: its error code and message.
    case refused(location: S3Location, status: Int, code: String, message: String)
    /// Nobody answered for as long as this client is patient.
    case unreachable(location: S3Location, reason: String)
    /// The disk of this machine refused.
    case file(String)
    case cancelled

    package var description: String {
        switch self {
        case .refused(let location, let status, let code, let message):
            "\(location): \(code.isEmpty ? "HTTP status \(status)" : code)\(message.isEmpty ? "" : ": \(message)")"
        case .unreachable(let location, let reason):
            "\(location): the object store cannot be reached: \(reason)"
        case .file(let text): text
        case .cancelled: "The transfer was cancelled."
        }
    }

    /// Whether the object or its bucket is not there, or may not be read with the role's rights.
    package var isClientsFault: Bool {
        if case .refused(_, let status, _, _) = self { (400..<500).contains(status) } else { false }
    }
}
