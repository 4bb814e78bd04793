import AWSWire
import Foundation
import Gateway
import HTTPServing
import HTTPTypes
import NIOCore
import ObjectStore

extension FormClaim {
    /// Reads the fields of a form.
    ///
    /// - Returns: `nil` for a form without a policy, which cannot be signed.
    /// - Throws: `ServiceError` if it is not whole.
    fileprivate init?(_ form: MultipartForm) throws(ServiceError) {
        guard let policy = form["policy"] else { return nil }
        let token = form["x-amz-security-token"]
        if let key = form["awsaccesskeyid"] {
            guard let signature = form["signature"] else { throw Self.missing("signature") }
            self.init(accessKeyID: key, signature: signature, policy: policy, scope: nil, sessionToken: token)
            return
        }
        guard let credential = form["x-amz-credential"] else { throw Self.missing("AWSAccessKeyId") }
        guard let signature = form["x-amz-signature"] else { throw Self.missing("X-Amz-Signature") }
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 else {
            throw .invalidArgument("The credential is malformed", name: "X-Amz-Credential", value: credential)
        }
        self.init(
            accessKeyID: parts[0],
            signature: signature,
            policy: policy,
            scope: CredentialScope(day: parts[1], region: parts[2], service: parts[3]),
            sessionToken: token
        )
    }

    private static func missing(_ name: String) -> ServiceError {
        .invalidArgument(
            """
            Bucket POST must contain a field named '\(name)'.  If it is specified, please check the order of the fields.
            """,
            name: name,
            value: ""
        )
    }
}

/// PostObject: an upload by a browser's form.
extension S3Service {
    func postObject(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        var reader = try MultipartFormReader(request)
        let form = try await reader.readFields()
        guard let keyTemplate = form["key"] else {
            throw ServiceError.invalidArgument(
                "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
                name: "key",
                value: ""
            )
        }
        let caller: Caller
        var policy: FormPolicy?
        if let claim = try FormClaim(form) {
            guard let forms else { throw ServiceError.notImplemented("PostObject") }
            let own = request.call.caller
            caller = try forms(claim, own.requestID, own.source).get()
            policy = try FormPolicy(claim.policy)
        } else {
            caller = request.call.caller
        }
        let name = keyTemplate.replacing("${filename}", with: form.fileName ?? "")
        let key = try ObjectKey(name)
        try policy?.check(form, bucket: bucket.name, key: name, now: now())
        let acting = request.acting(as: caller, form: form, key: name)
        try await authorize(
            [
                Access(
                    "s3:PutObject",
                    on: S3Names.object(bucket.name, name),
                    context: S3Operation.context(acting)
                )
            ],
            acting
        )
        var headers = try newHeaders(acting, in: bucket)
        if let document = form["tagging"] {
            guard let element = try? XMLElement.parse(Array(document.utf8)) else {
                throw ServiceError.malformedXML
            }
            headers.tags = try TagSet(element, limit: 10).tags
        }
        let checksum = try AnnouncedChecksum(acting)
        var upload = try await store.upload(
            key,
            in: bucket,
            headers: headers,
            checksum: checksum.algorithm,
            cipher: try cipher(of: headers, acting)
        )
        let limit = policy?.sizes.upperBound ?? Self.bodyLimit
        var size = 0
        while let chunk = try await reader.nextOfFile() {
            size += chunk.readableBytes
            guard size <= limit else { throw ObjectStoreError.tooLarge(size: size, limit: limit) }
            try await upload.write(chunk)
        }
        if let least = policy?.sizes.lowerBound, size < least {
            throw ServiceError(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                members: ["ProposedSize": "\(size)", "MinSizeAllowed": "\(least)"]
            )
        }
        let record = try await upload.finish(try checksum.digests(length: nil, trailers: [:]))
        return try posted(record, form, acting, bucket)
    }

    /// The reply that the form asks for.
    private func posted(
        _ record: ObjectRecord,
        _ form: MultipartForm,
        _ request: S3Request,
        _ bucket: Bucket
    ) throws -> ServerResponse {
        var headers = writtenHeaders(record, request)
        let host = request.call.head.authority ?? "localhost"
        let path = PercentEncoding.encode(record.key.description, slash: .kept)
        let location = "\(request.call.head.scheme ?? "http")://\(host)/\(bucket.name)/\(path)"
        headers.set("Location", location)
        if let target = form["success_action_redirect"] ?? form["redirect"], target.hasPrefix("http") {
            let separator = target.contains("?") ? "&" : "?"
            let eTag = PercentEncoding.encode("\"\(record.eTag)\"", slash: .encoded)
            let key = PercentEncoding.encode(record.key.description, slash: .kept)
            headers.set("Location", "\(target)\(separator)bucket=\(bucket.name)&key=\(key)&etag=\(eTag)")
            return .empty(.seeOther, headers: headers)
        }
        switch form["success_action_status"] {
        case "200": return .empty(.ok, headers: headers)
        case "201":
            var response = ServerResponse.document(
                XMLElement("PostResponse") {
                    XMLElement("Location", location)
                    XMLElement("Bucket", bucket.name)
                    XMLElement("Key", record.key.description)
                    XMLElement.eTag(record.eTag)
                },
                headers: headers
            )
            response.status = .created
            return response
        default: return .empty(.noContent, headers: headers)
        }
    }
}

