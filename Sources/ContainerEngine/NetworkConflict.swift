extension ContainerEngineError {
    /// Whether a network was not made because its subnet or its name is somebody's already.
    ///
    /// Engines have various statuses for this, which they have for other reasons too: the words tell.
    package var isConflict: Bool {
        guard case .refused(_, let status, let message) = self, [400, 403, 409, 500].contains(status) else {
            return false
        }
        let text = message.lowercased()
        return Self.wordsOfConflict.contains(where: text.contains)
    }

    /// Docker: `Pool overlaps with other one on this address space`, `networks have overlapping IPv4`, `network with name x
    /// already exists`; Podman: `subnet x is already used on the host or by another config`, `network name x already used`,
    /// `network x is already being used by a cni configuration`.
    private static let wordsOfConflict = [
        "overlap", "already exists", "already used", "already being used", "already in use",
    ]
}
