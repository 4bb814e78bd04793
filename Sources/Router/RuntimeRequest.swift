package import HTTPTypes

/// A call of the runtime API, recognised by method and path.
package struct RuntimeRequest: Sendable {
    package enum Operation: String, Sendable {
        case invoke = "InvokeEndpoint"
        case invokeAsync = "InvokeEndpointAsync"
        case invokeWithResponseStream = "InvokeEndpointWithResponseStream"
    }

    package let head: HTTPRequest
    package let operation: Operation
    /// As it stands in the path; whether it is a legal name shows in `violations`.
    package let endpoint: String

    /// Recognises `POST /endpoints/{name}/{invocations|async-invocations|invocations-response-stream}`; `nil` for
    /// anything else, also for a call signed for S3, where `endpoints` is a bucket.
    package init?(_ head: HTTPRequest) {
        let prefix = "/endpoints/"
        guard head.method == .post, let target = head.path, target.utf8.starts(with: prefix.utf8) else {
            return nil
        }
        let (path, query) = target.splitOnce("?")
        let (name, rest) = path.dropFirst(prefix.utf8.count).splitOnce("/")
        switch rest {
        case "invocations": operation = .invoke
        case "async-invocations": operation = .invokeAsync
        case "invocations-response-stream": operation = .invokeWithResponseStream
        default: return nil
        }
        guard !name.isEmpty, !Self.isSignedForS3(head, query: query) else { return nil }
        self.head = head
        endpoint = String(name)
    }

    private static func isSignedForS3(_ head: HTTPRequest, query: Substring) -> Bool {
        if let authorization = head.headerFields[.authorization] {
            return authorization.utf8.holds("/s3/aws4_request")
        }
        return query.utf8.holds("%2Fs3%2Faws4_request") || query.utf8.holds("AWSAccessKeyId=")
    }

    /// What breaks a constraint of the service model, in its words; empty if nothing does.
    package var violations: [String] {
        var texts: [String] = []
        if !endpoint.isResourceName {
            texts.append(
                "Value '\(endpoint)' at 'endpointName' failed to satisfy constraint: Member must satisfy "
                    + "regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*"
            )
        } else if endpoint.utf8.count > 63 {
            texts.append(tooLong(endpoint, "endpointName", 63))
        }
        for (name, member, limit) in Self.limits {
            if let value = head.headerFields[name], value.utf8.count > limit {
                texts.append(tooLong(value, member, limit))
            }
        }
        if let variant = head.headerFields[.targetVariant], !variant.isResourceName {
            texts.append(
                "Value '\(variant)' at 'targetVariant' failed to satisfy constraint: Member must satisfy "
                    + "regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*"
            )
        }
        return texts
    }

    private static let limits: [(HTTPField.Name, String, Int)] = [
        (.customAttributes, "customAttributes", 1024), (.inferenceID, "inferenceId", 64),
        (.targetVariant, "targetVariant", 63), (.targetModel, "targetModel", 1024),
        (.contentType, "contentType", 1024), (.accept, "accept", 1024),
    ]

    private func tooLong(_ value: String, _ member: String, _ limit: Int) -> String {
        "Value '\(value)' at '\(member)' failed to satisfy constraint: "
            + "Member must have length less than or equal to \(limit)"
    }
}

extension StringProtocol where SubSequence == Substring {
    /// What stands before and after the first `mark`; all of it and nothing if there is none.
    fileprivate func splitOnce(_ mark: Character) -> (Substring, Substring) {
        guard let place = firstIndex(of: mark) else { return (self[...], "") }
        return (self[..<place], self[place...].dropFirst())
    }
}

extension Collection where Element == UInt8 {
    /// Whether `text` occurs, byte by byte: searching by characters takes as long as checking a signature.
    fileprivate func holds(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            var rest = self[...]
            while let place = rest.firstIndex(of: wanted[0]) {
                rest = rest[place...]
                if rest.starts(with: wanted) { return true }
                rest = rest.dropFirst()
            }
            return false
        }
    }
}

extension String {
    /// Letters, digits and inner hyphens.
    fileprivate var isResourceName: Bool {
        let bytes = utf8
        guard let first = bytes.first, let last = bytes.last, first != 0x2D, last != 0x2D else {
            return false
        }
        return bytes.allSatisfy { byte in
            byte == 0x2D || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }
    }
}
