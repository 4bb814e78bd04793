import AWSWire
import Crypto
import Foundation
import HTTPTypes
import ObjectStore

/// A key that a client sends with its request (SSE-C): it serves this request and is kept nowhere.
struct CustomerKey {
    private let key: Data
    /// Base64 of its MD5, as the client sent it.
    private let md5: String

    /// Whose key a request carries.
    enum Subject: String {
        case object = "x-amz-server-side-encryption-customer-"
        case copySource = "x-amz-copy-source-server-side-encryption-customer-"
    }

    private static func invalid(_ message: String, value: String? = nil) -> ServiceError {
        .invalidArgument(message, name: "x-amz-server-side-encryption", value: value ?? "null")
    }

    /// Reads the three headers.
    ///
    /// - Returns: `nil` if there is none of them.
    /// - Throws: `InvalidArgument` or `InvalidEncryptionAlgorithmError`.
    init?(_ request: S3Request, of subject: Subject = .object) throws(ServiceError) {
        func header(_ name: String) -> String? { request.header(subject.rawValue + name) }
        let (algorithm, text, digest) = (header("algorithm"), header("key"), header("key-md5"))
        guard algorithm != nil || text != nil || digest != nil else { return nil }
        let start = "Requests specifying Server Side Encryption with Customer provided keys must provide"
        guard let algorithm else { throw Self.invalid("\(start) a valid encryption algorithm.") }
        guard algorithm == "AES256" else {
            throw ServiceError(
                "InvalidEncryptionAlgorithmError",
                "The Encryption request you specified is not valid. Supported value: AES256.",
                members: ["ArgumentName": "x-amz-server-side-encryption", "ArgumentValue": algorithm]
            )
        }
        guard let text, let key = Data(base64Encoded: text) else {
            throw Self.invalid("\(start) an appropriate secret key.")
        }
        guard let digest else {
            throw Self.invalid("\(start) the client calculated MD5 of the secret key.")
        }
        guard Data(base64Encoded: digest) == Data(Insecure.MD5.hash(data: key)) else {
            throw Self.invalid("The calculated MD5 hash of the key did not match the hash that was provided.")
        }
        guard key.count == 32 else {
            throw Self.invalid("The secret key was invalid for the specified algorithm.")
        }
        self.key = key
        md5 = digest
    }

    /// The mark of a new object that is encrypted with this key.
    var mark: CustomerEncryption { CustomerEncryption(key: key) }

    /// What the key does to the bytes of an object.
    ///
    /// - Throws: `InvalidRequest` if the object has none or another one.
    func cipher(of stored: ObjectHeaders) throws(ServiceError) -> ObjectCipher {
        guard let mark = stored.customerEncryption else {
            throw .invalidRequest("The encryption parameters are not applicable to this object.")
        }
        guard let cipher = mark.cipher(key) else {
            throw .invalidRequest(
                "The provided encryption parameters did not match the ones used originally."
            )
        }
        return cipher
    }

    /// The headers that tell a client that its key was used.
    func echo(in headers: inout HTTPFields) {
        headers.set(Subject.object.rawValue + "algorithm", "AES256")
        headers.set(Subject.object.rawValue + "key-MD5", md5)
    }
}

extension S3Service {
    /// The cipher of an object with the key that the request carries.
    ///
    /// - Parameters:
    ///   - stored: The object's headers.
    ///   - request: Whose headers.
    ///   - subject: Which of the request's keys.
    ///   - missing: What is said if the object has a key and the request has none.
    /// - Returns: `nil` where neither has one.
    /// - Throws: As `CustomerKey`, or `InvalidRequest` where the two do not fit.
    func cipher(
        of stored: ObjectHeaders,
        _ request: S3Request,
        of subject: CustomerKey.Subject = .object,
        missing: String = """
        The object was stored using a form of Server Side Encryption. The correct parameters must be provided to \
        retrieve the object.
        """
    ) throws(ServiceError) -> ObjectCipher? {
        guard let key = try CustomerKey(request, of: subject) else {
            guard stored.customerEncryption == nil else { throw .invalidRequest(missing) }
            return nil
        }
        return try key.cipher(of: stored)
    }

    /// The cipher of an open upload, for a request about one of its parts.
    func cipher(of upload: MultipartUpload, _ request: S3Request) throws(ServiceError) -> ObjectCipher? {
        try cipher(
            of: upload.headers,
            request,
            missing: """
                The multipart upload initiate requested encryption. Subsequent part requests must include the \
                appropriate encryption parameters.
                """
        )
    }

    /// Refuses keys of clients in a bucket that takes none.
    func checkCustomerKeys(_ request: S3Request, in bucket: Bucket) throws(ServiceError) {
        guard bucket.defaultEncryption?.refusesCustomerKeys == true, try CustomerKey(request) != nil else {
            return
        }
        throw ServiceError(
            "AccessDenied",
            """
            This bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys \
            (SSE-C). Please specify a different server-side encryption type
            """,
            status: 403
        )
    }
}

extension HTTPFields {
    /// Tells of the encryption of an object: of the key that the request has, or of what is stored with the object.
    mutating func setEncryption(of stored: ObjectHeaders, _ request: S3Request) {
        if stored.customerEncryption != nil {
            // A key that is no good was refused before there was a reply.
            if let key = try? CustomerKey(request) { key.echo(in: &self) }
            return
        }
        set("x-amz-server-side-encryption", stored.encryption)
        set("x-amz-server-side-encryption-aws-kms-key-id", stored.encryptionKey)
    }
}
