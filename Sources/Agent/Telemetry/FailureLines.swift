/// Picks the lines of a log that say why a program failed.
package enum FailureLines {
    /// - Parameters:
    ///   - tail: The last lines, oldest first.
    ///   - most: How many lines may be picked.
    /// - Returns: At most `most`: a Python traceback from its last frame on if there is one, else the last lines.
    package static func select(from tail: [String], most: Int = 20) -> [String] {
        let tail = withoutLaunchers(tail)
        guard let start = tail.lastIndex(where: { $0.hasPrefix(header) }) else {
            return Array(tail.suffix(most))
        }
        let body = tail[(start + 1)...]
        let frame = body.lastIndex { $0.drop { $0 == " " }.hasPrefix("File \"") } ?? body.startIndex
        return Array(tail[frame...].prefix(most))
    }

    /// What a script itself has said: whatever has started it says afterwards, with a traceback of its own, that the script
    /// failed.
    private static func withoutLaunchers(_ tail: [String]) -> [String] {
        var rest = tail[...]
        if let driver = rest.lastIndex(where: isDriversComplaint) { rest = rest[..<driver] }
        if let torchrun = rest.lastIndex(where: { $0.contains(torchrunComplaint) }),
            let start = rest[..<torchrun].lastIndex(where: { $0.hasPrefix(header) }), start > rest.startIndex
        {
            rest = rest[..<start]
        }
        return rest.isEmpty ? tail : Array(rest)
    }

    /// The drivers of the SageMaker SDK 3.x (`container_drivers/common/utils.py`).
    private static func isDriversComplaint(_ line: String) -> Bool {
        line.hasPrefix("Command failed with exit code ") && line.contains("Traceback: \(header)")
    }

    private static let header = "Traceback (most recent call last)"
    private static let torchrunComplaint = "torch.distributed.elastic.multiprocessing.errors.ChildFailedError"
}
