/// What a request says about its signature, read but not yet believed.
package struct SignatureClaim: Sendable, Hashable {
    /// Where the signature stands.
    package enum Form: Sendable, Hashable {
        case header
        /// A presigned URL that is good for this long after its time.
        case query(expires: Duration)
    }

    package let form: Form
    package let accessKeyID: String
    package let scope: CredentialScope
    package let time: SigningTime
    /// Names in lower case, in the order declared; each once.
    package let signedHeaders: [String]
    /// 64 lower-case hex digits.
    package let signature: String
    package let sessionToken: String?

    /// Reads the signature of a request.
    ///
    /// - Returns: `nil` for a request without one.
    /// - Throws: `SignatureError` for more than one signature, or one that cannot be read.
    package init?(_ message: SignedMessage) throws(SignatureError) {
        let hasHeader = message.count("authorization") > 0
        // Both names are looked for without parsing the query: nearly every signed request has none of them.
        let hasQuery =
            message.query.utf8.contains(UInt8(ascii: "X")) && message.hasParameter("X-Amz-Algorithm")
        if hasHeader && hasQuery || message.count("authorization") > 1 { throw .severalMechanisms }
        if hasHeader {
            try self.init(header: message)
        } else if hasQuery {
            try self.init(query: message)
        } else {
            return nil
        }
    }

    private init(header message: SignedMessage) throws(SignatureError) {
        guard let value = message.single("authorization") else { throw .severalMechanisms }
        let algorithm = Substring(value.utf8.prefix { $0 != UInt8(ascii: " ") })
        guard algorithm == "AWS4-HMAC-SHA256" else {
            throw .unsupported(
                "The algorithm '\(algorithm.prefix(40))' is not supported. Use AWS4-HMAC-SHA256."
            )
        }
        var (credential, signedHeaders, signature): (Substring?, Substring?, Substring?)
        for field in value[algorithm.endIndex...].pieces(separatedBy: ",", keepingEmpty: false) {
            let text = field.trimmingBlanks
            guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw .malformedHeader("The authorization header has a part without '='.")
            }
            let content = text[text.utf8.index(after: mark)...]
            let isNew: Bool
            switch text[..<mark] {
            case "Credential": isNew = credential.replaceNil(with: content)
            case "SignedHeaders": isNew = signedHeaders.replaceNil(with: content)
            case "Signature": isNew = signature.replaceNil(with: content)
            default: isNew = false
            }
            guard isNew else {
                throw .malformedHeader(
                    "The authorization header has \(text.prefix(40)) twice, or for nothing."
                )
            }
        }
        guard let credential, let signedHeaders, let signature else {
            throw .malformedHeader(
                "The authorization header requires Credential, SignedHeaders and Signature."
            )
        }
        guard let date = message.single("x-amz-date"), let time = SigningTime(date) else {
            throw .malformedHeader("The request requires one x-amz-date header of the form 20240102T030405Z.")
        }
        guard message.count("x-amz-security-token") <= 1 else {
            throw .malformedHeader("The request has more than one session token.")
        }
        do {
            try self.init(
                .header,
                credential: credential,
                time: time,
                signedHeaders: signedHeaders,
                signature: signature,
                sessionToken: message.single("x-amz-security-token")
            )
        } catch {
            throw .malformedHeader(error.text)
        }
    }

    private init(query message: SignedMessage) throws(SignatureError) {
        var fields: [String: String] = [:]
        for parameter in message.parameters where parameter.name.hasPrefix("X-Amz-") {
            let name = String(parameter.name)
            guard let value = PercentEncoding.decode(parameter.value) else {
                throw .malformedQuery("The query parameter \(name.prefix(40)) is not UTF-8.")
            }
            guard fields.updateValue(value, forKey: name) == nil else {
                throw .malformedQuery("The query parameter \(name.prefix(40)) stands twice.")
            }
        }
        guard fields["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256" else {
            throw .malformedQuery("X-Amz-Algorithm only supports AWS4-HMAC-SHA256.")
        }
        guard let credential = fields["X-Amz-Credential"], let date = fields["X-Amz-Date"],
            let signedHeaders = fields["X-Amz-SignedHeaders"], let signature = fields["X-Amz-Signature"],
            let expires = fields["X-Amz-Expires"]
        else {
            throw .malformedQuery(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                    + "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
            )
        }
        guard let time = SigningTime(date) else {
            throw .malformedQuery("X-Amz-Date must be in the ISO8601 long format yyyyMMdd'T'HHmmss'Z'.")
        }
        do {
            try self.init(
                .query(expires: try Self.lifetime(expires)),
                credential: credential[...],
                time: time,
                signedHeaders: signedHeaders[...],
                signature: signature[...],
                sessionToken: fields["X-Amz-Security-Token"]
            )
        } catch {
            throw .malformedQuery(error.text)
        }
    }

    /// The seconds that a presigned URL is good for: one to seven days' worth.
    private static func lifetime(_ text: String) throws(Unreadable) -> Duration {
        guard let seconds = Int(text) else { throw Unreadable("X-Amz-Expires should be a number") }
        guard seconds >= 0 else { throw Unreadable("X-Amz-Expires must be non-negative") }
        guard seconds > 0 else { throw Unreadable("X-Amz-Expires must be at least 1") }
        guard seconds <= maximumLifetime else {
            throw Unreadable(
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be "
                    + "less than \(maximumLifetime) seconds"
            )
        }
        return .seconds(seconds)
    }

    /// Seven days, in seconds.
    static let maximumLifetime = 604_800

    private init(
        _ form: Form,
        credential: Substring,
        time: SigningTime,
        signedHeaders: Substring,
        signature: Substring,
        sessionToken: String?
    ) throws(Unreadable) {
        let parts = credential.pieces(separatedBy: "/", keepingEmpty: true)
        guard parts.count == 5, parts.allSatisfy({ !$0.isEmpty }), parts[4] == CredentialScope.terminator
        else {
            throw Unreadable(
                "The Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
            )
        }
        let names = signedHeaders.pieces(separatedBy: ";", keepingEmpty: true)
        guard names.allSatisfy(Self.isHeaderName), Set(names).count == names.count else {
            throw Unreadable("SignedHeaders must be distinct lower-case names separated by semicolons.")
        }
        guard signature.utf8.count == 64, Hex.decode(signature, upperCase: false) != nil else {
            throw Unreadable("The signature must be 64 lower-case hexadecimal digits.")
        }
        self.form = form
        accessKeyID = String(parts[0])
        scope = CredentialScope(day: String(parts[1]), region: String(parts[2]), service: String(parts[3]))
        self.time = time
        self.signedHeaders = names.map { String($0) }
        self.signature = String(signature)
        self.sessionToken = sessionToken
    }

    private static func isHeaderName(_ name: Substring) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7F && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    && byte != UInt8(ascii: ":")
            }
    }

    /// A part of a signature that cannot be read; which error it becomes depends on where the signature stands.
    private struct Unreadable: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}

extension SignedMessage {
    /// Whether the query has a parameter of this name, which holds no character that is ever encoded.
    func hasParameter(_ name: String) -> Bool { parameters.contains { $0.name == name } }
}

extension Optional {
    /// Fills an empty place; whether it was empty.
    fileprivate mutating func replaceNil(with value: Wrapped) -> Bool {
        guard case .none = self else { return false }
        self = value
        return true
    }
}

// Signatures are read for every request; working on bytes instead of characters makes it several times faster.
extension StringProtocol where SubSequence == Substring {
    /// The text without blanks at its ends.
    var trimmingBlanks: Substring {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = self[...].utf8
        while let first = rest.first, isBlank(first) { rest.removeFirst() }
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return Substring(rest)
    }

    /// What stands between separators.
    func pieces(separatedBy separator: Unicode.Scalar, keepingEmpty: Bool) -> [Substring] {
        let byte = UInt8(ascii: separator)
        return self[...].utf8.split(separator: byte, omittingEmptySubsequences: !keepingEmpty).map(
            Substring.init
        )
    }
}
