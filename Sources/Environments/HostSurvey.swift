import CLinux
import Foundation
package import Images

/// Looks at this machine for what decides about environments.
package enum HostSurvey {
    /// What there is now.
    ///
    /// - Parameter wheelFolders: Folders that pip is told to look into.
    /// - Returns: Its Pythons, processor, GPU and wheels.
    package static func machine(wheelFolders: [String]) -> HostMachine {
        HostMachine(
            interpreters: interpreters(),
            processor: processor(),
            hasGPU: access("/dev/nvidia0", F_OK) == 0,
            wheels: wheelFolders.flatMap { folder in
                // A folder that is not there has no wheels.
                ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
                    $0.hasSuffix(".whl")
                }
            }
        )
    }

    /// The texts of pip's configuration files, the weakest first (pip, user guide: configuration).
    package static func pipConfiguration(environment: [String: String]) -> [String] {
        var files = ["/etc/xdg/pip/pip.conf", "/etc/pip.conf"]
        if let home = environment["HOME"] {
            files += [
                "\(home)/.pip/pip.conf",
                "\(environment["XDG_CONFIG_HOME"] ?? home + "/.config")/pip/pip.conf",
            ]
        }
        if let named = environment["PIP_CONFIG_FILE"] { files.append(named) }
        // Most of them are not there.
        return files.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }
    }

    /// The Pythons below `/usr`, which every sandbox sees.
    private static func interpreters() -> [HostMachine.Interpreter] {
        (8...20).compactMap { minor in
            let paths = ["/usr/local/bin", "/usr/bin"].map { "\($0)/python3.\(minor)" }
            guard let path = paths.first(where: { access($0, X_OK) == 0 }),
                let version = ReleaseVersion("3.\(minor)")
            else { return nil }
            return HostMachine.Interpreter(version: version, path: path)
        }
    }

    private static func processor() -> String {
        var facts = utsname()
        uname(&facts)
        return withUnsafeBytes(of: &facts.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
