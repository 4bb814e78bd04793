import ArgumentParser
import Foundation
import Glibc
import Proxy

/// `clary env`: what a shell needs so that unmodified clients reach the server.
struct EnvCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Print shell exports that lead unmodified AWS clients to the running server.",
        discussion: """
            Use it as:  eval "$(clary env)"     and to undo it:  eval "$(clary env --unset)"

            It sets an access key, the region, the endpoint of each service that Clary has, an SDK configuration \
            without telemetry, and an HTTPS proxy on this machine that answers for AWS's hosts: those which the \
            SageMaker SDK has built in, and with a refusal those of services that Clary does not have. Variables that had a value are kept and \
            come back with --unset.
            """
    )

    @OptionGroup var options: ClientOptions

    @Flag(help: "Print what undoes the exports.")
    var unset = false

    @Flag(help: "Print the changes as a JSON object: a text sets a variable, null removes it.")
    var json = false

    func run() throws {
        let current = ProcessInfo.processInfo.environment
        let environment =
            unset ? ClientEnvironment(undoing: current) : try options.environment(current: current)
        if options.withoutProxy, !unset { warnAboutMissingProxy() }
        if json {
            let values = Dictionary(uniqueKeysWithValues: environment.changes.map { ($0.name, $0.value) })
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(values), as: UTF8.self))
        } else {
            for line in environment.shellLines { print(line) }
        }
    }

    private func warnAboutMissingProxy() {
        let text = """
            clary env: without the proxy, the SageMaker SDK's get_execution_role(), default_bucket() and account_id() \
            do not work: they call https://sts.<region>.amazonaws.com. Give the role's ARN and a bucket instead. \
            Clients that do not know the AWS_ENDPOINT_URL variables (aws CLI before 2.13) do not reach Clary.

            """
        FileHandle.standardError.write(Data(text.utf8))
    }
}
