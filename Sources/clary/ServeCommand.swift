import ArgumentParser
import Databases
import Foundation
import Glibc
import HTTPServing
import Logging
import ObjectStore
import Proxy
import Resources
import ServiceLifecycle
import Store
import TeamAccess

/// `clary serve`: the control plane.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the platform until it is told to stop.",
        discussion: """
            Prints "Clary is ready at http://HOST:PORT" when clients can connect, and with --tls (https then) how other \
            machines log in: `clary login`. A certificate of your own is read anew by `clary upgrade`. SIGTERM (or Ctrl-C) finishes the \
            requests in flight and leaves jobs and endpoints running; the next `clary serve` on the same data directory \
            takes them up again. `clary shutdown` ends them too.
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @OptionGroup var reach: ReachOptions

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 9000

    @Option(help: "Twelve-digit account number of everything in here.")
    var account = AccountID.standard.description

    @Option(
        name: .customLong("log-level"),
        help: "trace, debug, info, notice, warning or error.",
        transform: Self.parseLevel
    )
    var logLevel = Logger.Level.notice

    @Option(
        name: .customLong("log-format"),
        help: "What the log on standard error looks like: text, or json with an object on each line."
    )
    var logFormat = LogFormat.text

    /// The forms of the log.
    enum LogFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json

        func handler(label: String) -> any LogHandler {
            switch self {
            case .text: StreamLogHandler.standardError(label: label)
            case .json: JSONLogHandler(label: label)
            }
        }
    }

    @Flag(name: .customLong("no-proxy"), help: "Run without the HTTPS proxy that stands in for AWS hosts.")
    var withoutProxy = false

    @Option(
        name: .customLong("webhook"),
        help:
            "URL that hears of state changes and of damaged objects, in EventBridge's form; may be repeated."
    )
    var webhooks: [String] = []

    @Option(
        name: .customLong("disk-reserve"),
        help:
            "MiB of the disk that stay free: below it jobs wait and uploads fail (default: 2 %, at most 2048)."
    )
    var diskReserve: Int?

    @Option(
        name: .customLong("orphan-timeout"),
        help: "Seconds that jobs and endpoints go on without a server before they end themselves."
    )
    var orphanTimeout = 86_400

    @OptionGroup var keeping: KeepFailedOptions

    @OptionGroup var externalS3: ExternalS3Options

    @OptionGroup var directories: DirectoryOptions

    @OptionGroup var runtimes: RuntimeOptions

    @OptionGroup var bucketDirectories: BucketDirectoryOptions

    @Option(
        name: .customLong("environment-directory"),
        help: ArgumentHelp(
            "Directory for the Python environments of framework images, which servers may share (default: in the data directory).",
            valueName: "path"
        ),
        transform: { URL(filePath: $0).standardizedFileURL.path() }
    )
    var environmentDirectory: String?

    private static func parseLevel(_ text: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            throw ValidationError("There is no log level '\(text)'.")
        }
        return level
    }

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port \(port): a port is a number from 0 to 65535.")
        }
        for address in webhooks where !["http", "https"].contains(URL(string: address)?.scheme) {
            throw ValidationError("--webhook \(address): give a URL that begins with http:// or https://.")
        }
        guard (0...(1 << 40)).contains(diskReserve ?? 0) else {
            throw ValidationError("--disk-reserve is a number of MiB from 0.")
        }
        guard (1...(1 << 31)).contains(orphanTimeout) else {
            throw ValidationError("--orphan-timeout is a number of seconds from 1.")
        }
        guard externalS3.endpoint == nil || bucketDirectories.assignments.isEmpty else {
            throw ValidationError(
                "--bucket-directory is for buckets of Clary's own; with --s3-endpoint they are elsewhere. Leave one out."
            )
        }
        guard AccountID(account) != nil else {
            throw ValidationError("--account has twelve digits, such as 000000000000.")
        }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let (level, format) = (logLevel, logFormat)
        LoggingSystem.bootstrap { label in
            var handler = format.handler(label: label)
            handler.logLevel = level
            return handler
        }
        do {
            try await Platform.run(
                Platform.Options(
                    dataDirectory: dataDirectory.path,
                    reach: try reach.reach,
                    port: port,
                    account: AccountID(account) ?? .standard,
                    hasProxy: !withoutProxy,
                    webhooks: webhooks,
                    diskReserve: diskReserve.map { $0 << 20 },
                    orphanTimeout: .seconds(orphanTimeout),
                    keepsFailedFor: keeping.seconds,
                    externalS3: try externalS3.target(),
                    openDirectories: try directories.directories,
                    bucketDirectories: try bucketDirectories.directories,
                    environmentDirectory: environmentDirectory,
                    runtime: runtimes.runtime,
                    engineSocket: runtimes.socket,
                    registry: runtimes.registry
                )
            )
        } catch let error as UnusableDataDirectory {
            throw CleanFailure(message: error.message)
        } catch let error as NewerSchema {
            throw CleanFailure(message: error.description)
        } catch let error as UnsafeReach {
            throw CleanFailure(message: "\(error)")
        } catch let error as UnusableFile {
            throw CleanFailure(message: "\(error)")
        } catch let error as VolumeError {
            throw CleanFailure(message: "\(error)")
        } catch let error as ServerStartError {
            throw CleanFailure(message: "\(error)")
        } catch {
            guard let problem = DiskProblem(error) else { throw error }
            throw CleanFailure(message: problem.message(dataDirectory: dataDirectory.path))
        }
    }
}

/// A failure whose message says everything.
struct CleanFailure: Error, CustomStringConvertible {
    let message: String

    var description: String { message }
}
