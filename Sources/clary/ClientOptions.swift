import ArgumentParser
import Foundation
import Proxy
import Resources

/// What `clary env` and `clary run` ask alike.
struct ClientOptions: ParsableArguments {
    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(
        help: "Region of the clients; every AWS region is answered (default: the shell's own, or us-east-1)."
    )
    var region: String?

    @Flag(name: .customLong("no-proxy"), help: "Leave the HTTPS proxy out.")
    var withoutProxy = false

    func validate() throws {
        if let region, Region(region) == nil {
            throw ValidationError("--region \(region): this is no region's name, such as eu-west-1.")
        }
    }

    /// The changes that lead a shell with this environment to the running server.
    func environment(current: [String: String]) throws -> ClientEnvironment {
        try RunningServer.find(dataDirectory: dataDirectory.path)
            .clientEnvironment(region: region, withProxy: !withoutProxy, current: current)
    }
}
