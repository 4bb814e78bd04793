/// The head of a request as its signature sees it.
package struct SignedMessage: Sendable {
    /// In upper case.
    package let method: String
    /// Percent-encoded, as sent; starts with a slash.
    package let path: Substring
    /// Percent-encoded, as sent, without the question mark.
    package let query: Substring
    /// In the order sent, `host` among them; a header sent twice stands here twice.
    package let headers: [Header]

    /// One header.
    package struct Header: Sendable, Hashable {
        /// In lower case.
        package let name: String
        /// As sent.
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// - Parameters:
    ///   - method: In upper case.
    ///   - target: Path and query as in the request line.
    ///   - headers: With names in lower case.
    package init(method: String, target: String, headers: [Header]) {
        self.method = method
        self.headers = headers
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        path = target[..<mark]
        query = mark == target.endIndex ? "" : target[target.utf8.index(after: mark)...]
    }

    /// The value of a header that was sent once; `nil` if it is absent or repeated, which for the headers that steer
    /// a signature is as bad.
    package func single(_ name: String) -> String? {
        var found: String?
        for header in headers where header.name == name {
            guard found == nil else { return nil }
            found = header.value
        }
        return found
    }

    /// How often a header was sent.
    package func count(_ name: String) -> Int {
        headers.reduce(0) { $1.name == name ? $0 + 1 : $0 }
    }

    /// The parameters of the query, still encoded: what stands before and after the first `=` of each.
    var parameters: [(name: Substring, value: Substring)] {
        query.pieces(separatedBy: "&", keepingEmpty: false).map { pair in
            guard let mark = pair.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (pair, "") }
            return (pair[..<mark], pair[pair.utf8.index(after: mark)...])
        }
    }
}
