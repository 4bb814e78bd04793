import Agent
import CLinux
import ContainerEngine
import Foundation
import Testing

@Suite struct CredentialHelperTests {
    /// Asks a program `docker-credential-own` with this text.
    private func ask(
        _ script: String,
        patience: Duration = .seconds(30)
    ) throws -> RegistryLogin.Secret? {
        let directory = FileManager.default.temporaryDirectory.appending(path: "helper-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { clx_remove_tree(directory) }
        let file = directory + "/docker-credential-own"
        try "#!/bin/sh\n\(script)\n".write(toFile: file, atomically: true, encoding: .utf8)
        chmod(file, 0o755)
        let environment = ["PATH": "\(directory):/usr/bin:/bin"]
        let helper = CredentialHelper(name: "own", environment: environment, patience: patience)
        while true {
            do {
                return try helper.login(for: "a.test:5000")
            } catch let error as SystemError where error.code == ETXTBSY {
                // A child of another test's was born while the file was written, and has not become its program yet.
                continue
            }
        }
    }

    @Test func `it is asked for a server on its standard input`() throws {
        let script = #"read server; echo "{\"Username\":\"$1\",\"Secret\":\"$server\"}""#
        #expect(try ask(script) == .password(user: "get", password: "a.test:5000"))
        #expect(try ask(#"echo '{"Username":"<token>","Secret":"t"}'"#) == .identityToken("t"))
    }

    @Test func `one that has no login is no failure`() throws {
        #expect(try ask("echo credentials not found in native keychain; exit 1") == nil)
    }

    @Test(arguments: [
        ("echo '{}'; exec >&-; sleep 600", "did not end within"), ("sleep 600", "did not finish its answer"),
        ("head -c 1100000 /dev/zero; sleep 600", "more than 1 MiB"),
    ])
    func `what it does wrong is told apart, and it is ended`(script: String, words: String) throws {
        // A larger patience where it is not what ends it.
        let patience = words.contains("MiB") ? Duration.seconds(30) : .milliseconds(500)
        let begin = ContinuousClock.now
        let error = #expect(throws: CredentialHelper.Failure.self) { try ask(script, patience: patience) }
        #expect(error?.description.contains(words) == true)
        #expect(begin.duration(to: .now) < .seconds(25))
    }

    @Test func `one that fails, hangs or says nonsense is told by its name`() {
        for script in ["echo locked; exit 2", "sleep 600", "echo secret"] {
            let error = #expect(throws: CredentialHelper.Failure.self) {
                try ask(script, patience: .milliseconds(500))
            }
            #expect(error?.description.contains("docker-credential-own") == true)
            #expect(error?.description.contains("secret") == false)
        }
        #expect(throws: CredentialHelper.Failure.self) {
            try CredentialHelper(name: "../own", environment: [:]).login(for: "a.test")
        }
    }
}
