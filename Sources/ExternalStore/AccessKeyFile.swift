package import AWSWire

/// A file in the form of `~/.aws/credentials`: profiles in brackets, `name = value` below them.
package enum AccessKeyFile {
    /// Reads the key of one profile.
    ///
    /// - Parameters:
    ///   - text: The file's content.
    ///   - profile: Such as `default`.
    ///   - path: What the file is called in messages.
    /// - Returns: The key.
    /// - Throws: `MissingAccessKey` if the profile or a part of its key is not there.
    package static func key(
        in text: String,
        profile: String,
        path: String
    ) throws(MissingAccessKey) -> SigningCredential {
        var values: [Substring: Substring]?
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let line = trimmed(line)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                isInside = trimmed(line.dropFirst().dropLast()) == profile
                if isInside { values = values ?? [:] }
            } else if isInside, let mark = line.firstIndex(of: "=") {
                values?[trimmed(line[..<mark])] = trimmed(line[line.index(after: mark)...])
            }
        }
        guard let values else { throw MissingAccessKey(path: path, missing: "profile [\(profile)]") }
        func value(_ name: Substring) throws(MissingAccessKey) -> String {
            guard let value = values[name], !value.isEmpty else {
                throw MissingAccessKey(path: path, missing: "\(name) in its profile [\(profile)]")
            }
            return String(value)
        }
        return SigningCredential(
            accessKeyID: try value("aws_access_key_id"),
            secretAccessKey: try value("aws_secret_access_key"),
            sessionToken: values["aws_session_token"].map(String.init)
        )
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

/// A file without the key that was asked for.
package struct MissingAccessKey: Error, Equatable, CustomStringConvertible {
    let path: String
    let missing: String

    package var description: String { "\(path) has no \(missing)." }
}
