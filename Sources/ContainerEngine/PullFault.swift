/// Whose fault it is that an engine did not pull an image, as far as its words tell.
package enum PullFault: Sendable, Equatable {
    /// The registry has no such image, or the name is none.
    case unknownImage
    /// The registry wants to know who asks, or does not let them.
    case notAllowed
    /// The engine, the registry or what lies between them.
    case machinery
}

extension ContainerEngineError {
    /// Of a pull that failed with this error.
    ///
    /// Docker tells by statuses. Podman says 200 first and then passes on what its library wrote, where only the words
    /// tell.
    package var pullFault: PullFault {
        guard case .refused(_, let status, let message) = self else { return .machinery }
        let text = message.lowercased()
        if Self.wordsOfDenial.contains(where: text.contains) || status == 401 || status == 403 {
            return .notAllowed
        }
        if Self.wordsOfAbsence.contains(where: text.contains) || status == 400 || status == 404 {
            return .unknownImage
        }
        return .machinery
    }

    private static let wordsOfDenial = [
        "unauthorized", "access denied", "access to the resource is denied", "authentication required",
        "no basic auth credentials", "invalid username/password",
    ]
    private static let wordsOfAbsence = [
        "manifest unknown", "name unknown", "repository name not known", "does not exist",
        "invalid reference",
        "no matching manifest", "no image found in",
    ]
}
