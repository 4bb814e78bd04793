import Dispatch
import Glibc

/// Measures what a directory takes on its disk.
enum DirectorySize {
    /// Walks the directory, away from the threads that tasks share, and asks its file system for room.
    static func measure(_ path: String) async -> PlatformOverview.Disk {
        await withCheckedContinuation { done in
            DispatchQueue.global(qos: .utility).async {
                var walk = Walk(counts: .blocks)
                walk.add(directory: path)
                done.resume(
                    returning: .init(
                        usedBytes: walk.bytes,
                        freeBytes: freeBytes(at: path),
                        isAtLeast: walk.left == 0
                    )
                )
            }
        }
    }

    /// Bytes of the files below a directory that a Python environment came with; of very many, only of the first.
    ///
    /// What Python compiles later is left out, and how the file system stores them does not matter, so the answer is always
    /// the same.
    static func lengths(ofPackagesBelow path: String) async -> Int {
        await withCheckedContinuation { done in
            DispatchQueue.global(qos: .utility).async {
                var walk = Walk(counts: .lengths(except: "__pycache__"))
                walk.add(directory: path)
                done.resume(returning: walk.bytes)
            }
        }
    }

    /// What this user may still write on the file system of a path; 0 where nobody knows.
    static func freeBytes(at path: String) -> Int {
        var system = statvfs()
        guard statvfs(path, &system) == 0 else { return 0 }
        return Int(system.f_bavail) * Int(system.f_frsize)
    }

    private struct Walk {
        enum Measure {
            /// What the file system gives them.
            case blocks
            /// What is in them, but for what lies in directories of this name.
            case lengths(except: String)
        }

        let measure: Measure
        var bytes = 0
        /// Files that are still counted: a person waits for the answer.
        var left = 200_000
        /// Files with several names are counted once: channels are hard links of objects.
        private var seen: Set<UInt64> = []

        init(counts measure: Measure) { self.measure = measure }

        mutating func add(directory path: String) {
            guard let directory = opendir(path) else { return }
            defer { closedir(directory) }
            while left > 0, let entry = readdir(directory) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                guard name != ".", name != ".." else { continue }
                if case .lengths(let exception) = measure, name == exception { continue }
                left -= 1
                var facts = stat()
                guard lstat("\(path)/\(name)", &facts) == 0 else { continue }
                if facts.st_mode & S_IFMT == S_IFDIR { add(directory: "\(path)/\(name)") }
                if facts.st_nlink > 1, facts.st_mode & S_IFMT == S_IFREG,
                    !seen.insert(UInt64(facts.st_ino)).inserted
                {
                    continue
                }
                switch measure {
                case .blocks: bytes += Int(facts.st_blocks) * 512
                case .lengths where facts.st_mode & S_IFMT == S_IFREG: bytes += Int(facts.st_size)
                case .lengths: break
                }
            }
        }
    }
}
