import Foundation
import Proxy
import Testing

@Suite struct ProxySettingsTests {
    let settings = ProxySettings(port: 7301, token: "t0ken")

    func basic(_ text: String) -> String { "Basic " + Data(text.utf8).base64EncodedString() }

    @Test func `the token opens the proxy whatever the user name is`() {
        #expect(settings.accepts(basic("clary:t0ken")))
        #expect(settings.accepts(basic(":t0ken").replacing("Basic", with: "bAsIc")))
    }

    @Test(arguments: ["clary:t0kem", "clary:t0ken2", "clary:", "t0ken", "t0ken:clary", "clary:t0ken:"])
    func `anything else does not`(credentials: String) {
        #expect(!settings.accepts(basic(credentials)))
    }

    @Test func `a missing or garbled header does not`() {
        #expect(!settings.accepts(nil))
        #expect(!settings.accepts("Bearer t0ken"))
        #expect(!settings.accepts("Basic %%%"))
    }

    @Test func `settings are kept for their owner only`() async throws {
        try await withTemporaryFolder { folder in
            #expect(try ProxySettings.load(dataDirectory: folder) == nil)
            try settings.save(dataDirectory: folder)
            #expect(try ProxySettings.load(dataDirectory: folder) == settings)
            let path = ProxySettings.folder(dataDirectory: folder) + "/settings.json"
            #expect(
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600
            )
        }
    }

    @Test func `fresh tokens are long and differ`() {
        #expect(ProxySettings.fresh().token.count == 32)
        #expect(ProxySettings.fresh().token != ProxySettings.fresh().token)
    }
}
