import AWSWire
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Objects of the running server, for commands.
struct ServerObjects {
    let client: ServerClient

    /// All keys that start with a prefix, in order.
    func keys(in bucket: String, below prefix: String) async throws -> [String] {
        var keys: [String] = []
        var token: String?
        repeat {
            var query = "encoding-type=url&list-type=2&prefix=\(PercentEncoding.encode(prefix))"
            if let token { query = "continuation-token=\(PercentEncoding.encode(token))&\(query)" }
            let reply = try await send("GET", "/\(PercentEncoding.encode(bucket))?\(query)")
            let text = String(decoding: try await reply.collect(), as: UTF8.self)
            keys += text.matches(of: /<Key>([^<]*)<\/Key>/).compactMap {
                PercentEncoding.decode($0.1.replacing("+", with: "%20"))
            }
            token = text.firstMatch(of: /<NextContinuationToken>([^<]*)</).map { Self.plain($0.1) }
        } while token != nil
        return keys
    }

    /// An object's content, as it comes.
    func content(_ bucket: String, _ key: String) async throws -> HTTPClientResponse.Body {
        try await send("GET", Self.path(bucket, key)).body
    }

    /// Writes a small object at once.
    func put(_ bytes: [UInt8], _ bucket: String, _ key: String) async throws {
        _ = try await send("PUT", Self.path(bucket, key), body: bytes).collect()
    }

    /// Makes a bucket of a name that nobody has yet, in a region.
    func makeBucket(_ bucket: String, region: String) async throws {
        // That region has no name in S3.
        let document =
            region == "us-east-1"
            ? ""
            : "<CreateBucketConfiguration><LocationConstraint>\(region)</LocationConstraint></CreateBucketConfiguration>"
        _ = try await send("PUT", "/\(PercentEncoding.encode(bucket))", body: Array(document.utf8)).collect()
    }

    /// Removes a bucket with all that is in it; one that is not there is no error.
    func removeBucket(_ bucket: String) async throws {
        do {
            for key in try await keys(in: bucket, below: "") {
                _ = try await send("DELETE", Self.path(bucket, key)).collect()
            }
            _ = try await send("DELETE", "/\(PercentEncoding.encode(bucket))").collect()
        } catch let failure as CleanFailure where failure.message.contains("bucket does not exist") {
            return
        }
    }

    func beginUpload(_ bucket: String, _ key: String) async throws -> String {
        let reply = try await send("POST", "\(Self.path(bucket, key))?uploads=")
        let text = String(decoding: try await reply.collect(), as: UTF8.self)
        guard let id = text.firstMatch(of: /<UploadId>([^<]*)</) else {
            throw CleanFailure(message: "The server began no upload of s3://\(bucket)/\(key).")
        }
        return Self.plain(id.1)
    }

    /// - Returns: The part's ETag.
    func putPart(
        _ number: Int,
        of upload: String,
        _ bytes: [UInt8],
        _ bucket: String,
        _ key: String
    ) async throws -> String {
        let query = "partNumber=\(number)&uploadId=\(PercentEncoding.encode(upload))"
        let reply = try await send("PUT", "\(Self.path(bucket, key))?\(query)", body: bytes)
        _ = try await reply.collect()
        return reply.headers.first(name: "etag") ?? ""
    }

    func completeUpload(_ upload: String, parts: [String], _ bucket: String, _ key: String) async throws {
        let listed = parts.enumerated().map {
            "<Part><PartNumber>\($0.offset + 1)</PartNumber><ETag>\($0.element.replacing("\"", with: "&quot;"))</ETag></Part>"
        }
        let document = "<CompleteMultipartUpload>\(listed.joined())</CompleteMultipartUpload>"
        let target = "\(Self.path(bucket, key))?uploadId=\(PercentEncoding.encode(upload))"
        _ = try await send("POST", target, body: Array(document.utf8)).collect()
    }

    func abortUpload(_ upload: String, _ bucket: String, _ key: String) async throws {
        let target = "\(Self.path(bucket, key))?uploadId=\(PercentEncoding.encode(upload))"
        _ = try await send("DELETE", target).collect()
    }

    private func send(
        _ method: String,
        _ target: String,
        body: [UInt8] = []
    ) async throws -> HTTPClientResponse {
        do {
            return try await client.send(method, target, service: "s3", body: body)
        } catch let refusal as ServerRefusal {
            let words = refusal.message.firstMatch(of: /<Message>([^<]*)</).map { Self.plain($0.1) }
            let path = target.prefix { $0 != "?" }
            throw CleanFailure(
                message: "s3:/\(PercentEncoding.decode(path) ?? String(path)): "
                    + (words ?? "the server answered with HTTP status \(refusal.status).")
            )
        }
    }

    private static func path(_ bucket: String, _ key: String) -> String {
        "/\(PercentEncoding.encode(bucket))/\(PercentEncoding.encode(key, slash: .kept))"
    }

    /// The text behind XML's entities.
    private static func plain(_ text: Substring) -> String {
        String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&amp;", with: "&")
    }
}

extension HTTPClientResponse {
    fileprivate func collect() async throws -> [UInt8] {
        Array(try await body.collect(upTo: 64 << 20).readableBytesView)
    }
}