extension S3Request {
    /// The request as if its form's fields were headers and its key stood in its path.
    fileprivate func acting(as caller: Caller, form: MultipartForm, key: String) -> S3Request {
        var head = call.head
        for name in ["content-type", "content-length"] { head.headerFields.set(removing: name) }
        for (name, value) in form.fields {
            if name == "acl" { head.headerFields.set("x-amz-acl", value) }
            let isHeader =
                name.hasPrefix("x-amz-")
                || [
                    "content-type", "cache-control", "content-disposition", "content-encoding", "expires",
                    "content-md5",
                ].contains(name)
            let isClaim = [
                "x-amz-signature", "x-amz-credential", "x-amz-date", "x-amz-algorithm",
                "x-amz-security-token",
            ].contains(name)
            if isHeader, !isClaim { head.headerFields.set(name, value) }
        }
        let acted = VerifiedCall(
            head: head,
            path: call.path,
            query: call.query,
            caller: caller,
            body: call.body
        )
        // The path was readable before.
        return (try? S3Request(acted)) ?? self
    }
}

extension HTTPFields {
    fileprivate mutating func set(removing name: String) {
        if let name = HTTPField.Name(name) { self[name] = nil }
    }
}

/// What a form may hold: the document that was signed.
struct FormPolicy {
    private let expiration: Date
    private let conditions: [Condition]
    /// Bytes that the file may have.
    private(set) var sizes = 0...S3Service.bodyLimit

    private enum Condition {
        case equal(String, String)
        case startsWith(String, String)
    }

    private static func invalid(_ text: String) -> ServiceError {
        ServiceError("InvalidPolicyDocument", "Invalid Policy: \(text)")
    }

    init(_ encoded: String) throws {
        guard let data = Data(base64Encoded: encoded.filter { !$0.isWhitespace }),
            let tree = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { throw Self.invalid("Invalid JSON.") }
        guard let text = tree["expiration"] as? String else {
            throw Self.invalid("Policy missing expiration.")
        }
        guard
            let date = HTTPDate.parse(text)
                ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
        else { throw Self.invalid("Invalid 'expiration' value: '\(text)'") }
        expiration = date
        guard let items = tree["conditions"] as? [Any] else {
            throw Self.invalid("Policy missing conditions.")
        }
        var conditions: [Condition] = []
        for item in items {
            if let object = item as? [String: Any] {
                guard !object.isEmpty else { throw Self.invalid("Invalid Simple-Condition.") }
                for (name, value) in object {
                    guard let value = value as? String else {
                        throw Self.invalid("Invalid Simple-Condition: value must be a string.")
                    }
                    conditions.append(.equal(name.lowercased(), value))
                }
                continue
            }
            guard let list = item as? [Any], list.count == 3, let operation = list[0] as? String else {
                throw Self.invalid("Invalid Condition.")
            }
            if operation.lowercased() == "content-length-range" {
                guard let low = Self.number(list[1]), let high = Self.number(list[2]), low >= 0, low <= high
                else { throw Self.invalid("Invalid Content-Length-Range.") }
                sizes = low...min(high, S3Service.bodyLimit)
                continue
            }
            guard let name = list[1] as? String, name.hasPrefix("$"), let value = list[2] as? String else {
                throw Self.invalid("Invalid Condition.")
            }
            switch operation.lowercased() {
            case "eq": conditions.append(.equal(name.dropFirst().lowercased(), value))
            case "starts-with": conditions.append(.startsWith(name.dropFirst().lowercased(), value))
            default: throw Self.invalid("Invalid Condition: unknown operation '\(operation)'.")
            }
        }
        self.conditions = conditions
    }

    private static func number(_ value: Any) -> Int? {
        (value as? String).flatMap { Int($0) } ?? value as? Int
    }

    /// Compares the form with what was signed.
    ///
    /// - Throws: `AccessDenied`.
    func check(_ form: MultipartForm, bucket: String, key: String, now: Date) throws {
        func denied(_ text: String) -> ServiceError {
            ServiceError("AccessDenied", "Invalid according to Policy: \(text)", status: 403)
        }
        guard expiration > now else { throw denied("Policy expired.") }
        var fields = form.fields
        fields["bucket"] = bucket
        fields["key"] = key
        var named: Set<String> = []
        for condition in conditions {
            switch condition {
            case .equal(let name, let value):
                named.insert(name)
                guard fields[name] == value else {
                    throw denied("Policy Condition failed: [\"eq\", \"$\(name)\", \"\(value)\"]")
                }
            case .startsWith(let name, let value):
                named.insert(name)
                let text = fields[name] ?? ""
                // Several types may stand in one field.
                guard
                    text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy({
                        $0.hasPrefix(value) || text.hasPrefix(value)
                    })
                else {
                    throw denied("Policy Condition failed: [\"starts-with\", \"$\(name)\", \"\(value)\"]")
                }
            }
        }
        let free: Set = [
            "policy", "signature", "awsaccesskeyid", "file", "submit", "bucket", "x-amz-signature",
            "x-amz-security-token",
        ]
        for name in form.fields.keys.sorted()
        where !named.contains(name) && !free.contains(name) && !name.hasPrefix("x-ignore-")
            && !name.hasPrefix("x-amz-checksum-") && name != "x-amz-sdk-checksum-algorithm"
        {
            throw denied("Extra input fields: \(name)")
        }
    }
}
