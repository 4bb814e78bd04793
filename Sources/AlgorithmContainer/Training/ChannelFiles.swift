/// The data files of a channel.
enum ChannelFiles {
    /// Folders below the channel that are looked into.
    private static let greatestDepth = 3

    /// Paths of the files in a channel's folder, sorted; names that start with `_` are no data.
    ///
    /// - Throws: `TrainingFault` if there is a hidden file, or the folder cannot be read.
    static func list(in folder: String) throws(TrainingFault) -> [String] {
        guard Files.exists(folder) else { return [] }
        let found: [String]
        do { found = try list(folder, depth: 0) } catch {
            throw .platform("The data in \(folder) cannot be read: \(error)")
        }
        guard !found.contains(where: { name(of: $0).hasPrefix(".") }) else {
            throw .customer("Hidden file found in the data path! Remove that before training.")
        }
        return found
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    private static func list(_ folder: String, depth: Int) throws(FileError) -> [String] {
        var paths: [String] = []
        for entry in try Files.entries(of: folder) where !entry.name.hasPrefix("_") {
            let path = "\(folder)/\(entry.name)"
            if !entry.isFolder {
                paths.append(path)
            } else if depth < greatestDepth, !entry.name.hasPrefix(".") {
                paths += try list(path, depth: depth + 1)
            }
        }
        return paths
    }
}
