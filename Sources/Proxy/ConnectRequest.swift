/// A `CONNECT host:port` request (RFC 9110, section 9.3.6), the only one that the proxy answers.
package struct ConnectRequest: Equatable, Sendable {
    /// The target's name in lower case without a final dot, or its address without brackets.
    package let host: String
    package let port: Int
    /// Value of `Proxy-Authorization`.
    package let authorization: String?

    /// Bytes of a request head at most, its empty line included.
    package static let longestHead = 8192

    /// Reads a request head.
    ///
    /// - Parameter head: The bytes up to and including the empty line.
    /// - Throws: `Refusal` with the status that the client gets.
    package init(parsing head: [UInt8]) throws(Refusal) {
        guard let text = String(validating: head, as: UTF8.self) else {
            throw Refusal(status: 400, reason: "The request head is not text")
        }
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: true)[...]
        guard let requestLine = lines.popFirst() else {
            throw Refusal(status: 400, reason: "The request is empty")
        }
        let words = requestLine.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            throw Refusal(status: 400, reason: "The request line is malformed")
        }
        guard words[0] == "CONNECT" else {
            throw Refusal(status: 405, reason: "This proxy answers CONNECT only")
        }
        (host, port) = try ConnectRequest.target(words[1])

        var authorization: String?
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex,
                line[..<colon].allSatisfy({ $0.isASCII && !$0.isWhitespace })
            else { throw Refusal(status: 400, reason: "A header line is malformed") }
            guard line[..<colon].lowercased() == "proxy-authorization" else { continue }
            guard authorization == nil else {
                throw Refusal(status: 400, reason: "Proxy-Authorization is given twice")
            }
            authorization = line[line.index(after: colon)...].trimmingSpaces()
        }
        self.authorization = authorization
    }

    /// Splits `name:port` or `[address]:port`.
    private static func target(_ text: Substring) throws(Refusal) -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"),
            case let digits = text[text.index(after: colon)...],
            (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let port = Int(digits), (1...65_535).contains(port)
        else { throw Refusal(status: 400, reason: "The target needs a port from 1 to 65535") }
        var host = text[..<colon].lowercased()
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard host.contains(":"), host.utf8.allSatisfy(isAddressByte) else {
                throw Refusal(status: 400, reason: "The target's address is malformed")
            }
            return (host, port)
        }
        if host.hasSuffix(".") { host.removeLast() }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...253).contains(host.utf8.count),
            labels.allSatisfy({ (1...63).contains($0.utf8.count) && $0.utf8.allSatisfy(isNameByte) })
        else { throw Refusal(status: 400, reason: "The target's name is malformed") }
        return (host, port)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

/// Why a client gets no tunnel.
package struct Refusal: Error, Equatable, Sendable {
    package let status: Int
    /// One line; it stands in the status line because clients show that and no body.
    package let reason: String

    package init(status: Int, reason: String) {
        self.status = status
        self.reason = reason
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
