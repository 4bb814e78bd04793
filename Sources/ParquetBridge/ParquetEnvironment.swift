import Glibc

/// The folder with the pinned pyarrow, and the interpreter it was made for.
package struct ParquetEnvironment: Equatable, Sendable {
    /// Folder of packages.
    package let packages: String
    /// Absolute path of the Python that they are for; below `/usr`, where sandboxes see it too.
    package let interpreter: String

    /// Environment variable that names the folder and goes before every other place.
    package static let pathVariable = "CLARY_PARQUET_PACKAGES"

    /// What is installed, as pip names it; `Tools/setup.sh` has the same.
    package static let requirements = ["pyarrow==26.0.1", "numpy==2.4.6"]

    /// File in the folder with the interpreter's path.
    private static let interpreterFile = "INTERPRETER"

    /// Folders to look into, the first choice first.
    ///
    /// - Parameters:
    ///   - environment: Of the process.
    ///   - executable: Absolute path of the running program.
    /// - Returns: Absolute paths.
    package static func candidates(environment: [String: String], executable: String) -> [String] {
        if let chosen = environment[pathVariable], !chosen.isEmpty { return [chosen] }
        let folder = parent(of: executable)
        var candidates = [
            "\(parent(of: folder))/lib/clary/parquet", "/usr/local/lib/clary/parquet",
            "/usr/lib/clary/parquet",
        ]
        // A development build lies somewhere below the repository, which keeps its own copy.
        candidates += ancestors(of: folder).map { "\($0)/.clary/lib/parquet" }
        if let own = ownFolder(environment) { candidates.append(own) }
        return candidates
    }

    /// The first folder that is complete.
    ///
    /// - Throws: `ParquetError.unavailable` if there is none.
    package static func find(in candidates: [String]) throws(ParquetError) -> ParquetEnvironment {
        for folder in candidates {
            guard let text = contents(of: "\(folder)/\(interpreterFile)") else { continue }
            let interpreter = String(text.prefix { !$0.isNewline })
            guard access(interpreter, X_OK) == 0 else {
                throw .unavailable(
                    "pyarrow in \(folder) is for \(interpreter), which is gone. Remove the folder."
                )
            }
            return ParquetEnvironment(packages: folder, interpreter: interpreter)
        }
        throw .unavailable("pyarrow is in none of \(candidates.joined(separator: ", ")).")
    }

    /// The first folder that is complete, or else one of the user's own, which is made now.
    ///
    /// - Parameters:
    ///   - environment: Of the process.
    ///   - executable: Absolute path of the running program.
    ///   - note: Hears that something is installed, which takes a while.
    /// - Returns: What was found or made.
    /// - Throws: `ParquetError.unavailable` with what is missing.
    package static func findOrInstall(
        environment: [String: String],
        executable: String,
        note: (String) -> Void
    ) throws(ParquetError) -> ParquetEnvironment {
        let candidates = candidates(environment: environment, executable: executable)
        do { return try find(in: candidates) } catch {
            guard environment[pathVariable] == nil, let folder = ownFolder(environment) else { throw error }
            let uv = try uv(environment, executable)
            let python = "/usr/bin/python3"
            guard access(python, X_OK) == 0, let interpreter = resolved(python) else {
                throw .unavailable("Parquet needs \(python), which is not here: apt-get install python3.")
            }
            note("Parquet is read and written by pyarrow, which is now installed in \(folder) (some 220 MB).")
            let draft = "\(folder).part-\(getpid())"
            try makeFolder(parent(of: folder))
            var install = try BridgeProcess(
                [
                    uv, "pip", "install", "-q", "--compile-bytecode", "--python", interpreter, "--target",
                    draft,
                ] + requirements
            )
            let (status, words) = install.end()
            guard status == 0 else {
                throw .unavailable(
                    "Parquet needs pyarrow, and installing \(requirements.joined(separator: " ")) with \(uv) failed: "
                        + (words.isEmpty ? "exit status \(status)" : words)
                )
            }
            guard write(interpreter + "\n", to: "\(draft)/\(interpreterFile)") else {
                throw .unavailable("\(draft)/\(interpreterFile) cannot be written: \(reason())")
            }
            // Somebody else may have been faster; theirs is as good.
            guard rename(draft, folder) == 0 || access("\(folder)/\(interpreterFile)", R_OK) == 0 else {
                throw .unavailable("\(draft) cannot be renamed to \(folder): \(reason())")
            }
            return ParquetEnvironment(packages: folder, interpreter: interpreter)
        }
    }

    private static func ownFolder(_ environment: [String: String]) -> String? {
        let cache = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let folder = cache ?? environment["HOME"].map({ "\($0)/.cache" }) else { return nil }
        return "\(folder)/clary/parquet-26.0.1"
    }

    private static func uv(
        _ environment: [String: String],
        _ executable: String
    ) throws(ParquetError) -> String {
        var folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        folders += ancestors(of: executable).map { "\($0)/.clary/tools/bin" }
        for folder in folders where access("\(folder)/uv", X_OK) == 0 { return "\(folder)/uv" }
        throw .unavailable(
            "Parquet needs pyarrow, which uv installs, and uv is not on PATH. Install it "
                + "(https://docs.astral.sh/uv), or name a folder with pyarrow in \(pathVariable)."
        )
    }

    private static func ancestors(of path: String) -> [String] {
        var ancestors: [String] = []
        var rest = path
        while !rest.isEmpty {
            ancestors.append(rest)
            rest = parent(of: rest)
        }
        return ancestors
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }

    private static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func makeFolder(_ path: String) throws(ParquetError) {
        if path.isEmpty || access(path, F_OK) == 0 { return }
        try makeFolder(parent(of: path))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw .unavailable("The folder \(path) cannot be made: \(reason())")
        }
    }

    private static func contents(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private static func write(_ text: String, to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
    }
}

/// What the last system call complains of.
func reason() -> String { String(cString: strerror(errno)) }
