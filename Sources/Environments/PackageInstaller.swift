import Foundation
package import Images

/// uv on this machine: makes environments.
package struct PackageInstaller: Sendable {
    /// Absolute path of uv.
    package let program: String
    private let environment: [String: String]
    private let ignoresIndexes: Bool
    private let hosts: [String]
    private let patience: Duration

    /// - Parameters:
    ///   - program: Absolute path of uv.
    ///   - indexes: Where packages come from.
    ///   - environment: Of the server.
    ///   - patience: How long uv may do nothing at all, before it is ended; beyond its own timeouts and its waits for
    ///     another uv.
    package init(
        program: String,
        indexes: PackageIndexes,
        environment: [String: String],
        patience: Duration = .seconds(600)
    ) {
        self.program = program
        self.patience = patience
        ignoresIndexes = indexes.ignoresIndexes
        hosts = indexes.hosts
        var own = environment.filter { ["PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME"].contains($0.key) }
        own.merge(indexes.settings) { _, setting in setting }
        own["UV_NO_PROGRESS"] = "1"
        own["UV_PYTHON_DOWNLOADS"] = "never"
        own["NO_COLOR"] = "1"
        self.environment = own
    }

    /// uv on `PATH`, beside the program, or where a development tree keeps it.
    ///
    /// - Parameters:
    ///   - environment: Of the process; `CLARY_UV` names it outright.
    ///   - executable: Absolute path of the running program.
    /// - Returns: Absolute path; `nil` if there is none.
    package static func find(environment: [String: String], executable: String) -> String? {
        if let chosen = environment["CLARY_UV"], !chosen.isEmpty { return chosen }
        var folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        var folder = URL(filePath: executable).deletingLastPathComponent()
        folders += [folder.path(), folder.deletingLastPathComponent().path() + "lib/clary"]
        while folder.pathComponents.count > 1 {
            folders.append(folder.appending(path: ".clary/tools/bin").path())
            folder.deleteLastPathComponent()
        }
        return folders.lazy.map { $0.hasSuffix("/") ? $0 + "uv" : "\($0)/uv" }
            .first { access($0, X_OK) == 0 }
            .flatMap { path in
                realpath(path, nil).map { real in
                    defer { free(real) }
                    return String(cString: real)
                }
            }
    }

    /// Writes down which packages a recipe comes to.
    ///
    /// - Throws: `EnvironmentError.packages` if they cannot be had, `CancellationError`.
    func lock(
        _ recipe: EnvironmentRecipe,
        in directory: String,
        to file: String
    ) async throws {
        let input = "\(directory)/requirements.in"
        do {
            try (recipe.requirements.joined(separator: "\n") + "\n")
                .write(toFile: input, atomically: true, encoding: .utf8)
        } catch { throw EnvironmentError.files("\(input) cannot be written: \(error.localizedDescription)") }
        var words = [
            "pip", "compile", "-q", "--no-header", "--no-annotate", "--python", recipe.interpreter, input,
            "-o", file,
        ]
        if ignoresIndexes { words.append("--no-index") }
        var extra: [String: String] = [:]
        if recipe.usesProcessorIndex {
            words += ["--torch-backend", "cpu", "--emit-index-url"]
            // There are other ways to go: an index that is out of reach must not hold the job up.
            extra = ["UV_HTTP_RETRIES": "0", "UV_HTTP_CONNECT_TIMEOUT": "5"]
        }
        try await run(words, for: recipe, adding: extra)
    }

    /// Makes an environment of exactly the packages in a lock file.
    ///
    /// - Throws: `EnvironmentError.packages` if one of them cannot be had, `CancellationError`.
    func install(
        _ recipe: EnvironmentRecipe,
        lock: String,
        into directory: String
    ) async throws {
        try await run(
            [
                "venv", "-q", "--clear", "--relocatable", "--no-project", "--python", recipe.interpreter,
                directory,
            ],
            for: recipe
        )
        var words = ["pip", "sync", "-q", "--python", "\(directory)/bin/python", lock]
        if ignoresIndexes { words.append("--no-index") }
        if recipe.usesProcessorIndex { words += ["--torch-backend", "cpu"] }
        try await run(words, for: recipe)
    }

    /// Compiles what is in an environment, so that no job has to; gives way to everything else.
    ///
    /// - Throws: `EnvironmentError.files` if Python cannot be run, `CancellationError`.
    func compile(_ directory: String) async throws -> Bool {
        let result = try await CommandRun(
            // Packages for other versions of Python in there do not compile, which does no harm.
            command: ["\(directory)/bin/python", "-m", "compileall", "-q", "-q", "\(directory)/lib"],
            environment: environment,
            niceness: 19
        ).run()
        return result.code >= 0
    }

    private func run(
        _ words: [String],
        for recipe: EnvironmentRecipe,
        adding extra: [String: String] = [:]
    ) async throws {
        let result = try await CommandRun(
            command: [program] + words,
            environment: environment.merging(extra) { _, new in new },
            patience: patience
        ).run()
        if result.hasStalled {
            throw EnvironmentError.packages(id: recipe.id, words: stall(on: recipe, result.words))
        }
        guard result.code == 0 else {
            throw EnvironmentError.packages(id: recipe.id, words: Self.summary(result.words))
        }
    }

    /// What uv waited for when it was ended, as far as it can be told.
    private func stall(on recipe: EnvironmentRecipe, _ words: String) -> String {
        let asked = (recipe.usesProcessorIndex ? ["download.pytorch.org"] : []) + hosts
        let places = asked.isEmpty ? "the folders of packages" : asked.joined(separator: ", ")
        let last = words.isEmpty ? "" : " Its last words: \(Self.summary(words))"
        return
            "uv did nothing for \(patience.inWords) and was ended; it waited for an answer of \(places).\(last)"
    }

    /// uv's complaint in one line: it draws trees of causes.
    static func summary(_ words: String) -> String {
        let lines = words.split(whereSeparator: \.isNewline)
            .map { $0.drop { " ×╰─▶│├hint:".contains($0) && !$0.isLetter } }
            .filter { !$0.isEmpty }
        let text = lines.joined(separator: " ")
        return text.isEmpty ? "uv said nothing" : String(text.prefix(600))
    }
}

extension Duration {
    /// `10 minutes`, `1 second`.
    fileprivate var inWords: String {
        let seconds = components.seconds
        let (count, unit) = seconds >= 120 ? (seconds / 60, "minute") : (seconds, "second")
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}
