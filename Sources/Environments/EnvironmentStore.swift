package import Foundation
package import Images
package import Logging

/// The environments of a directory: found, built, listed, removed.
///
/// Several servers may share a directory: an environment is complete when its directory has its name, and nobody removes
/// what another one uses.
package actor EnvironmentStore {
    private let directory: String
    private let installer: PackageInstaller?
    private let machine: @Sendable () -> HostMachine
    private let logger: Logger
    private let leases: LeaseBook
    private var builds: [String: EnvironmentBuild] = [:]
    private var compilations: [String: Task<Void, Never>] = [:]
    /// What is being removed, so that nothing new begins in it.
    private var doomed: Set<String> = []
    private var isClosed = false

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
        leases = LeaseBook(directory: directory)
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
    ///   - user: Who is going to use it, in words for those who want to remove it.
    ///   - isFresh: Whether to try a better recipe than that of an environment that is there.
    ///   - note: Hears what takes a while.
    /// - Returns: It is complete, perhaps without compiled files, and stays as long as the value.
    /// - Throws: `ImageRefusal` if no release can stand for it, `EnvironmentError` if its packages cannot be had,
    ///   `CancellationError` if the task is cancelled.
    package func environment(
        for image: FrameworkImage,
        user: String,
        afresh isFresh: Bool = false,
        note: @escaping @Sendable (String) async -> Void
    ) async throws -> PythonEnvironment {
        let recipes = try recipes(for: image)
        if !isFresh, let there = recipes.first(where: isThere), let environment = try await use(there, user) {
            return environment
        }
        var refusal: (any Error)?
        for recipe in recipes where installer != nil || isThere(recipe) {
            // It is in use before it is there, so nobody removes it between its last file and its first reader.
            let lease = try await leases.take(recipe.id, for: words(for: user))
            do {
                if !isThere(recipe) { try await build(recipe, note: note) }
                return adopt(recipe, lease)
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

    private func isThere(_ recipe: EnvironmentRecipe) -> Bool {
        access("\(path(of: recipe.id))/\(Self.recordName)", R_OK) == 0
            && access(recipe.interpreter, X_OK) == 0
    }

    /// Begins the use of one that is there; `nil` if it has gone meanwhile.
    private func use(_ recipe: EnvironmentRecipe, _ user: String) async throws -> PythonEnvironment? {
        let lease = try await leases.take(recipe.id, for: words(for: user))
        return isThere(recipe) ? adopt(recipe, lease) : nil
    }

    /// What others read of a use of ours.
    private func words(for user: String) -> String {
        "\(user) (of the server with process \(ProcessInfo.processInfo.processIdentifier))"
    }

    /// Remembers the use, by which those that nobody uses are told.
    private func adopt(_ recipe: EnvironmentRecipe, _ lease: EnvironmentLease?) -> PythonEnvironment {
        let path = path(of: recipe.id)
        utimes("\(path)/\(Self.recordName)", nil)
        if access("\(path)/\(Self.compiledName)", F_OK) != 0 { compile(recipe.id, at: path) }
        // The notes are today's: the recipe that was kept may have stood for another image.
        return PythonEnvironment(recipe: recipe, path: path, lease: lease)
    }

    // MARK: Building

    private func build(
        _ recipe: EnvironmentRecipe,
        note: @escaping @Sendable (String) async -> Void
    ) async throws {
        while true {
            if isClosed { throw EnvironmentError.closed }
            let build: EnvironmentBuild
            if let running = builds[recipe.id] {
                build = running
                await note("Waiting for the environment \(recipe.id), which another job is having built.")
            } else {
                guard let installer else { throw EnvironmentError.noInstaller }
                build = EnvironmentBuild { try await self.perform(recipe, with: installer, note: note) }
                builds[recipe.id] = build
            }
            do { return try await build.wait() } catch is CancellationError {
                try Task.checkCancellation()
                // Those for whom it was begun have given it up, or the server ends.
            }
        }
    }

    /// Builds, and is on the books as long as anything of it runs: those who waited may all be gone before.
    private func perform(
        _ recipe: EnvironmentRecipe,
        with installer: PackageInstaller,
        note: @Sendable (String) async -> Void
    ) async throws {
        defer { builds[recipe.id] = nil }
        try await make(recipe, with: installer, note: note)
    }

    private func make(
        _ recipe: EnvironmentRecipe,
        with installer: PackageInstaller,
        note: @Sendable (String) async -> Void
    ) async throws {
        let begin = ContinuousClock.now
        let draft = try await EnvironmentDraft.make(recipe.id, in: directory, leases)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await fill(draft.path, recipe, installer, note))
        } catch { outcome = .failure(error) }
        // What is left of it is of no use to anybody; if it cannot be deleted now, then at the next start.
        do { try await draft.delete() } catch { logger.warning("\(error)") }
        try outcome.get()
        // Of one that was there before.
        compilations[recipe.id] = nil
        logger.info("The environment \(recipe.id) was made in \(ContinuousClock.now - begin)")
    }

    private func fill(
        _ draft: String,
        _ recipe: EnvironmentRecipe,
        _ installer: PackageInstaller,
        _ note: @Sendable (String) async -> Void
    ) async throws {
        let title = "\(recipe.framework.title) \(recipe.version) for Python \(recipe.python)"
        let place = path(of: recipe.id)
        let lock = "\(directory)/locks/\(recipe.id).txt"
        try Self.files {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/locks",
                withIntermediateDirectories: true
            )
        }
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
    }

    /// Jobs need not wait for it: without compiled files they start as well, only slower.
    private func compile(_ id: String, at path: String) {
        guard let installer, compilations[id] == nil, !isClosed, !doomed.contains(id) else { return }
        compilations[id] = Task {
            do {
                if try await installer.compile(path) {
                    try Data().write(to: URL(filePath: "\(path)/\(Self.compiledName)"))
                }
            } catch is CancellationError {
                // It is removed, or the server ends: then the next use compiles it.
                compilations[id] = nil
            } catch {
                logger.warning("The environment \(id) was not compiled: \(error)")
            }
        }
    }

    /// Ends what the store does by itself; whoever waits for a build hears `EnvironmentError.closed`.
    package func close() async {
        isClosed = true
        for build in builds.values { build.cancel() }
        for compilation in compilations.values { compilation.cancel() }
        for build in builds.values { await build.end() }
        for compilation in compilations.values { await compilation.value }
    }

    /// Deletes what builds left that ended with their server, and forgets uses that ended without a word.
    ///
    /// - Throws: `EnvironmentError.files`, `CancellationError`.
    package func clear() async throws {
        for draft in try await EnvironmentDraft.abandoned(in: directory, leases) { try await draft.delete() }
        try await leases.prune()
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

    /// How a removal went.
    package enum Removal: Sendable, Equatable {
        case removed
        case absent
        /// Who uses it, here or by another server, in their own words.
        case used(by: [String])
    }

    /// Removes an environment that nobody uses; the next job that needs it builds it from the same lock.
    ///
    /// - Throws: `EnvironmentError.files`, `CancellationError`.
    package func remove(_ id: String) async throws -> Removal {
        guard list().contains(where: { $0.id == id }), doomed.insert(id).inserted else { return .absent }
        defer { doomed.remove(id) }
        if let compilation = compilations.removeValue(forKey: id) {
            compilation.cancel()
            await compilation.value
        }
        // Below it, so that it vanishes at once and its files later.
        let draft = try await EnvironmentDraft.make(id, in: directory, leases)
        var users: [String] = []
        do {
            users = try await leases.unlessUsed(id) { try Self.rename(path(of: id), "\(draft.path)/removed") }
        } catch {
            try await draft.delete()
            throw error
        }
        try await draft.delete()
        return users.isEmpty ? .removed : .used(by: users)
    }
}
