package import Resources

/// Whose policies rule a key.
package enum Authority: Hashable, Sendable, Codable {
    /// May do everything: no policy is asked.
    case owner
    case user(String)
    /// A session of a role; roles that were brought from a cloud keep their account there.
    case role(account: AccountID, name: String)
    /// May do nothing.
    case nobody
}
