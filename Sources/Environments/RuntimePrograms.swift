import Foundation

/// Clary's own Python, which runs scripts inside containers (`Python/clary_runtime`): laid out on the disk, since an
/// interpreter wants files.
package enum RuntimePrograms {
    /// Writes the programs that are not there yet.
    ///
    /// Containers of an older version of this program go on with the files that they know: each version has a directory of
    /// its own, named after its texts.
    ///
    /// - Parameter directory: Absolute path.
    /// - Returns: The directory to show to containers.
    /// - Throws: What the file system says; `EnvironmentError.files` if they cannot be put in place.
    package static func install(in directory: String) throws -> String {
        let place = "\(directory)/\(version)"
        if isComplete(place) { return place }
        let draft = "\(directory)/.draft-\(UInt32.random(in: 0 ... .max))"
        // Once it is in place, there is nothing to remove.
        defer { try? FileManager.default.removeItem(atPath: draft) }
        for (path, text) in texts {
            let file = URL(filePath: "\(draft)/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        guard rename(draft, place) != 0 else { return place }
        let code = errno
        // Another server on the same directory may have been faster.
        if code == EEXIST || code == ENOTEMPTY, isComplete(place) { return place }
        throw EnvironmentError.files(
            """
            \(draft) cannot be renamed to \(place): \(String(cString: strerror(code))). If \(place) is there, files are \
            missing in it: remove it
            """
        )
    }

    /// Whether every program is there; somebody may have deleted some.
    private static func isComplete(_ place: String) -> Bool {
        texts.keys.allSatisfy { access("\(place)/\($0)", R_OK) == 0 }
    }

    /// FNV-1a (Fowler, Noll, Vo), 64 bits, of all texts.
    private static var version: String {
        let files: [String] = texts.sorted { $0.key < $1.key }.map { "\($0.key)\0\($0.value)" }
        let sum = files.joined().utf8.reduce(14_695_981_039_346_656_037 as UInt64) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return String(sum, radix: 16)
    }
}
