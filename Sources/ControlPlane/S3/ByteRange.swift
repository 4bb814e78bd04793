import AWSWire

/// The one range of bytes that a `Range` header asks for.
enum ByteRange: Equatable {
    /// From the first byte on, to the last one or the object's end.
    case from(Int, through: Int?)
    /// So many bytes at the end.
    case last(Int)

    /// Reads a header such as `bytes=0-99`, `bytes=100-`, `bytes=-50`.
    ///
    /// The result is `nil` for several ranges and for what is no range: then the whole object is meant.
    init?(_ header: String) {
        guard header.hasPrefix("bytes=") else { return nil }
        let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, bounds.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else {
            return nil
        }
        switch (Int(bounds[0]), Int(bounds[1])) {
        case (let first?, let last?):
            guard first <= last else { return nil }
            self = .from(first, through: last)
        case (let first?, nil):
            guard bounds[1].isEmpty else { return nil }
            self = .from(first, through: nil)
        case (nil, let count?):
            guard bounds[0].isEmpty else { return nil }
            self = .last(count)
        case (nil, nil): return nil
        }
    }

    /// The bytes of an object.
    ///
    /// - Parameter size: Bytes of the object.
    /// - Returns: `nil` if the object has none of them.
    func resolve(size: Int) -> Range<Int>? {
        switch self {
        case .from(let first, let last):
            guard first < size else { return nil }
            return first..<min(last.map { $0 < size ? $0 + 1 : size } ?? size, size)
        case .last(let count):
            guard count > 0, size > 0 else { return nil }
            return max(0, size - count)..<size
        }
    }
}
