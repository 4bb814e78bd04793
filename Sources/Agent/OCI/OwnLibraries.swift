import CLinux
import Glibc

/// The dynamic loader and the libraries that this program runs with: shown to a container, they make it run there, in
/// whatever image.
package struct OwnLibraries: Sendable, Equatable {
    /// Absolute path of the loader.
    var loader: String
    /// Absolute paths; their last parts are the names that the program asks for.
    var libraries: [String]

    /// Where they are inside a container.
    static let directory = "/run/clary/lib"

    /// Of this process.
    ///
    /// - Throws: `SystemError` if there is no loader among them.
    package static func current() throws(SystemError) -> OwnLibraries {
        var text = [CChar](repeating: 0, count: 65_536)
        let length = try check(clx_loaded_libraries(&text, text.count), "list the program's libraries")
        let bytes = text.prefix(Int(length)).map { UInt8(bitPattern: $0) }
        let paths = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        guard let libraries = OwnLibraries(paths) else {
            throw SystemError("find the program's dynamic loader", code: ENOENT)
        }
        return libraries
    }

    /// `nil` without a loader.
    package init?(_ paths: [String]) {
        guard let loader = paths.first(where: { Self.name($0).hasPrefix("ld-") }) else { return nil }
        self.loader = loader
        libraries = paths.filter { $0 != loader }
    }

    /// Mounts of an engine's container, read-only.
    package var binds: [String] {
        ([loader] + libraries).map { "\($0):\(Self.directory)/\(Self.name($0)):ro" }
    }

    /// What comes before the program in a command.
    package var launcher: [String] {
        ["\(Self.directory)/\(Self.name(loader))", "--library-path", Self.directory]
    }

    private static func name(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
