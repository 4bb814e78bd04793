import Foundation

/// What a shell exports so that unmodified AWS clients in it use a Clary server, and how that is undone.
///
/// Variables that had a value before are kept under `CLARY_SAVED_…`, so that evaluating twice changes nothing and
/// undoing brings the old values back.
package struct ClientEnvironment: Equatable, Sendable {
    /// What is known about the running server.
    package struct Server: Equatable, Sendable {
        /// `http://HOST:PORT`, or `https` where it has TLS.
        package let url: String
        package let accessKeyID: String
        package let secretAccessKey: String
        package let region: String
        package let dataDirectory: String
        /// A file with what a client must trust to verify the server's certificate; `nil` without TLS.
        package let trustFile: String?

        package init(
            url: String,
            accessKeyID: String,
            secretAccessKey: String,
            region: String,
            dataDirectory: String,
            trustFile: String? = nil
        ) {
            self.url = url
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
            self.region = region
            self.dataDirectory = dataDirectory
            self.trustFile = trustFile
        }
    }

    /// One change of a variable; `value` is `nil` for one that must go.
    package struct Change: Equatable, Sendable {
        package let name: String
        package let value: String?
    }

    /// In the order they are printed.
    package private(set) var changes: [Change] = []

    /// Set in a shell that evaluated `clary env`: the data directory.
    private static let marker = "CLARY_ENV"
    private static let saved = "CLARY_SAVED_"
    /// User in the proxy's URL: what tells it from other proxies.
    private static let proxyUser = "clary"
    /// Variables that name the proxy.
    private static let proxies = ["HTTPS_PROXY", "https_proxy"]

    /// Services that Clary has, as botocore spells them in `AWS_ENDPOINT_URL_…`; others stay untouched.
    private static let services = [
        "SAGEMAKER", "SAGEMAKER_RUNTIME", "S3", "STS", "IAM", "CLOUDWATCH_LOGS", "ECR",
    ]

    /// Would override or contradict what is exported: a stale session token, a profile with its own keys, the
    /// switch that makes clients ignore endpoint variables.
    private static let disturbing = [
        "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    ]

    /// Every variable that `clary env` may change.
    private static var managed: [String] {
        disturbing + services.map { "AWS_ENDPOINT_URL_" + $0 }
            + [
                "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_REGION",
                "AWS_EC2_METADATA_DISABLED", "SAGEMAKER_USER_CONFIG_OVERRIDE",
                "NO_PROXY", "no_proxy", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE",
            ] + proxies
    }

    /// The exports for a running server.
    ///
    /// - Parameters:
    ///   - server: The running server.
    ///   - proxy: The proxy that answers for hosts which clients have built in; `nil` leaves it out.
    ///   - hasSageMakerConfiguration: Whether the user has an SDK configuration file, which is left alone then.
    ///   - current: The shell's environment.
    package init(
        server: Server,
        proxy: ProxySettings?,
        hasSageMakerConfiguration: Bool,
        current: [String: String]
    ) {
        let before = ClientEnvironment.original(current)
        var values: [String: String] = [
            "AWS_ACCESS_KEY_ID": server.accessKeyID, "AWS_SECRET_ACCESS_KEY": server.secretAccessKey,
            "AWS_DEFAULT_REGION": server.region, "AWS_REGION": server.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        ]
        for service in ClientEnvironment.services { values["AWS_ENDPOINT_URL_" + service] = server.url }
        if before["SAGEMAKER_USER_CONFIG_OVERRIDE"] == nil, !hasSageMakerConfiguration {
            values["SAGEMAKER_USER_CONFIG_OVERRIDE"] =
                ClientEnvironment.sageMakerConfigurationFile(dataDirectory: server.dataDirectory)
        }
        if let proxy {
            let url = "http://\(ClientEnvironment.proxyUser):\(proxy.token)@127.0.0.1:\(proxy.port)"
            let direct = ClientEnvironment.directHosts(
                before["NO_PROXY"] ?? before["no_proxy"] ?? "",
                serverURL: server.url
            )
            for name in ClientEnvironment.proxies { values[name] = url }
            for name in ["NO_PROXY", "no_proxy"] { values[name] = direct }
        }
        if proxy != nil || server.trustFile != nil {
            let bundle = ClientEnvironment.bundleFile(dataDirectory: server.dataDirectory)
            for name in ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"] { values[name] = bundle }
        }
        for name in ClientEnvironment.managed.sorted() {
            let isLeftAlone = values[name] == nil && !ClientEnvironment.disturbing.contains(name)
            let value = isLeftAlone ? before[name] : values[name]
            if values[name] != nil || current[name] != value {
                changes.append(Change(name: name, value: value))
            }
            let savedName = ClientEnvironment.saved + name
            if current[savedName] != before[name] {
                changes.append(Change(name: savedName, value: before[name]))
            }
        }
        changes.append(Change(name: ClientEnvironment.marker, value: server.dataDirectory))
    }

    /// What a server must leave of the environment that it was started in: the exports, in which it would be its own
    /// upstream proxy and would have its own packages and images come through itself.
    ///
    /// - Parameter current: The server's environment; nothing changes where nothing in it leads to Clary.
    package init(leavingForServer current: [String: String]) {
        self.init(undoing: current)
        let known = Set(changes.map(\.name))
        for name in ClientEnvironment.proxies where !known.contains(name) {
            guard ClientEnvironment.leadsToClary(current[name]) else { continue }
            changes.append(Change(name: name, value: nil))
        }
    }

    /// What undoes the exports; nothing in a shell that never evaluated them.
    package init(undoing current: [String: String]) {
        guard current[ClientEnvironment.marker] != nil else { return }
        let before = ClientEnvironment.original(current)
        for name in ClientEnvironment.managed.sorted() {
            if before[name] != current[name] { changes.append(Change(name: name, value: before[name])) }
            let savedName = ClientEnvironment.saved + name
            if current[savedName] != nil { changes.append(Change(name: savedName, value: nil)) }
        }
        changes.append(Change(name: ClientEnvironment.marker, value: nil))
    }

    /// The managed variables as they were before Clary's exports.
    package static func original(_ current: [String: String]) -> [String: String] {
        let isOurs = current[marker] != nil
        var before: [String: String] = [:]
        for name in managed { before[name] = isOurs ? current[saved + name] : current[name] }
        // Part of the exports may have come without the marker: through `sudo`, or a service's file.
        for name in proxies where leadsToClary(before[name]) { before[name] = nil }
        return before
    }

    /// Whether a proxy's URL is one that `clary env` exports, of whatever server.
    package static func leadsToClary(_ proxy: String?) -> Bool {
        guard let proxy, let parts = URLComponents(string: proxy) else { return false }
        return parts.user == proxyUser && parts.host == "127.0.0.1"
    }

    /// Lines for a POSIX shell.
    package var shellLines: [String] {
        changes.map { change in
            guard let value = change.value else { return "unset \(change.name)" }
            return "export \(change.name)='\(value.replacing("'", with: "'\\''"))'"
        }
    }

    /// The environment after the changes.
    package func applied(to current: [String: String]) -> [String: String] {
        var result = current
        for change in changes { result[change.name] = change.value }
        return result
    }

    /// Hosts that clients reach without the proxy: those of before and the server's own.
    ///
    /// Entries that would lead
    /// AWS's hosts past the proxy are left out.
    private static func directHosts(_ before: String, serverURL: String) -> String {
        var hosts = before.split(separator: ",").map { $0.trimmingPrefix(" ") }.map(String.init)
            .filter { !$0.isEmpty && $0 != "*" && !$0.hasSuffix("amazonaws.com") }
        let authority = serverURL.drop { $0 != "/" }.drop { $0 == "/" }
        let host = authority.prefix { $0 != "/" }
        let name = host.lastIndex(of: ":").map { String(host[..<$0]) } ?? String(host)
        for direct in ["localhost", "127.0.0.1", "::1", name.filter { $0 != "[" && $0 != "]" }]
        where !hosts.contains(direct) {
            hosts.append(direct)
        }
        return hosts.joined(separator: ",")
    }
}
