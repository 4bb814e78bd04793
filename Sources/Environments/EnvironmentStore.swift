package import Foundation
package import Images
package import Logging

/// The environments of a directory: found, built, listed, removed.
///
/// Several servers may share a directory: an environment is complete when its directory has its name.
package actor EnvironmentStore {
    private let directory: String
    private let installer: PackageInstaller?
    private let machine: @Sendable () -> HostMachine
    private let logger: Logger
    /// What is being built, and for whom it is enough to wait.
    private var builds: [String: Task<PythonEnvironment, any Error>] = [:]
    private var compilations: [String: Task<Void, Never>] = [:]

    private static let recordName = "clary-environment.json"
    private static let compiledName = "clary-compiled"

    /// - Parameters:
    ///   - directory: Absolute path; made when it is needed.
    ///   - installer: `nil` where there is no uv: then only what is there can be used.
    ///   - machine: Looked at anew for each image: a Python may be installed while the server runs.
    ///   - logger: Hears of what is built.
    package init(
        directory: String,
        installer: PackageInstaller?,
        machine: @escaping @Sendable () -> HostMachine,
        logger: Logger
    ) {
        self.directory = directory
        self.installer = installer
        self.machine = machine
        self.logger = logger
    }

    /// What of an environment is written in its directory.
    private struct Record: Codable {
        let recipe: EnvironmentRecipe
        /// Seconds since the epoch.
        let created: Double
    }

    // MARK: For jobs

    /// The environment of an image, built if it is not there.
    ///
    /// - Parameters:
    ///   - image: What is asked for.
    ///   - isFresh: Whether to try a better recipe than that of an environment that is there.
    ///   - note: Hears what takes a while.
    /// - Returns: It is complete, perhaps without compiled files.
    /// - Throws: `ImageRefusal` if no release can stand for it, `EnvironmentError` if its packages cannot be had.
    package func environment(
        for image: FrameworkImage,
        afresh isFresh: Bool = false,
        note: @escaping @Sendable (String) async -> Void
    ) async throws -> PythonEnvironment {
        let recipes = try recipes(for: image)
        if !isFresh, let there = recipes.lazy.compactMap({ self.existing($0) }).first {
            touch(there)
            return there
        }
        var refusal: (any Error)?
        for recipe in recipes {
            if let there = existing(recipe) {
                touch(there)
                return there
            }
            do {
                return try await build(recipe, note: note)
            } catch let error as EnvironmentError {
                guard case .packages = error else { throw error }
                logger.notice("\(error)")
                refusal = error
            }
        }
        throw refusal ?? EnvironmentError.noInstaller
    }

    /// What could stand for an image, the first choice first.
    ///
    /// - Throws: `ImageRefusal` with the alternatives.
    package nonisolated func recipes(for image: FrameworkImage) throws(ImageRefusal) -> [EnvironmentRecipe] {
        try RecipeBook(machine: machine()).recipes(for: image)
    }

    private func existing(_ recipe: EnvironmentRecipe) -> PythonEnvironment? {
        let path = "\(directory)/\(recipe.id)"
        guard access("\(path)/\(Self.recordName)", R_OK) == 0, access(recipe.interpreter, X_OK) == 0 else {
            return nil
        }
        if compilations[recipe.id] == nil, access("\(path)/\(Self.compiledName)", F_OK) != 0 {
            compile(recipe.id, at: path)
        }
        // The notes are today's: the recipe that was kept may have stood for another image.
        return PythonEnvironment(recipe: recipe, path: path)
    }

    /// Remembers the use, by which those that nobody uses are told.
    private func touch(_ environment: PythonEnvironment) {
        utimes("\(environment.path)/\(Self.recordName)", nil)
    }

    // MARK: Building

    private func build(
        _ recipe: EnvironmentRecipe,
        note: @escaping @Sendable (String) async -> Void
    ) async throws -> PythonEnvironment {
        if let running = builds[recipe.id] {
            await note("Waiting for the environment \(recipe.id), which another job is having built.")
            return try await running.value
        }
        guard let installer else { throw EnvironmentError.noInstaller }
        let task = Task { try await self.make(recipe, with: installer, note: note) }
        builds[recipe.id] = task
        defer { builds[recipe.id] = nil }
        return try await task.value
    }

    private func make(
        _ recipe: EnvironmentRecipe,
        with installer: PackageInstaller,
        note: @Sendable (String) async -> Void
    ) async throws -> PythonEnvironment {
        let title = "\(recipe.framework.title) \(recipe.version) for Python \(recipe.python)"
        let place = "\(directory)/\(recipe.id)"
        let draft = "\(directory)/.draft-\(recipe.id)-\(UInt32.random(in: 0 ... .max))"
        let lock = "\(directory)/locks/\(recipe.id).txt"
        try Self.files {
            try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(
                atPath: "\(directory)/locks",
                withIntermediateDirectories: true
            )
        }
        // What is left of it is of no use to anybody.
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let begin = ContinuousClock.now
        if access(lock, R_OK) != 0 {
            await note("Preparing the environment of \(title): asking for its packages.")
            let fresh = "\(draft)/lock.txt"
            try await installer.lock(recipe, in: draft, to: fresh)
            try Self.files { try Self.rename(fresh, lock) }
        }
        await note("Preparing the environment of \(title): installing its packages.")
        let environment = "\(draft)/environment"
        try await installer.install(recipe, lock: lock, into: environment)
        try Self.files {
            let record = Record(recipe: recipe, created: Date.now.timeIntervalSince1970)
            try JSONEncoder().encode(record)
                .write(to: URL(filePath: "\(environment)/\(Self.recordName)"), options: .atomic)
            try FileManager.default.copyItem(atPath: lock, toPath: "\(environment)/requirements.txt")
            // Another server may have been faster; its environment is the same.
            if access("\(place)/\(Self.recordName)", R_OK) != 0 {
                // What is left of one that was removed while something still wrote there.
                if access(place, F_OK) == 0 { try Self.rename(place, "\(draft)/remnant") }
                try Self.rename(environment, place)
            }
        }
        logger.info("The environment \(recipe.id) was made in \(ContinuousClock.now - begin)")
        compile(recipe.id, at: place)
        return PythonEnvironment(recipe: recipe, path: place)
    }

    /// Jobs need not wait for it: without compiled files they start as well, only slower.
    private func compile(_ id: String, at path: String) {
        guard let installer else { return }
        compilations[id] = Task {
            do {
                if try await installer.compile(path) {
                    try Data().write(to: URL(filePath: "\(path)/\(Self.compiledName)"))
                }
            } catch {
                logger.warning("The environment \(id) was not compiled: \(error)")
            }
        }
    }

    private static func rename(_ old: String, _ new: String) throws {
        guard Foundation.rename(old, new) == 0 else {
            throw EnvironmentError.files(
                "\(old) cannot be renamed to \(new): \(String(cString: strerror(errno)))"
            )
        }
    }

    private static func files(_ body: () throws -> Void) throws(EnvironmentError) {
        do { try body() } catch let error as EnvironmentError { throw error } catch {
            throw .files("the environment cannot be written: \(error.localizedDescription)")
        }
    }

    // MARK: For people

    /// The versions of a framework that can be had here: the oldest and the newest of each major version.
    package nonisolated func versions(of framework: Framework) -> [String] {
        RecipeBook(machine: machine()).versions(of: framework)
    }

    /// One environment, as `clary images` shows it.
    package struct Listing: Codable, Sendable {
        package let id: String
        package let framework: Framework
        package let version: String
        package let python: String
        package let created: Date
        package let used: Date
    }

    /// Every environment that is there, the last used first.
    package func list() -> [Listing] {
        // No directory, no environments.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.compactMap { name -> Listing? in
            let file = "\(directory)/\(name)/\(Self.recordName)"
            var facts = stat()
            guard stat(file, &facts) == 0, let data = FileManager.default.contents(atPath: file),
                let record = try? JSONDecoder().decode(Record.self, from: data)
            else { return nil }
            return Listing(
                id: name,
                framework: record.recipe.framework,
                version: record.recipe.version,
                python: record.recipe.python,
                created: Date(timeIntervalSince1970: record.created),
                used: Date(timeIntervalSince1970: Double(facts.st_mtim.tv_sec))
            )
        }
        .sorted { $0.used > $1.used }
    }

    /// Absolute path of an environment's directory.
    package nonisolated func path(of id: String) -> String { "\(directory)/\(id)" }

    /// Removes an environment that no instance uses; the next job that needs it builds it from the same lock.
    ///
    /// - Returns: Whether it was there.
    /// - Throws: `EnvironmentError.files`.
    package func remove(_ id: String) async throws(EnvironmentError) -> Bool {
        guard list().contains(where: { $0.id == id }) else { return false }
        if let compilation = compilations.removeValue(forKey: id) {
            compilation.cancel()
            await compilation.value
        }
        let place = "\(directory)/\(id)"
        let doomed = "\(directory)/.draft-\(id)-\(UInt32.random(in: 0 ... .max))"
        try Self.files {
            try Self.rename(place, doomed)
            try FileManager.default.removeItem(atPath: doomed)
        }
        return true
    }
}
