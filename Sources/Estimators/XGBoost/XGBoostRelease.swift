/// The release that an image tag promises; where its defaults differ from the library's, they are restored.
package struct XGBoostRelease: Comparable, Sendable, CustomStringConvertible {
    let major: Int
    let minor: Int

    package init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads a tag such as `1.7-1`, `0.90-2-cpu-py3`, or `1` and `latest`, which meant 0.72.
    package init?(tag: String) {
        if tag == "1" || tag == "latest" {
            self.init(0, 72)
            return
        }
        let parts = tag.prefix { $0.isNumber || $0 == "." }.split(separator: ".")
        guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        self.init(major, minor)
    }

    /// The release that the library really is.
    package static let current = XGBoostRelease(3, 0)

    package var description: String { "\(major).\(minor)" }

    package static func < (left: XGBoostRelease, right: XGBoostRelease) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
