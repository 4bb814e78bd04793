import ArgumentParser
import Foundation
import Glibc
import Resources
import TeamAccess

/// `clary login`: a profile on this machine for a server on another one.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Write an AWS profile that leads unmodified clients to a Clary server on another machine.",
        discussion: """
            Asks for an access key and its secret (`clary users add` on the server prints them), checks them, and writes \
            the profile to ~/.aws/config and ~/.aws/credentials (or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE); \
            everything else in these files stays. Where standard input is no terminal, the secret is its first line, \
            after the access key if --access-key does not give it.

            A server with a certificate of Clary's own authority is believed only after its fingerprint was compared: by \
            you, or with --ca-fingerprint. `clary serve --tls` and `clary status` show it to the server's administrator.

            Examples:
              clary login https://clary.example:9000
              AWS_PROFILE=clary aws s3 ls
              clary login https://10.0.0.5:9000 --profile lab --access-key AKIA... --ca-fingerprint AB:CD:... < secret
            """
    )

    @Argument(help: "Where the server is: https://HOST:PORT.")
    var server: String

    @Option(help: "Name of the profile; one that `clary login` wrote is renewed.")
    var profile = "clary"

    @Option(name: .customLong("access-key"), help: "The access key's id; asked for if it is not given.")
    var accessKey: String?

    @Option(
        name: .customLong("ca-fingerprint"),
        help: "SHA-256 of the server's authority, so that nobody has to be asked."
    )
    var fingerprint: String?

    @Option(
        name: .customLong("ca-file"),
        help: "PEM file with the authority of a certificate that is not Clary's."
    )
    var authorityFile: String?

    @Option(help: "Region of the profile (default: the profile's, or us-east-1).")
    var region: String?

    func validate() throws {
        guard TeamProfile.isName(profile) else {
            throw ValidationError(
                "--profile \(profile): letters, digits, '-', '_' and '.' make a profile's name."
            )
        }
        if let fingerprint, Fingerprint(parsing: fingerprint) == nil {
            throw ValidationError("--ca-fingerprint: a SHA-256 fingerprint has 64 hexadecimal digits.")
        }
        guard fingerprint == nil || authorityFile == nil else {
            throw ValidationError(
                "--ca-fingerprint and --ca-file are two ways to the same end. Give one of them."
            )
        }
        if let region, Region(region) == nil {
            throw ValidationError("--region \(region): this is no region's name, such as eu-west-1.")
        }
    }

    func run() async throws {
        let server = try TeamServer(parsing: server)
        let store = ProfileStore(ProcessInfo.processInfo.environment)
        try store.check(profile)
        let trustFile = store.trustFile(of: profile)
        let trust = try await server.trust(
            file: authorityFile,
            expected: fingerprint.flatMap { Fingerprint(parsing: $0) },
            approve: { try approve($0, authority: $1, knownFile: trustFile) }
        )
        let (keyID, secret) = try keys()
        let arn = try await server.identity(
            keyID: keyID,
            secret: secret,
            region: region ?? "us-east-1",
            trust
        )
        var authority: String?
        if case .authorities(let text) = trust { authority = text }
        let written = TeamProfile(
            name: profile,
            url: server.url,
            region: region,
            accessKeyID: keyID,
            secretAccessKey: secret,
            trustFile: authority == nil ? nil : trustFile
        )
        try store.write(written, authority: authority)
        Screen.say("You are \(arn). The profile '\(profile)' leads to \(server.url).")
        Screen.say("Use it with: export AWS_PROFILE=\(profile)")
        let stronger = TeamProfile.disturbing(ProcessInfo.processInfo.environment)
        if !stronger.isEmpty {
            Screen.note(
                "In this shell, unset first what is stronger than a profile: \(stronger.joined(separator: " "))"
            )
        }
    }

    // MARK: Questions

    /// Has a person compare a fingerprint, unless the same authority was believed before.
    private func approve(_ fingerprint: Fingerprint, authority: String, knownFile: String) throws {
        if let known = try? String(contentsOfFile: knownFile, encoding: .utf8) {
            if known == authority { return }
            Screen.note("The server has another authority than when this profile was written.")
        }
        guard isatty(STDIN_FILENO) == 1 else {
            throw CleanFailure(
                message: """
                    The authority of this server is not known here; its fingerprint is \(fingerprint). If that is what \
                    its administrator says, give it with --ca-fingerprint. Nothing was changed.
                    """
            )
        }
        Screen.note("The fingerprint of the server's authority is\n  \(fingerprint)")
        Screen.note("Is that what its administrator says? (yes/no)")
        guard ["y", "yes"].contains(readLine()?.lowercased().trimmingCharacters(in: .whitespaces)) else {
            throw CleanFailure(message: "Nothing was changed.")
        }
    }

    private func keys() throws -> (id: String, secret: String) {
        let isTerminal = isatty(STDIN_FILENO) == 1
        var id = accessKey ?? ""
        if accessKey == nil {
            if isTerminal { Screen.note("Access key id:") }
            id = Self.trimmed(readLine())
        }
        var secret = ""
        if isTerminal {
            // It does not show what is typed.
            if let typed = getpass("Secret access key: ") { secret = Self.trimmed(String(cString: typed)) }
        } else {
            secret = Self.trimmed(readLine())
        }
        guard !id.isEmpty, !secret.isEmpty, (id + secret).utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw CleanFailure(message: "An access key id and its secret are needed. Nothing was changed.")
        }
        return (id, secret)
    }

    private static func trimmed(_ text: String?) -> String {
        (text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
