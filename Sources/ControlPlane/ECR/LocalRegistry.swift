package import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// A registry of container images (the OCI distribution API) behind Clary, such as Debian's `docker-registry`.
package struct LocalRegistry: Sendable {
    /// Such as `http://127.0.0.1:5000`.
    package let address: String
    let http: HTTPClient

    package init(address: String, http: HTTPClient) {
        self.address = address
        self.http = http
    }

    /// What a tag or digest stands for.
    struct Manifest: Sendable {
        var digest: String
        var mediaType: String
        var text: String
        /// Of the configuration and all layers; 0 for an index of several platforms.
        var bytes: Int
    }

    /// Forms of manifests that are taken.
    private static let forms = [
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    ]

    private static let longest = 8 << 20

    /// `nil` if the repository has no such tag or digest.
    ///
    /// - Throws: `RegistryRefusal`, or why there is no answer.
    func manifest(_ repository: String, _ reference: String) async throws -> Manifest? {
        var request = HTTPClientRequest(url: "\(address)/v2/\(repository)/manifests/\(reference)")
        for form in Self.forms { request.headers.add(name: "Accept", value: form) }
        let reply = try await http.execute(request, timeout: .seconds(30))
        guard reply.status != .notFound else { return nil }
        try await check(reply, to: request)
        let body = Data(buffer: try await reply.body.collect(upTo: Self.longest))
        struct Sizes: Decodable {
            var config: Part?
            var layers: [Part]?
            struct Part: Decodable { var size: Int }
        }
        let sizes = try? JSONDecoder().decode(Sizes.self, from: body)
        return Manifest(
            digest: reply.headers.first(name: "Docker-Content-Digest") ?? "",
            mediaType: reply.headers.first(name: "Content-Type") ?? "",
            text: String(decoding: body, as: UTF8.self),
            bytes: (sizes?.config?.size ?? 0) + (sizes?.layers ?? []).reduce(0) { $0 + $1.size }
        )
    }

    /// The tags of a repository, sorted; none if it has no image.
    ///
    /// - Throws: `RegistryRefusal`, or why there is no answer.
    func tags(_ repository: String) async throws -> [String] {
        struct Tags: Decodable { var tags: [String]? }
        let request = HTTPClientRequest(url: "\(address)/v2/\(repository)/tags/list")
        let reply = try await http.execute(request, timeout: .seconds(30))
        guard reply.status != .notFound else { return [] }
        try await check(reply, to: request)
        let body = Data(buffer: try await reply.body.collect(upTo: Self.longest))
        return (try JSONDecoder().decode(Tags.self, from: body).tags ?? []).sorted()
    }

    private func check(_ reply: HTTPClientResponse, to request: HTTPClientRequest) async throws {
        guard reply.status != .ok else { return }
        let body = try await reply.body.collect(upTo: Self.longest)
        throw RegistryRefusal(
            url: request.url,
            status: Int(reply.status.code),
            words: String(String(buffer: body).prefix(500))
        )
    }
}

/// What a registry answers instead of what it was asked for.
struct RegistryRefusal: Error, CustomStringConvertible {
    let url: String
    let status: Int
    /// The beginning of its answer.
    let words: String

    var description: String { "The registry answers \(url) with the status \(status): \(words)" }
}
