import CLinux
package import ContainerEngine
import Foundation
import Glibc

/// A program that keeps logins of registries for container tools (`docker-credential-NAME`).
package struct CredentialHelper: Sendable {
    let name: String
    let environment: [String: String]
    let patience: Duration

    /// It did not say what it has.
    package struct Failure: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    private static let longestAnswer = 1 << 20

    /// - Parameters:
    ///   - name: The last part of the program's name.
    ///   - environment: Its own; its `PATH` says where the program is.
    ///   - patience: How long it may think: some ask a service.
    package init(name: String, environment: [String: String], patience: Duration = .seconds(30)) {
        self.name = name
        self.environment = environment
        self.patience = patience
    }

    /// Asks it for a server's login, on this thread; `nil` if it has none.
    ///
    /// - Throws: `Failure`, `SystemError`.
    package func login(for server: String) throws -> RegistryLogin.Secret? {
        let (code, answer) = try run(asking: server)
        guard code == 0 else {
            // The protocol has these words for it.
            if answer.contains("credentials not found") { return nil }
            throw Failure(
                description: "'\(program)' ended with \(code) for '\(server)': \(answer.prefix(500))"
            )
        }
        struct Found: Decodable {
            var user: String
            var secret: String

            enum CodingKeys: String, CodingKey {
                case user = "Username"
                case secret = "Secret"
            }
        }
        do {
            let found = try JSONDecoder().decode(Found.self, from: Data(answer.utf8))
            return found.user == "<token>"
                ? .identityToken(found.secret)
                : .password(user: found.user, password: found.secret)
        } catch {
            // Its answer may hold a secret.
            throw Failure(description: "'\(program)' did not answer with a login for '\(server)'.")
        }
    }

    /// Of its patience, for texts.
    private var seconds: Int64 { patience.components.seconds }

    private var program: String { "docker-credential-\(name)" }

    private func path() throws(Failure) -> String {
        let places = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
        let paths: [String] = places.map { "\($0)/\(program)" }
        let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard isName, let found = paths.first(where: { access($0, X_OK) == 0 })
        else { throw Failure(description: "'\(program)' is not in \(places.joined(separator: ":")).") }
        return found
    }

    private func run(asking server: String) throws -> (code: Int32, answer: String) {
        let path = try path()
        var ends: [Int32] = [-1, -1]
        try check(clx_pipe(&ends, 4096), "make a pipe")
        let question = Descriptor(owning: ends[0])
        let asking = Descriptor(owning: ends[1])
        try check(clx_pipe(&ends, 4096), "make a pipe")
        let output = Descriptor(owning: ends[0])
        let theirOutput = Descriptor(owning: ends[1])
        let text = "\(server)\n"
        guard write(asking.number, text, text.utf8.count) == text.utf8.count else {
            throw SystemError("write to a pipe", code: errno)
        }
        let nowhere = Descriptor(owning: open("/dev/null", O_WRONLY | O_CLOEXEC))
        var arguments = [strdup(path), strdup("get"), nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        let child = try check(
            clx_spawn(path, &arguments, &variables, question.number, theirOutput.number, nowhere.number),
            "run \(path)"
        )
        _ = consume question
        _ = consume asking
        _ = consume theirOutput
        let deadline = ContinuousClock.now + patience
        var status: Int32 = 0
        do {
            let answer = try read(output.number, until: deadline)
            let process = Descriptor(owning: try check(clx_pidfd_open(child), "watch \(path)"))
            guard isReadable(process.number, until: deadline) else {
                throw Failure(description: "'\(program)' answered and did not end within \(seconds) s.")
            }
            clx_wait(child, &status, 0)
            return (clx_exit_code(status), answer)
        } catch {
            // It leads a session: what it has started ends with it.
            kill(-child, SIGKILL)
            clx_wait(child, &status, 0)
            throw error
        }
    }

    /// Everything that it writes.
    private func read(_ output: Int32, until deadline: ContinuousClock.Instant) throws(Failure) -> String {
        var bytes: [UInt8] = []
        while bytes.count < Self.longestAnswer {
            guard isReadable(output, until: deadline) else {
                throw Failure(description: "'\(program)' did not finish its answer in \(seconds) s.")
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(output, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk.prefix(count)
        }
        let most = "\(Self.longestAnswer >> 20) MiB"
        throw Failure(description: "'\(program)' answered with more than \(most), which is no login.")
    }

    private func isReadable(_ descriptor: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        let left = ContinuousClock.now.duration(to: deadline) / Duration.milliseconds(1)
        return left > 0 && clx_wait_readable(descriptor, Int32(left.rounded(.up))) > 0
    }
}
