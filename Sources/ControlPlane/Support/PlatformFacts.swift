package import AgentProtocol
import ContainerEngine
import Glibc
package import Resources

/// What containers need to know of the platform that runs them.
package struct PlatformFacts: Sendable {
    /// Absolute path of `libxgboost.so` on this machine; `nil` if it was not found.
    package let xgboostLibrary: String?
    /// Folders in which pyarrow may be, or be put later; the first that is there is shown to containers.
    package let parquetFolders: [String]
    /// Whether containers find an HTTPS proxy at `ContainerGateway.proxyURL`.
    package let hasProxy: Bool
    /// What scripts run with.
    package let scripts: ScriptSupport?
    package let runtimes: ContainerRuntimes

    package init(
        xgboostLibrary: String?,
        parquetFolders: [String] = [],
        hasProxy: Bool,
        runtimes: ContainerRuntimes = ContainerRuntimes(engine: nil),
        scripts: ScriptSupport? = nil
    ) {
        self.xgboostLibrary = xgboostLibrary
        self.parquetFolders = parquetFolders
        self.hasProxy = hasProxy
        self.scripts = scripts
        self.runtimes = runtimes
    }

    /// The entry process of an image.
    ///
    /// - Parameters:
    ///   - image: What runs.
    ///   - verb: `train` or `serve`, the argument that the contract passes.
    ///   - entrypoint: Replaces the image's own; then the verb is not passed.
    ///   - arguments: Replace the verb.
    /// - Returns: Its command, environment and mounts; `addAccess` completes the environment.
    package func container(
        for image: PreparedImage,
        verb: String,
        entrypoint: [String]?,
        arguments: [String]?
    ) -> ContainerSpec {
        var spec = ContainerSpec(
            command: [],
            environment: ["PATH": Self.path, "HOME": "/root", "LANG": "C.UTF-8"]
        )
        switch image {
        case .oci(let reference):
            // What the image itself says is completed where the image is.
            return ContainerSpec(
                command: [],
                environment: [:],
                image: OCIImage(
                    reference: reference,
                    entrypoint: entrypoint,
                    arguments: arguments ?? (entrypoint == nil ? [verb] : []),
                    engine: runtimes.engine?.socket,
                    registry: runtimes.registry
                )
            )
        case .xgboost(let version):
            spec.command = [ContainerGateway.binary, "algorithm", "xgboost"]
            spec.environment["CLARY_XGBOOST_VERSION"] = version
            if let xgboostLibrary {
                // The whole folder: the wheel's OpenMP runtime lies beside the library.
                let folder = xgboostLibrary.split(separator: "/").dropLast().joined(separator: "/")
                spec.mounts.append(.init(source: "/" + folder, target: Self.libraryFolder))
                spec.environment["CLARY_XGBOOST_LIBRARY"] = Self.libraryFolder + "/libxgboost.so"
            }
            spec.environment["CLARY_PARQUET_PACKAGES"] = Self.parquetFolder
            if let folder = parquetFolders.first(where: { access("\($0)/INTERPRETER", R_OK) == 0 }) {
                spec.mounts.append(.init(source: folder, target: Self.parquetFolder))
            }
        case .environment(let environment): scripts?.add(environment, to: &spec)
        }
        switch (entrypoint, arguments) {
        case (nil, nil): spec.command.append(verb)
        case (nil, let arguments?): spec.command += arguments
        case (let entrypoint?, let arguments):
            spec.command = entrypoint + (arguments ?? [])
            // Where the images start a command is theirs to write to; the SDK's driver for functions unpacks its files there.
            spec.workingDirectory = Self.codeFolder
        }
        return spec
    }

    /// Adds region and the platform's addresses (contract, section 1); the agent adds the credentials.
    ///
    /// - Parameters:
    ///   - spec: The container; what the contract reserves replaces what a request has set.
    ///   - region: Where the job lives.
    ///   - network: An isolated container gets the region only.
    ///   - hosts: The instances of the job, which are reached without the proxy.
    package func addAccess(
        to spec: inout ContainerSpec,
        region: Region,
        network: NetworkAccess,
        hosts: [String]
    ) {
        var environment = [
            "AWS_REGION": region.description, "AWS_DEFAULT_REGION": region.description,
            "NVIDIA_VISIBLE_DEVICES": "void", "AWS_EC2_METADATA_DISABLED": "true",
        ]
        if network == .open {
            environment["AWS_ENDPOINT_URL"] = ContainerGateway.url
            environment["S3_ENDPOINT_URL"] = ContainerGateway.url
        }
        if network == .isolated, spec.environment["CLARY_ENVIRONMENT"] != nil {
            // So that what cannot be installed says why.
            environment["CLARY_NETWORK"] = "isolated"
        }
        spec.environment.merge(environment) { _, reserved in reserved }
        // A request may have brought a proxy of its own.
        if network == .open, hasProxy {
            spec.environment.merge(
                Self.proxyEnvironment(hosts: hosts, packageHosts: scripts?.packageHosts ?? [])
            ) { own, _ in own }
        }
    }

    /// What `clary env` exports for the proxy, with the addresses that hold inside.
    private static func proxyEnvironment(hosts: [String], packageHosts: [String]) -> [String: String] {
        let direct = (["localhost", "127.0.0.1", "::1"] + hosts + packageHosts).joined(separator: ",")
        let certificates = "\(ContainerGateway.directory)/\(ContainerGateway.certificatesName)"
        return [
            "HTTPS_PROXY": ContainerGateway.proxyURL, "https_proxy": ContainerGateway.proxyURL,
            "NO_PROXY": direct, "no_proxy": direct,
            "AWS_CA_BUNDLE": certificates, "REQUESTS_CA_BUNDLE": certificates,
        ]
    }

    private static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    private static let codeFolder = "/opt/ml/code"
    private static let libraryFolder = "/run/clary/lib"
    private static let parquetFolder = "/run/clary/parquet"
}
