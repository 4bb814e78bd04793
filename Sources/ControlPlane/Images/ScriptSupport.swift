import AgentProtocol
import Crypto
import Environments
import Foundation
package import Images

/// What a container needs to run a user's script beside its environment: Clary's own Python, and a way to install more.
package struct ScriptSupport: Sendable {
    /// Directory with the text of `Python/clary_runtime`.
    private let programs: String
    /// Absolute path of uv on this machine, if it is there.
    private let installer: String?
    private let indexes: PackageIndexes
    /// Directory for what jobs install, by user.
    private let packages: String

    package init(programs: String, installer: String?, indexes: PackageIndexes, packages: String) {
        self.programs = programs
        self.installer = installer
        self.indexes = indexes
        self.packages = packages
    }

    /// Where the environment is inside.
    private static let environmentFolder = "/opt/python"
    private static let programFolder = "/run/clary/runtime"
    private static let installerPath = "/run/clary/bin/uv"
    private static let packageFolder = "/run/clary/packages"

    /// Makes a container that runs scripts in an environment.
    func add(_ environment: PythonEnvironment, to spec: inout ContainerSpec) {
        let python = "\(Self.environmentFolder)/bin/python"
        spec.command = [python, Self.programFolder]
        spec.mounts += [
            // A job installs what it likes, as in an image of its own.
            .init(
                source: environment.path,
                target: Self.environmentFolder,
                access: .layered,
                lease: environment.lease?.path
            ),
            .init(source: programs, target: Self.programFolder),
        ]
        if let installer {
            spec.mounts.append(.init(source: installer, target: Self.installerPath))
            spec.environment["CLARY_UV"] = Self.installerPath
        }
        for folder in indexes.folders where access(folder, R_OK) == 0 {
            spec.mounts.append(.init(source: folder, target: folder))
        }
        spec.environment.merge(portableSettings) { _, setting in setting }
        // What pip says in a container to its user, and what it asks its index, is about an image that nobody updates.
        spec.environment.merge(["PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"]) {
            _,
            setting in setting
        }
        spec.environment["PATH"] = "\(Self.environmentFolder)/bin:\(spec.environment["PATH"] ?? "")"
        // A line is in the log when it is written, as in SageMaker's images.
        spec.environment["PYTHONUNBUFFERED"] = "1"
        spec.environment["VIRTUAL_ENV"] = Self.environmentFolder
        spec.environment["CLARY_FRAMEWORK"] = environment.recipe.framework.runtimeName
        spec.environment["CLARY_ENVIRONMENT"] = environment.recipe.id
    }

    /// Lets a container keep what it installs for other jobs of the same user.
    ///
    /// - Parameters:
    ///   - user: Whose jobs share it: what one of them writes there runs in the others. `nil` for nobody's.
    ///   - spec: Of a container that runs scripts; another one is left alone.
    /// - Throws: If the directory cannot be made.
    func addPackages(of user: String?, to spec: inout ContainerSpec) throws {
        guard let user, spec.environment["CLARY_ENVIRONMENT"] != nil else { return }
        let name = SHA256.hash(data: Data(user.utf8)).prefix(12).map {
            String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
        }
        .joined()
        let folder = "\(packages)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        spec.mounts.append(.init(source: folder, target: Self.packageFolder, access: .writing))
        spec.environment["CLARY_PACKAGE_CACHE"] = Self.packageFolder
        spec.environment["PIP_CACHE_DIR"] = "\(Self.packageFolder)/pip"
    }

    /// Settings of uv that containers get; others may hold what is the server's alone, such as tokens.
    private static let shared: Set<String> = [
        "UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "UV_INSECURE_HOST", "UV_HTTP_TIMEOUT",
        "UV_SYSTEM_CERTS",
        "UV_INDEX_STRATEGY", "UV_OFFLINE", "UV_EXCLUDE_NEWER", "UV_PRERELEASE", "UV_RESOLUTION",
        "UV_CONSTRAINT",
        "SSL_CERT_FILE", "SSL_CERT_DIR",
    ]

    /// Settings that mean the same inside: paths of this machine that a sandbox does not show are left out.
    private var portableSettings: [String: String] {
        indexes.settings.merging(indexes.pipSettings) { own, _ in own }.filter { name, value in
            guard Self.shared.contains(name) || name.hasPrefix("PIP_") else { return false }
            guard value.hasPrefix("/"), !name.hasSuffix("_FIND_LINKS") else { return true }
            return ["/etc/ssl/", "/usr/"].contains { value.hasPrefix($0) }
        }
    }

    /// Hosts that containers reach by themselves: Clary's proxy is there for AWS's names.
    var packageHosts: [String] {
        guard !indexes.settings.keys.contains(where: { $0.lowercased() == "https_proxy" }) else { return [] }
        let own = ["UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS"].flatMap { name in
            (indexes.settings[name] ?? "").split { $0 == " " || $0 == "," }.compactMap {
                URL(string: String($0))?.host()
            }
        }
        return ["pypi.org", "files.pythonhosted.org"] + Set(own).sorted()
    }
}
