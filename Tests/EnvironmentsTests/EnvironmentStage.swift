import Environments
import Foundation
import Images
import Logging
import Testing

/// A directory of environments and a uv that is a shell script: what is tested is what the store does about it.
struct EnvironmentStage {
    let folder = URL.temporaryDirectory.appending(path: "clary-\(UUID().uuidString)").path()

    var directory: String { "\(folder)/environments" }

    /// - Parameters:
    ///   - script: What uv does; its arguments are written down before.
    ///   - patience: How long it may do nothing.
    /// - Returns: One of perhaps several stores on the directory.
    /// - Throws: What the file system says.
    func store(_ script: String, patience: Duration = .seconds(600)) throws -> EnvironmentStore {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let uv = "\(folder)/uv"
        try "#!/bin/sh\necho \"$*\" >> \(folder)/calls\n\(script)\n".write(
            toFile: uv,
            atomically: true,
            encoding: .utf8
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: uv)
        let version = try #require(ReleaseVersion("3.11"))
        return EnvironmentStore(
            directory: directory,
            installer: PackageInstaller(
                program: uv,
                indexes: PackageIndexes(environment: [:], files: []),
                environment: ["PATH": "/usr/bin:/bin"],
                patience: patience
            ),
            machine: {
                // Any program that is there does for an interpreter.
                HostMachine(
                    interpreters: [.init(version: version, path: "/bin/sh")],
                    processor: "x86_64",
                    hasGPU: false,
                    wheels: []
                )
            },
            logger: Logger(label: "test")
        )
    }

    /// Does what `uv pip compile` and `uv venv` leave behind.
    static let obedient = #"""
        case "$1 $2" in
          "pip compile") for last; do :; done; echo "scikit-learn==1.2.1" > "$last" ;;
          "venv -q") for last; do :; done; mkdir -p "$last/bin" "$last/lib"; ln -s /bin/true "$last/bin/python" ;;
        esac
        """#

    static let scikitLearn = "sagemaker-scikit-learn:1.2-1-cpu-py3"

    func image(_ uri: String) throws -> FrameworkImage {
        guard case .framework(let image) = ImageCatalogue.entry(for: ImageReference(uri)) else {
            throw ImageRefusal(uri)
        }
        return image
    }

    /// Arguments of each run of uv.
    var calls: [String] {
        ((try? String(contentsOfFile: "\(folder)/calls", encoding: .utf8)) ?? "").split(separator: "\n").map(
            String.init
        )
    }

    /// Names in the directory of environments.
    var entries: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
    }

    func clear() { try? FileManager.default.removeItem(atPath: folder) }
}
