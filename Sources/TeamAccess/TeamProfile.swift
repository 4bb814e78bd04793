/// The AWS profile by which unmodified clients on any machine use a Clary server.
package struct TeamProfile: Sendable, Equatable {
    /// Of the profile: letters, digits, `-`, `_` and `.`.
    package let name: String
    /// `https://HOST:PORT`.
    package let url: String
    /// Of the clients; `nil` keeps the profile's, or else takes the server's.
    package let region: String?
    package let accessKeyID: String
    package let secretAccessKey: String
    /// File with the certificates of the server's authority; `nil` where the system trusts it anyway.
    package let trustFile: String?

    package init(
        name: String,
        url: String,
        region: String?,
        accessKeyID: String,
        secretAccessKey: String,
        trustFile: String?
    ) {
        self.name = name
        self.url = url
        self.region = region
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.trustFile = trustFile
    }

    /// Services that Clary has, as botocore spells them below `[services …]`.
    package static let services = ["cloudwatch_logs", "iam", "s3", "sagemaker", "sagemaker_runtime", "sts"]

    /// Whether a text can be a profile's name.
    package static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil
    }

    /// Whether a profile of that name is there and was not written by a login: it is somebody's for AWS itself.
    package static func isTaken(_ name: String, configuration: ProfileFile, credentials: ProfileFile) -> Bool
    {
        let section = section(of: name)
        let isOurs = configuration.value(of: "services", in: section) == "clary-\(name)"
        return !isOurs && (configuration.hasSection(section) || credentials.hasSection(name))
    }

    /// The variables of a shell that clients heed more than a profile, in alphabetical order.
    package static func disturbing(_ environment: [String: String]) -> [String] {
        let names = ["AWS_ACCESS_KEY_ID", "AWS_CA_BUNDLE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]
        return environment.keys.filter { names.contains($0) || $0.hasPrefix("AWS_ENDPOINT_URL") }.sorted()
    }

    /// Writes the profile into `~/.aws/config`.
    package func write(to configuration: inout ProfileFile) {
        let section = Self.section(of: name)
        let old = configuration.value(of: "region", in: section)
        configuration.set("region", to: region ?? old ?? "us-east-1", in: section)
        configuration.set("services", to: "clary-\(name)", in: section)
        configuration.set("ca_bundle", to: trustFile, in: section)
        // Buckets are not names below the server's, which its certificate would have to have.
        configuration.set("addressing_style", to: "path", below: "s3", in: section)
        configuration.replace(
            section: "services clary-\(name)",
            with: Self.services.flatMap { ["\($0) =", "    endpoint_url = \(url)"] }
        )
    }

    /// Writes the keys into `~/.aws/credentials`.
    package func write(toCredentials credentials: inout ProfileFile) {
        credentials.set("aws_access_key_id", to: accessKeyID, in: name)
        credentials.set("aws_secret_access_key", to: secretAccessKey, in: name)
        credentials.set("aws_session_token", to: nil, in: name)
    }

    /// A profile's section in `~/.aws/config`.
    private static func section(of name: String) -> String { name == "default" ? name : "profile \(name)" }
}
