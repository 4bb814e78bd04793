import Foundation

/// Who asks a registry, as the Docker Engine API's `X-Registry-Auth` says it.
package struct RegistryLogin: Sendable, Equatable {
    /// The registry as the login's source names it.
    package var server: String
    package var secret: Secret
    /// Where it is from, for people: a file, a helper.
    package var source: String

    package enum Secret: Sendable, Equatable {
        case password(user: String, password: String)
        /// For which the registry gives a token of access.
        case identityToken(String)
    }

    package init(server: String, secret: Secret, source: String) {
        self.server = server
        self.secret = secret
        self.source = source
    }

    /// What may be told of it.
    package var who: String {
        switch secret {
        case .password(let user, _): "'\(user)'"
        case .identityToken: "the owner of a token"
        }
    }

    /// The header's value: JSON in base64 for URLs, padded (RFC 4648, section 5).
    package var header: String {
        var fields = ["serveraddress": server]
        switch secret {
        case .password(let user, let password):
            fields["username"] = user
            fields["password"] = password
        case .identityToken(let token): fields["identitytoken"] = token
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(fields).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_")
        } catch {
            preconditionFailure("Texts are no JSON: \(error)")
        }
    }
}
