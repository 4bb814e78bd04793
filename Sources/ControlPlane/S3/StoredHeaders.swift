import AWSWire
import Foundation
import Gateway
import HTTPTypes
import ObjectStore

extension ObjectHeaders {
    /// Bytes of user metadata, names and values together.
    private static let metadataLimit = 2048
    private static let storageClasses: Set = [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR",
    ]

    /// What a request wants stored with its object.
    ///
    /// - Throws: `ServiceError` for a header that would change what happens to the object and that is missing here.
    init(_ request: S3Request) throws(ServiceError) {
        self.init()
        try Self.refuseUnbuilt(request)
        contentType = request.header("content-type")
        contentDisposition = request.header("content-disposition")
        contentLanguage = request.header("content-language")
        cacheControl = request.header("cache-control")
        expires = request.header("expires")
        // `aws-chunked` is a framing of the request, whether or not it was used.
        let encodings = request.header("content-encoding")?.split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.lowercased() != "aws-chunked" }
        contentEncoding = encodings.flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") }
        redirect = request.header("x-amz-website-redirect-location")
        metadata = try Self.metadata(request)
        tags = try Self.tags(request.header("x-amz-tagging") ?? "")
        storageClass = try Self.storageClass(request)
        (encryption, encryptionKey) = try Self.encryption(request)
        guard let key = try CustomerKey(request) else { return }
        guard encryption == nil else {
            throw .invalidArgument(
                "Server Side Encryption with Customer provided key is incompatible with the encryption method specified",
                name: "x-amz-server-side-encryption",
                value: encryption ?? ""
            )
        }
        customerEncryption = key.mark
    }

    private static func refuseUnbuilt(_ request: S3Request) throws(ServiceError) {
        let refused = ["x-amz-write-offset-bytes", "x-amz-server-side-encryption-context"]
        for field in request.headers where refused.contains(where: field.name.canonicalName.hasPrefix) {
            throw .notImplemented("The header \(field.name.canonicalName)")
        }
    }

    private static func metadata(_ request: S3Request) throws(ServiceError) -> [String: String] {
        let prefix = "x-amz-meta-"
        var metadata: [String: String] = [:]
        for field in request.headers where field.name.canonicalName.hasPrefix(prefix) {
            let name = String(field.name.canonicalName.dropFirst(prefix.count))
            metadata[name] = metadata[name].map { "\($0),\(field.value)" } ?? field.value
        }
        let size = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= metadataLimit else {
            throw ServiceError(
                "MetadataTooLarge",
                "Your metadata headers exceed the maximum allowed metadata size",
                members: ["Size": "\(size)", "MaxSizeAllowed": "\(metadataLimit)"]
            )
        }
        return metadata
    }

    /// Reads tags in the form of a query: `a=1&b=2`.
    static func tags(_ text: String) throws(ServiceError) -> [String: String] {
        var tags: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { PercentEncoding.decode($0.replacing("+", with: " ")) }
            guard let name = parts.first ?? nil, let value = parts.count == 2 ? parts[1] : "",
                tags[name] == nil
            else {
                throw .invalidArgument(
                    """
                    The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without \
                    tag name duplicates.
                    """,
                    name: "x-amz-tagging",
                    value: text
                )
            }
            tags[name] = value
        }
        try check(tags: tags)
        return tags
    }

    /// At most ten tags, names of 1–128 and values of 0–256 characters.
    static func check(tags: [String: String], limit: Int = 10) throws(ServiceError) {
        guard tags.count <= limit else {
            throw ServiceError("InvalidTag", "Object tags cannot be greater than \(limit)")
        }
        for (name, value) in tags {
            guard (1...128).contains(name.count) else {
                throw ServiceError("InvalidTag", "The TagKey you have provided is invalid")
            }
            guard !name.lowercased().hasPrefix("aws:") else {
                throw ServiceError("InvalidTag", "System tags cannot be added/updated by requester")
            }
            guard value.count <= 256 else {
                throw ServiceError("InvalidTag", "The TagValue you have provided is invalid")
            }
        }
    }

    private static func storageClass(_ request: S3Request) throws(ServiceError) -> String? {
        guard let name = request.header("x-amz-storage-class"), name != "STANDARD" else { return nil }
        guard storageClasses.contains(name) else {
            guard ["GLACIER", "DEEP_ARCHIVE", "OUTPOSTS", "SNOW", "EXPRESS_ONEZONE"].contains(name) else {
                throw ServiceError("InvalidStorageClass", "The storage class you specified is not valid")
            }
            throw .notImplemented("The storage class \(name)")
        }
        return name
    }

    private static func encryption(_ request: S3Request) throws(ServiceError) -> (String?, String?) {
        let method = request.header("x-amz-server-side-encryption")
        guard method.map(["AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"].contains) ?? true else {
            throw .invalidArgument(
                "The encryption method specified is not supported",
                name: "x-amz-server-side-encryption",
                value: method ?? ""
            )
        }
        let key = request.header("x-amz-server-side-encryption-aws-kms-key-id")
        guard key == nil || method?.hasPrefix("aws:kms") == true else {
            throw .invalidArgument(
                "A key id needs server side encryption of the kind aws:kms.",
                name: "x-amz-server-side-encryption",
                value: method ?? "null"
            )
        }
        return (method, key)
    }
}
