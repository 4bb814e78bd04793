import Crypto
import Foundation

/// A presigned S3 URL of signature version 2, which boto3 still makes for the older regions.
///
/// It is accepted for GET, HEAD and PUT only, and for at most seven days: the format itself knows no bound.
package struct LegacyPresignedURL: Sendable, Hashable {
    package let accessKeyID: String
    /// Base64 of an HMAC-SHA1.
    package let signature: String
    /// Seconds since the epoch after which the URL is dead.
    package let expires: Int
    package let sessionToken: String?

    /// Reads the signature of a request.
    ///
    /// - Returns: `nil` for a request without one of this version.
    /// - Throws: `SignatureError` if it cannot be read, or stands beside another.
    package init?(_ message: SignedMessage) throws(SignatureError) {
        guard message.query.utf8.contains(UInt8(ascii: "A")), message.hasParameter("AWSAccessKeyId") else {
            return nil
        }
        guard message.count("authorization") == 0, !message.hasParameter("X-Amz-Algorithm") else {
            throw .severalMechanisms
        }
        func value(_ name: String) throws(SignatureError) -> String? {
            let found = message.parameters.filter { $0.name == name }
            guard found.count <= 1 else { throw .malformedQuery("The query parameter \(name) stands twice.") }
            return found.first.flatMap { PercentEncoding.decode($0.value) }
        }
        guard let accessKeyID = try value("AWSAccessKeyId"), !accessKeyID.isEmpty,
            let signature = try value("Signature"), let expires = try value("Expires").flatMap({ Int($0) })
        else {
            throw .malformedQuery(
                "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
            )
        }
        guard ["GET", "HEAD", "PUT"].contains(message.method) else {
            throw .unsupported(
                "Signature version 2 is accepted for GET, HEAD and PUT only. Use AWS4-HMAC-SHA256."
            )
        }
        self.accessKeyID = accessKeyID
        self.signature = signature
        self.expires = expires
        sessionToken = try value("x-amz-security-token") ?? message.single("x-amz-security-token")
    }

    /// Checks time and signature.
    ///
    /// - Parameters:
    ///   - message: The request.
    ///   - resource: `/bucket/key` as sent, also where the bucket came in the host name.
    ///   - secret: Secret of the key.
    ///   - now: Our time.
    /// - Throws: `SignatureError` if the URL is dead, too far from its end, or has another signature.
    package func check(
        _ message: SignedMessage,
        resource: String,
        secret: String,
        now: Timestamp
    ) throws(SignatureError) {
        let left = Double(expires) - now.seconds
        guard left >= 0 else {
            throw .expired(at: Timestamp(seconds: Double(expires)), now: SigningTime(now))
        }
        guard left <= Double(SignatureClaim.maximumLifetime) else {
            throw .unsupported(
                "The URL's Expires is more than \(SignatureClaim.maximumLifetime) seconds ahead, which signature "
                    + "version 2 is not trusted with. Use AWS4-HMAC-SHA256 or a shorter time."
            )
        }
        let text = stringToSign(message, resource: resource)
        let key = SymmetricKey(data: Array(secret.utf8))
        let expected = HMAC<Insecure.SHA1>.authenticationCode(for: Array(text.utf8), using: key)
        guard let claimed = Data(base64Encoded: signature),
            ConstantTime.areEqual(Array(expected), Array(claimed))
        else { throw .mismatch(stringToSign: text) }
    }

    /// What is signed.
    ///
    /// Headers may stand in the query instead, which is where boto3 puts them.
    package func stringToSign(_ message: SignedMessage, resource: String) -> String {
        let inQuery = message.parameters.compactMap { parameter -> SignedMessage.Header? in
            guard let name = PercentEncoding.decode(parameter.name)?.lowercased(),
                let value = PercentEncoding.decode(parameter.value)
            else { return nil }
            return SignedMessage.Header(name: name, value: value)
        }
        func value(_ name: String) -> String {
            let header = message.headers.first { $0.name == name } ?? inQuery.first { $0.name == name }
            return String((header?.value ?? "").trimmingBlanks)
        }
        var amazonHeaders: [String: [String]] = [:]
        for header in message.headers where header.name.hasPrefix("x-amz-") {
            amazonHeaders[header.name, default: []].append(String(header.value.trimmingBlanks))
        }
        for item in inQuery where item.name.hasPrefix("x-amz-") && amazonHeaders[item.name] == nil {
            amazonHeaders[item.name] = [item.value]
        }
        var text = "\(message.method)\n\(value("content-md5"))\n\(value("content-type"))\n\(expires)\n"
        for name in amazonHeaders.keys.sorted() {
            text += "\(name):\((amazonHeaders[name] ?? []).joined(separator: ","))\n"
        }
        return text + resource + subresources(message)
    }

    /// The parameters that select another resource than the object itself, sorted, with decoded values.
    private func subresources(_ message: SignedMessage) -> String {
        let parts =
            message.parameters
            .filter { Self.subresourceNames.contains(String($0.name)) }
            .map { parameter in
                let value = PercentEncoding.decode(parameter.value) ?? ""
                return (name: String(parameter.name), text: value.isEmpty ? "" : "=\(value)")
            }
            .sorted { $0.name < $1.name }
            .map { $0.name + $0.text }
        return parts.isEmpty ? "" : "?" + parts.joined(separator: "&")
    }

    private static let subresourceNames: Set<String> = [
        "accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle",
        "location", "logging", "metrics", "notification", "object-lock", "partNumber", "policy",
        "replication",
        "requestPayment", "response-cache-control", "response-content-disposition",
        "response-content-encoding", "response-content-language", "response-content-type", "response-expires",
        "restore", "select", "select-type", "storageClass", "tagging", "torrent", "uploadId", "uploads",
        "versionId", "versioning", "versions", "website",
    ]
}
