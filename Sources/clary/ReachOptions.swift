import ArgumentParser
import TeamAccess

/// Options that say where a server listens and how its port is protected.
struct ReachOptions: ParsableArguments {
    @Option(help: "Address to listen on; beyond this machine (such as 0.0.0.0) it needs --tls or --insecure.")
    var host = "127.0.0.1"

    @Flag(help: "Encrypt connections, with a certificate of Clary's own authority if none is given.")
    var tls = false

    @Option(
        name: .customLong("tls-certificate"),
        help: "PEM file with a certificate of your own and its chain."
    )
    var certificate: String?

    @Option(name: .customLong("tls-key"), help: "PEM file with that certificate's key.")
    var key: String?

    @Option(
        name: .customLong("tls-name"),
        help: "Name or address that others call the server by, for Clary's own certificate; may be repeated."
    )
    var names: [String] = []

    @Flag(help: "Listen beyond this machine without encryption.")
    var insecure = false

    func validate() throws { _ = try reach }

    /// What was asked for.
    var reach: ServerReach {
        get throws {
            do {
                return try ServerReach(
                    host: host,
                    wantsTLS: tls,
                    acceptsPlain: insecure,
                    certificate: certificate,
                    key: key,
                    names: names
                )
            } catch { throw ValidationError(error.description) }
        }
    }
}
