import ContainerEngine
import Foundation
import Images
import Testing

@Suite struct RegistryLoginsTests {
    /// The login for an image with this file, and what a helper was asked.
    private func login(
        _ image: String,
        _ json: String,
        helper: [String: RegistryLogin.Secret] = [:]
    ) async throws -> RegistryLogin? {
        let file = FileManager.default.temporaryDirectory.appending(path: "auth-\(UUID()).json").path
        try json.write(toFile: file, atomically: true, encoding: .utf8)
        defer { unlink(file) }
        // No place but this one has any.
        let logins = RegistryLogins(environment: ["REGISTRY_AUTH_FILE": file])
        return try await logins.login(for: ImageReference(image)) { name, server in
            helper["\(name) \(server)"]
        }
    }

    private func auth(_ text: String) -> String { #"{"auth":"\#(Data(text.utf8).base64EncodedString())"}"# }

    @Test func `places are those of Podman and Docker`() {
        let all = RegistryLogins(environment: [
            "REGISTRY_AUTH_FILE": "/own.json", "XDG_RUNTIME_DIR": "/run/me", "HOME": "/home/me",
        ])
        #expect(
            all.files == [
                "/own.json", "/run/me/containers/auth.json", "/run/containers/\(geteuid())/auth.json",
                "/home/me/.config/containers/auth.json", "/home/me/.docker/config.json",
            ]
        )
        let moved = RegistryLogins(environment: [
            "HOME": "/h", "XDG_CONFIG_HOME": "/c", "DOCKER_CONFIG": "/d",
        ])
        #expect(moved.files.suffix(2) == ["/c/containers/auth.json", "/d/config.json"])
    }

    @Test(arguments: [
        ("example.test/own", "example.test", true), ("example.test:5000/own", "example.test:5000", true),
        ("example.test:5000/own", "example.test", false), ("own", "https://index.docker.io/v1/", true),
        ("docker.io/team/own", "https://index.docker.io/v1/", true), ("example.test/own", "docker.io", false),
        ("example.test/team/own:1", "https://example.test/v2/", true),
        ("example.test/other/own:1", "example.test/team", false),
    ])
    func `keys are registries in their several spellings`(
        image: String,
        key: String,
        isFound: Bool
    ) async throws {
        let found = try await login(image, #"{"auths":{"\#(key)":\#(auth("ada:pass:word"))}}"#)
        #expect((found != nil) == isFound)
        if let found {
            #expect(found.secret == .password(user: "ada", password: "pass:word"))
            #expect(found.server == key)
        }
    }

    @Test func `the narrowest key counts`() async throws {
        let json = """
            {"auths":{"example.test":\(auth("wide:1")),"example.test/team":\(auth("team:2")),
            "example.test/team/own":\(auth("own:3"))}}
            """
        #expect(try await login("example.test/team/own", json)?.who == "'own'")
        #expect(try await login("example.test/team/b", json)?.who == "'team'")
        #expect(try await login("example.test/b", json)?.who == "'wide'")
    }

    @Test func `helpers and stores are asked`() async throws {
        let json = #"{"auths":{"b.test":{}},"credHelpers":{"a.test":"one"},"credsStore":"two"}"#
        let helper: [String: RegistryLogin.Secret] = [
            "one a.test": .identityToken("t"), "two b.test": .password(user: "u", password: "p"),
        ]
        let first = try await login("a.test/x", json, helper: helper)
        #expect(first?.secret == .identityToken("t"))
        #expect(first?.source == "docker-credential-one")
        #expect(try await login("b.test/x", json, helper: helper)?.who == "'u'")
        #expect(try await login("c.test/x", json, helper: helper) == nil)
    }

    @Test(arguments: ["own", "docker.io/team/own", "index.docker.io/team/own"])
    func `a store is asked for the default registry by Docker's key`(image: String) async throws {
        let found = try await login(
            image,
            #"{"credsStore":"two"}"#,
            helper: ["two https://index.docker.io/v1/": .identityToken("t")]
        )
        #expect(found?.secret == .identityToken("t"))
    }

    @Test func `a file that is none is named`() async throws {
        await #expect(throws: RegistryLogins.Unreadable.self) { try await login("a.test/x", "{") }
    }
}
