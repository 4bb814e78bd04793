import Foundation
import Glibc
import Proxy
import TeamAccess

/// Where the AWS clients of this user look for profiles.
struct ProfileStore {
    /// `~/.aws/config`, or what `AWS_CONFIG_FILE` names.
    let configurationPath: String
    /// `~/.aws/credentials`, or what `AWS_SHARED_CREDENTIALS_FILE` names.
    let credentialsPath: String
    /// Where certificates of servers are kept.
    private let trustFolder: String

    init(_ environment: [String: String]) {
        func path(_ name: String, _ usual: String) -> String {
            var path = environment[name].flatMap { $0.isEmpty ? nil : $0 } ?? usual
            // As the clients do it: by HOME, not by the user database.
            if path.hasPrefix("~/") { path = (environment["HOME"] ?? NSHomeDirectory()) + path.dropFirst() }
            // A link stays a link: what it leads to is replaced.
            return URL(filePath: path).resolvingSymlinksInPath().path
        }
        configurationPath = path("AWS_CONFIG_FILE", "~/.aws/config")
        credentialsPath = path("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
        trustFolder = path("XDG_CONFIG_HOME", "~/.config") + "/clary"
    }

    /// The file with the authority of a profile's server.
    func trustFile(of profile: String) -> String { "\(trustFolder)/\(profile).pem" }

    /// Whether a login may write the profile: a new one, or one that a login wrote.
    ///
    /// - Throws: `CleanFailure` for a profile of somebody's for AWS itself, and for files that cannot be read.
    func check(_ profile: String) throws {
        let (configuration, credentials) = (try read(configurationPath), try read(credentialsPath))
        guard TeamProfile.isTaken(profile, configuration: configuration, credentials: credentials) else {
            return
        }
        throw CleanFailure(
            message: """
                There is a profile '\(profile)' already, and `clary login` did not write it. Choose another name with \
                --profile.
                """
        )
    }

    /// Writes the profile and, beside it, the certificate that it names.
    ///
    /// Each file is replaced at once, the one that makes the profile a profile last.
    func write(_ profile: TeamProfile, authority: String?) throws {
        var (configuration, credentials) = (try read(configurationPath), try read(credentialsPath))
        profile.write(to: &configuration)
        profile.write(toCredentials: &credentials)
        do {
            if let authority, let file = profile.trustFile {
                try PrivateFile.write(Data(authority.utf8), to: file, mode: 0o644)
            }
            try PrivateFile.write(Data(credentials.text.utf8), to: credentialsPath)
            try PrivateFile.write(
                Data(configuration.text.utf8),
                to: configurationPath,
                mode: Self.mode(of: configurationPath)
            )
        } catch {
            throw CleanFailure(
                message: "The profile cannot be written: \((error as NSError).localizedDescription)"
            )
        }
    }

    private func read(_ path: String) throws -> ProfileFile {
        guard FileManager.default.fileExists(atPath: path) else { return ProfileFile("") }
        do { return ProfileFile(try String(contentsOfFile: path, encoding: .utf8)) } catch {
            throw CleanFailure(message: "\(path) cannot be read: \((error as NSError).localizedDescription)")
        }
    }

    private static func mode(of path: String) -> mode_t {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_mode & 0o777 : 0o600
    }
}
