import AWSWire
package import NIOCore
package import Resources

/// What jobs ask of a store before they read it.
extension ExternalStore {
    /// An object of a listing.
    package struct Entry: Sendable, Equatable {
        package let key: String
        /// Bytes.
        package let size: Int
        /// With its quotes.
        package let eTag: String
    }

    /// Largest page of a listing that a service may send, in bytes.
    private static let largestPage = 64 << 20

    /// Whether the bucket is there and our key may see it.
    ///
    /// - Throws: `UnreachableStore`, or `ExternalRefusal` for anything but yes and no.
    package func hasBucket(_ name: String) async throws -> Bool {
        let reply = try await call("HEAD", "/\(PercentEncoding.encode(name))")
        switch reply.status {
        case 200..<300: return true
        // Not ours to see, or somewhere else: for us it is not there.
        case 301, 403, 404: return false
        default:
            throw ExternalRefusal(endpoint: endpoint.address, status: reply.status, code: "", message: "")
        }
    }

    /// Every object whose key begins with the location's, in key order, page by page.
    ///
    /// - Parameters:
    ///   - location: A bucket and the beginning of keys.
    ///   - most: How many are wanted.
    ///   - take: Takes a page.
    /// - Throws: `UnreachableStore`, or `ExternalRefusal`, also where there is no such bucket (`NoSuchBucket`).
    package func list(
        under location: S3Location,
        atMost most: Int = .max,
        _ take: ([Entry]) throws -> Void
    ) async throws {
        var token: String?
        var left = most
        repeat {
            var query = "?"
            if let token { query += "continuation-token=\(PercentEncoding.encode(token))&" }
            query +=
                "encoding-type=url&list-type=2&max-keys=\(min(1000, left))&prefix=\(PercentEncoding.encode(location.key))"
            let page = try await document("/\(PercentEncoding.encode(location.bucket))\(query)")
            try take(
                try page.children(named: "Contents").map { element in
                    let text = element["Key"]?.text ?? ""
                    guard let key = PercentEncoding.decode(text.replacing("+", with: " ")),
                        let size = element["Size"].flatMap({ Int($0.text) })
                    else { throw unreadable("an entry of a listing: '\(text)'") }
                    return Entry(key: key, size: size, eTag: element["ETag"]?.text ?? "")
                }
            )
            left -= page.children(named: "Contents").count
            token =
                left > 0 && page["IsTruncated"]?.text == "true" ? page["NextContinuationToken"]?.text : nil
        } while token != nil
    }

    /// The object of exactly this key; `nil` if there is none.
    ///
    /// - Throws: `UnreachableStore`, or `ExternalRefusal`.
    package func entry(at location: S3Location) async throws -> Entry? {
        let reply = try await call("HEAD", Self.target(location))
        switch reply.status {
        case 200..<300:
            guard let size = reply.header("content-length").flatMap({ Int($0) }) else {
                throw unreadable("the facts of \(location): no Content-Length")
            }
            return Entry(key: location.key, size: size, eTag: reply.header("etag") ?? "")
        case 404: return nil
        default:
            throw ExternalRefusal(
                endpoint: endpoint.address,
                status: reply.status,
                code: "",
                message: "\(location)"
            )
        }
    }

    /// Longest object that is read as a whole, in bytes: a manifest of some million lines.
    private static let longestContent = 1 << 30

    /// The content of an object; `nil` if it is gone or no longer has the entity tag.
    ///
    /// - Throws: `UnreachableStore`, `ExternalRefusal`, or `NIOTooManyBytesError` above a GiB.
    package func content(at location: S3Location, eTag: String?) async throws -> ByteBuffer? {
        let condition = eTag.map { [(name: "if-match", value: $0)] } ?? []
        let reply = try await call("GET", Self.target(location), headers: condition)
        switch reply.status {
        case 200: return try await reply.collect(upTo: Self.longestContent)
        case 404, 412: return nil
        default:
            throw ExternalRefusal(
                endpoint: endpoint.address,
                status: reply.status,
                code: "",
                message: "\(location)"
            )
        }
    }

    private static func target(_ location: S3Location) -> String {
        "/\(PercentEncoding.encode(location.bucket))/\(PercentEncoding.encode(location.key, slash: .kept))"
    }

    private func document(_ target: String) async throws -> XMLElement {
        let reply = try await call("GET", target)
        let bytes = try await reply.collect(upTo: Self.largestPage)
        let element: XMLElement
        do { element = try XMLElement.parse(bytes.readableBytesView) } catch {
            throw unreadable("a reply with status \(reply.status)")
        }
        guard reply.status == 200 else {
            throw ExternalRefusal(
                endpoint: endpoint.address,
                status: reply.status,
                code: element["Code"]?.text ?? "",
                message: element["Message"]?.text ?? ""
            )
        }
        return element
    }

    private func unreadable(_ what: String) -> ExternalRefusal {
        ExternalRefusal(endpoint: endpoint.address, status: 200, code: "", message: "unreadable: \(what)")
    }
}

/// The service answered, and not with what was asked for.
package struct ExternalRefusal: Error, Equatable, CustomStringConvertible {
    package let endpoint: String
    package let status: Int
    /// S3's, such as `NoSuchBucket`; empty if it gave none.
    package let code: String
    package let message: String

    package var description: String {
        let words = [code, message].filter { !$0.isEmpty }.joined(separator: ": ")
        return
            "The S3 service at \(endpoint) answered with status \(status)\(words.isEmpty ? "" : " (\(words))")."
    }
}
