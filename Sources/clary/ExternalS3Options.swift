import AWSWire
import ArgumentParser
import ExternalStore
import Foundation

/// `--s3-endpoint` and its key: another S3 in the place of the embedded object store.
struct ExternalS3Options: ParsableArguments {
    @Option(
        name: .customLong("s3-endpoint"),
        help: """
            URL of another S3 service: every s3:// address, of clients, jobs and endpoints, then is there, and the \
            embedded object store rests.
            """
    )
    var endpoint: String?

    @Option(name: .customLong("s3-region"), help: "Region that calls to it are signed for.")
    var region = "us-east-1"

    @Option(
        name: .customLong("s3-credentials"),
        help: "File with the key for it, in the form of ~/.aws/credentials, which is the default."
    )
    var credentials: String?

    @Option(name: .customLong("s3-profile"), help: "Profile of that file.")
    var profile = "default"

    /// Where the other service is, and our key there; `nil` without `--s3-endpoint`.
    struct Target: Sendable {
        let endpoint: ExternalEndpoint
        let key: SigningCredential
    }

    func validate() throws {
        guard let endpoint else {
            guard credentials == nil else {
                throw ValidationError("--s3-credentials is the key for --s3-endpoint URL: give that too.")
            }
            return
        }
        do { _ = try ExternalEndpoint(endpoint, region: region) } catch {
            throw ValidationError("--s3-endpoint: \(error)")
        }
    }

    /// Reads the key, so that each start of the server takes the newest.
    ///
    /// - Throws: `CleanFailure` for a file without it.
    func target() throws -> Target? {
        guard let endpoint else { return nil }
        let path = credentials ?? "\(NSHomeDirectory())/.aws/credentials"
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw CleanFailure(
                message: """
                    The key for \(endpoint) cannot be read from \(path): \(error.localizedDescription) Name another file \
                    with --s3-credentials; it holds aws_access_key_id and aws_secret_access_key below a line \
                    [\(profile)].
                    """
            )
        }
        do {
            return Target(
                endpoint: try ExternalEndpoint(endpoint, region: region),
                key: try AccessKeyFile.key(in: text, profile: profile, path: path)
            )
        } catch { throw CleanFailure(message: "\(error)") }
    }
}
