import Foundation
package import Images

/// The logins of this machine's user, where `podman login` and `docker login` leave them.
///
/// The files are those of containers-auth.json(5) and of Docker's `config.json`, the first that has a login for a registry
/// counts.
package struct RegistryLogins: Sendable {
    package let files: [String]

    /// Asks a program `docker-credential-NAME` for a server's login; `nil` if it has none.
    package typealias Helper = (_ name: String, _ server: String) async throws -> RegistryLogin.Secret?

    /// A file of logins that is none.
    package struct Unreadable: Error, Equatable, CustomStringConvertible {
        let file: String
        let reason: String
        package var description: String { "The logins in \(file) cannot be read: \(reason)" }
    }

    /// - Parameter environment: Of a process of the user's.
    package init(environment: [String: String]) {
        func directory(_ variable: String, _ tail: String, otherwise: String?) -> String? {
            let value = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? otherwise
            return value.map { $0 + tail }
        }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        let places = [
            directory("REGISTRY_AUTH_FILE", "", otherwise: nil),
            directory("XDG_RUNTIME_DIR", "/containers/auth.json", otherwise: nil),
            // Where Podman keeps them for who has no such directory, and for root.
            "/run/containers/\(geteuid())/auth.json",
            directory("XDG_CONFIG_HOME", "/containers/auth.json", otherwise: home.map { "\($0)/.config" }),
            directory("DOCKER_CONFIG", "/config.json", otherwise: home.map { "\($0)/.docker" }),
        ]
        files = places.compactMap(\.self)
    }

    /// The login for an image's registry.
    ///
    /// - Throws: `Unreadable`, or what `helper` throws.
    package func login(for image: ImageReference, helper: Helper) async throws -> RegistryLogin? {
        for file in files where FileManager.default.fileExists(atPath: file) {
            let content: Content
            do {
                content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: URL(filePath: file)))
            } catch {
                throw Unreadable(file: file, reason: "\(error)")
            }
            if let login = try await login(for: image, in: content, of: file, helper) { return login }
        }
        return nil
    }

    private func login(
        for image: ImageReference,
        in content: Content,
        of file: String,
        _ helper: Helper
    ) async throws -> RegistryLogin? {
        let servers = Self.servers(of: image.registry)
        func ask(_ name: String, _ server: String) async throws -> RegistryLogin? {
            try await helper(name, server).map {
                RegistryLogin(server: server, secret: $0, source: "docker-credential-\(name)")
            }
        }
        for (key, name) in content.credHelpers ?? [:] where servers.contains(Self.plain(key)) {
            if let login = try await ask(name, key) { return login }
        }
        let entries = (content.auths ?? [:]).map { (key: $0.key, plain: Self.plain($0.key), entry: $0.value) }
        for place in Self.places(of: image, servers) {
            for found in entries where found.plain == place {
                guard let secret = found.entry.secret else { continue }
                return RegistryLogin(server: found.key, secret: secret, source: file)
            }
        }
        guard let store = content.credsStore, !store.isEmpty else { return nil }
        let server = image.registry.flatMap { Self.isDefault($0) ? nil : $0 }
        return try await ask(store, server ?? Self.keyOfDefault)
    }

    /// Docker's own name of its registry in files and stores.
    private static let keyOfDefault = "https://index.docker.io/v1/"

    private static func isDefault(_ registry: String) -> Bool {
        ["docker.io", "index.docker.io", "registry-1.docker.io"].contains(registry)
    }

    /// What may stand for a registry: the engines' default one has several names.
    private static func servers(of registry: String?) -> [String] {
        guard let registry, !isDefault(registry) else {
            return ["docker.io", "index.docker.io", "registry-1.docker.io"]
        }
        return [registry]
    }

    /// Keys under which there may be a login, the narrowest first: Podman has some of repositories and of what they are in.
    private static func places(of image: ImageReference, _ servers: [String]) -> [String] {
        let parts = image.repository.split(separator: "/")
        return (0...parts.count).reversed().flatMap { count in
            servers.map { ([Substring($0)] + parts.prefix(count)).joined(separator: "/") }
        }
    }

    /// A key without scheme and version: Docker writes `https://index.docker.io/v1/`.
    private static func plain(_ key: String) -> String {
        var key = key[...]
        for scheme in ["https://", "http://"] where key.hasPrefix(scheme) {
            key = key.dropFirst(scheme.count)
        }
        while key.hasSuffix("/") { key.removeLast() }
        for version in ["/v1", "/v2"] where key.hasSuffix(version) { key = key.dropLast(version.count) }
        return String(key)
    }

    /// What a file says.
    private struct Content: Decodable {
        var auths: [String: Entry]?
        var credHelpers: [String: String]?
        var credsStore: String?
    }

    private struct Entry: Decodable {
        /// `user:password` in base64.
        var auth: String?
        var username: String?
        var password: String?
        var identitytoken: String?

        /// `nil` for the empty entry of a login that a store keeps.
        var secret: RegistryLogin.Secret? {
            if let identitytoken, !identitytoken.isEmpty { return .identityToken(identitytoken) }
            let pair = auth.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
            if let pair, let colon = pair.firstIndex(of: ":") {
                return .password(
                    user: String(pair[..<colon]),
                    // Some clients end it with a zero.
                    password: pair[pair.index(after: colon)...].trimmingCharacters(in: ["\0"])
                )
            }
            guard let username, let password, !username.isEmpty else { return nil }
            return .password(user: username, password: password)
        }
    }
}
