/// Finds the recipes for an image on a machine.
///
/// It is the exact release if PyPI has it for a Python that is there, otherwise the nearest one of the same major version.
/// Another major version is another product: it is refused.
package struct RecipeBook: Sendable {
    private let machine: HostMachine

    package init(machine: HostMachine) { self.machine = machine }

    /// The recipes for an image, the first choice first: the next is tried where the packages of one cannot be had.
    ///
    /// - Throws: `ImageRefusal` with the alternatives.
    package func recipes(for image: FrameworkImage) throws(ImageRefusal) -> [EnvironmentRecipe] {
        guard !machine.interpreters.isEmpty else {
            throw ImageRefusal(
                "There is no Python in /usr/bin or /usr/local/bin of this machine: install python3 (see `clary doctor`)."
            )
        }
        guard let package = image.framework.package else { return [try bare(image)] }
        let choice = try choose(package, image)
        let rest = Companions(
            image.framework,
            choice.version,
            transformers: try transformers(image, choice.python)
        )
        func recipe(
            _ pins: [String],
            _ version: ReleaseVersion,
            on python: HostMachine.Interpreter,
            cpu: Bool = false,
            _ notes: [String]
        ) -> EnvironmentRecipe {
            EnvironmentRecipe(
                framework: image.framework,
                version: version.description,
                interpreter: python.path,
                python: python.version.description,
                requirements: pins + packages(rest, for: image),
                usesProcessorIndex: cpu,
                notes: notes + rest.notes + pythonNotes(image, python)
            )
        }
        let notes =
            choice.version.isRelease(of: image.wanted)
            ? [] : [Self.note(package, wanted: image.wanted, got: choice.version.description)]
        let pin = "\(name(of: package, choice.version))==\(choice.version)"
        guard package == "torch", !machine.hasGPU, machine.processor == "x86_64" else {
            return [recipe([pin] + vision(for: image), choice.version, on: choice.python, notes)]
        }
        // Without a GPU, builds with CUDA would bring gigabytes of libraries that nothing can use.
        var recipes: [EnvironmentRecipe] = []
        let builds = localBuilds(of: image.wanted)
        if let exact = builds.first(where: { $0.version.isRelease(of: image.wanted) }) {
            let notes = image.framework == .pytorch ? [Self.withoutVision] : []
            return [recipe(["torch==\(exact.build)"], exact.version, on: exact.python, notes)]
        }
        let vision = vision(for: image)
        recipes.append(recipe([pin] + vision, choice.version, on: choice.python, cpu: true, notes))
        if let nearest = builds.first {
            recipes.append(
                recipe(
                    ["torch==\(nearest.build)"],
                    nearest.version,
                    on: nearest.python,
                    [
                        """
                        The image has torch \(image.wanted). No build of it without CUDA could be had: PyTorch's own \
                        index, which has them, did not give it (the server's log says why). So it is torch \
                        \(nearest.build), from a folder of pip's on this machine.
                        """
                    ] + (image.framework == .pytorch ? [Self.withoutVision] : [])
                )
            )
        }
        return recipes + [recipe([pin] + vision, choice.version, on: choice.python, notes)]
    }

    private static let withoutVision =
        "torchvision, which the image has, is not there: no build of it without CUDA is at hand."

    /// The resolver finds the torchvision that was made for the pinned PyTorch.
    private func vision(for image: FrameworkImage) -> [String] {
        image.framework == .pytorch ? ["torchvision"] : []
    }

    // MARK: Releases

    /// The versions of a framework that can be had: the oldest and the newest of each major version.
    package func versions(of framework: Framework) -> [String] {
        // Its tags begin with PyTorch's version, but its name is that of Transformers.
        let named = framework == .huggingFace ? "transformers" : framework.package
        guard let package = named, framework.package.map({ !runnable($0, preferring: nil).isEmpty }) == true
        else { return [] }
        return Self.ranges(of: runnable(package, preferring: nil).map(\.version))
    }

    private func runnable(
        _ package: String,
        preferring python: ReleaseVersion?
    ) -> [(version: ReleaseVersion, python: HostMachine.Interpreter)] {
        ReleaseTable.releases(of: package).compactMap { release in
            interpreter(for: release, preferring: python).map { (release.version, $0) }
        }
    }

    /// `1.1.3 to 1.9.1` for each major version.
    private static func ranges(of versions: [ReleaseVersion]) -> [String] {
        Dictionary(grouping: versions, by: \.major).sorted { $0.key < $1.key }.compactMap { _, versions in
            versions.min().flatMap { low in versions.max().map { low == $0 ? "\(low)" : "\(low) to \($0)" } }
        }
    }

    private func choose(
        _ package: String,
        _ image: FrameworkImage
    ) throws(ImageRefusal) -> (version: ReleaseVersion, python: HostMachine.Interpreter) {
        let runnable = runnable(package, preferring: image.python)
        if let exact = runnable.last(where: { $0.0.isRelease(of: image.wanted) }) { return exact }
        let kin = runnable.filter { $0.0.major == image.wanted.major }
        if let newer = kin.first(where: { $0.0 > image.wanted }) { return newer }
        if let older = kin.last { return older }
        throw refusal(package, image, runnable.map(\.0))
    }

    private func refusal(
        _ package: String,
        _ image: FrameworkImage,
        _ runnable: [ReleaseVersion]
    ) -> ImageRefusal {
        let pythons = machine.interpreters.map(\.version.description).joined(separator: ", ")
        let ranges = Self.ranges(of: runnable)
        return ImageRefusal(
            """
            \(image.framework.title) \(image.wanted) cannot be had for the Python of this machine (\(pythons)), and no \
            other \(image.wanted.major).x either. Ask for \(ranges.joined(separator: " or ")), or install \
            \(Self.pythonOf(package, image.wanted)).
            """
        )
    }

    /// Which Python the wanted release is for.
    private static func pythonOf(_ package: String, _ wanted: ReleaseVersion) -> String {
        let kin = ReleaseTable.releases(of: package).filter { $0.version.major == wanted.major }
        guard let release = kin.last(where: { $0.version.isRelease(of: wanted) }) ?? kin.last else {
            return "an older Python"
        }
        return "Python \(release.pythons.upperBound) in /usr/local/bin"
    }

    /// The wanted Python if it is there and fits, otherwise the next newer one, otherwise the newest.
    private func interpreter(
        for release: ReleaseTable.Release,
        preferring wanted: ReleaseVersion?
    ) -> HostMachine.Interpreter? {
        let fitting = machine.interpreters.filter { release.runs(on: $0.version, machine.processor) }
            .sorted { $0.version < $1.version }
        guard let wanted else { return fitting.last }
        return fitting.first { $0.version >= wanted } ?? fitting.last
    }

    /// Builds without CUDA of the wanted major version in pip's folders, the nearest first.
    private func localBuilds(
        of wanted: ReleaseVersion
    ) -> [(version: ReleaseVersion, build: String, python: HostMachine.Interpreter)] {
        let builds = machine.processorBuilds.filter { $0.version.major == wanted.major }
            .compactMap { build in
                machine.interpreters.first { $0.version == build.python }.map {
                    (build.version, build.build, $0)
                }
            }
        let newer = builds.filter { $0.0 >= wanted || $0.0.isRelease(of: wanted) }
        return newer.reversed() + builds.filter { $0.0 < wanted && !$0.0.isRelease(of: wanted) }
    }

    /// The package's name for this machine: some have builds without CUDA under another one.
    private func name(of package: String, _ version: ReleaseVersion) -> String {
        guard !machine.hasGPU, machine.processor == "x86_64" else { return package }
        return switch package {
        case "tensorflow": "tensorflow-cpu"
        case "xgboost" where ReleaseVersion("2.1.1").map { version >= $0 } ?? false: "xgboost-cpu"
        default: package
        }
    }

    private func transformers(
        _ image: FrameworkImage,
        _ python: HostMachine.Interpreter
    ) throws(ImageRefusal) -> Companions.Transformers? {
        guard let wanted = image.transformers else { return nil }
        let runnable = ReleaseTable.releases(of: "transformers").map(\.version).filter { version in
            ReleaseTable.releases(of: "transformers")
                .contains { $0.version == version && $0.runs(on: python.version, machine.processor) }
        }
        let kin = runnable.filter { $0.major == wanted.major }
        guard
            let version = runnable.last(where: { $0.isRelease(of: wanted) }) ?? kin.first(where: {
                $0 > wanted
            })
                ?? kin.last
        else { throw refusal("transformers", image, runnable) }
        return Companions.Transformers(wanted: wanted, version: version)
    }

    private func packages(_ companions: Companions, for image: FrameworkImage) -> [String] {
        image.sdk.map { companions.besideSDK + ["sagemaker==\($0)"] } ?? companions.requirements
    }

    // MARK: Python

    private func bare(_ image: FrameworkImage) throws(ImageRefusal) -> EnvironmentRecipe {
        let sorted = machine.interpreters.sorted { $0.version < $1.version }
        guard let python = sorted.first(where: { $0.version >= image.wanted }) ?? sorted.last else {
            throw ImageRefusal("There is no Python on this machine.")
        }
        return EnvironmentRecipe(
            framework: .python,
            version: python.version.description,
            interpreter: python.path,
            python: python.version.description,
            requirements: packages(Companions(.python, python.version, transformers: nil), for: image),
            usesProcessorIndex: false,
            notes: pythonNotes(image, python)
        )
    }

    private func pythonNotes(_ image: FrameworkImage, _ python: HostMachine.Interpreter) -> [String] {
        guard let wanted = image.python, wanted != python.version else { return [] }
        return ["The image has Python \(wanted); here it is Python \(python.version)."]
    }

    static func note(_ package: String, wanted: ReleaseVersion, got: String) -> String {
        "The image has \(package) \(wanted), which cannot be had for the Python of this machine: it is \(package) \(got)."
    }
}
