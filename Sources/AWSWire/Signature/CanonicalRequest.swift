import Crypto

/// A request in the one form that both sides of a signature compute (SigV4).
package struct CanonicalRequest: Sendable {
    /// How a service writes the path.
    package enum PathForm: Sendable {
        /// Encoded once more, without empty and dot segments: every service but S3.
        case encodedTwice
        /// As sent: S3, whose keys may hold any segment.
        case asSent
    }

    package let bytes: [UInt8]

    /// Writes a request in this form.
    ///
    /// - Parameters:
    ///   - message: The request.
    ///   - form: How the service writes paths.
    ///   - signedHeaders: Names in lower case, of headers that the message has.
    ///   - leavingOut: Query parameter that is not part of the form (a presigned URL's own signature).
    ///   - payloadHash: 64 hex digits, or the word that stands for them.
    package init(
        _ message: SignedMessage,
        path form: PathForm,
        signedHeaders: [String],
        leavingOut: String? = nil,
        payloadHash: some StringProtocol
    ) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        bytes.append(contentsOf: message.method.utf8)
        bytes.append(newline)
        Self.append(message.path, form, to: &bytes)
        bytes.append(newline)
        if !message.query.isEmpty { Self.append(message.parameters, leavingOut: leavingOut, to: &bytes) }
        bytes.append(newline)
        for name in signedHeaders { Self.append(name, of: message.headers, to: &bytes) }
        bytes.append(newline)
        for (index, name) in signedHeaders.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ";")) }
            bytes.append(contentsOf: name.utf8)
        }
        bytes.append(newline)
        bytes.append(contentsOf: payloadHash.utf8)
        self.bytes = bytes
    }

    /// SHA-256 of the form, 64 lower-case hex digits.
    package var hash: String { Hex.encode(SHA256.hash(data: bytes)) }

    /// What is signed: algorithm, time, scope and the hash of the form.
    func stringToSign(time: String, scope: CredentialScope) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(192)
        for line in ["AWS4-HMAC-SHA256", time, scope.text] {
            text.append(contentsOf: line.utf8)
            text.append(newline)
        }
        Hex.append(SHA256.hash(data: bytes), to: &text)
        return text
    }

    private static func append(_ path: Substring, _ form: PathForm, to bytes: inout [UInt8]) {
        if path.isEmpty || path == "/" {
            bytes.append(UInt8(ascii: "/"))
            return
        }
        switch form {
        case .asSent: bytes.append(contentsOf: path.utf8)
        case .encodedTwice:
            for byte in withoutDotSegments(path) { PercentEncoding.append(byte, slash: .kept, to: &bytes) }
        }
    }

    /// The path without empty, `.` and `..` segments; it keeps its last slash.
    private static func withoutDotSegments(_ path: Substring) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        var segments: [Substring.UTF8View.SubSequence] = []
        for segment in path.utf8.split(separator: slash) {
            if segment.elementsEqual(".".utf8) { continue }
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        var bytes = [slash]
        bytes.append(contentsOf: segments.joined(separator: [slash]))
        if path.utf8.last == slash, !segments.isEmpty { bytes.append(slash) }
        return bytes
    }

    /// Writes the parameters in canonical encoding, sorted by name, then value.
    private static func append(
        _ parameters: [(name: Substring, value: Substring)],
        leavingOut: String?,
        to bytes: inout [UInt8]
    ) {
        var pairs: [(name: [UInt8], value: [UInt8])] = []
        pairs.reserveCapacity(parameters.count)
        for parameter in parameters where leavingOut.map({ parameter.name != $0 }) ?? true {
            var pair: (name: [UInt8], value: [UInt8]) = ([], [])
            PercentEncoding.appendNormalized(parameter.name, to: &pair.name)
            PercentEncoding.appendNormalized(parameter.value, to: &pair.value)
            pairs.append(pair)
        }
        pairs.sort { left, right in
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value)
                : left.name.lexicographicallyPrecedes(right.name)
        }
        for (index, pair) in pairs.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "&")) }
            bytes.append(contentsOf: pair.name)
            bytes.append(UInt8(ascii: "="))
            bytes.append(contentsOf: pair.value)
        }
    }

    /// Writes one header line; the values of a repeated header are joined with commas.
    private static func append(_ name: String, of headers: [SignedMessage.Header], to bytes: inout [UInt8]) {
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: ":"))
        var isFirst = true
        for header in headers where header.name == name {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            appendTrimmed(header.value, to: &bytes)
        }
        bytes.append(newline)
    }

    /// Writes a value without blanks at its ends and with one for each run of them.
    private static func appendTrimmed(_ value: String, to bytes: inout [UInt8]) {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var runs = 0
        var previousIsBlank = true
        for byte in value.utf8 {
            let blank = isBlank(byte)
            if blank && (previousIsBlank || byte == UInt8(ascii: "\t")) { runs += 1 }
            previousIsBlank = blank
        }
        if runs == 0 && !previousIsBlank {  // Nearly every value is in order and can be taken whole.
            bytes.append(contentsOf: value.utf8)
            return
        }
        for (index, word) in value.utf8.split(whereSeparator: isBlank).enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: " ")) }
            bytes.append(contentsOf: word)
        }
    }
}

private let newline = UInt8(ascii: "\n")
