import ArgumentParser
import ControlPlane
import Environments
import Foundation
import Reports

/// `clary images`: which framework images run here, and in what.
struct ImagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "List framework images and their environments; say what an image URI stands for.",
        discussion: """
            A framework image (any account and region) is a Python environment here, which uv builds when the first job \
            asks for it and which all jobs share. Packages come from where pip is configured to look.

            Examples:
              clary images
              clary images why 763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.3.0-cpu-py311
              clary images build sagemaker-scikit-learn:1.2-1-cpu-py3
            """,
        subcommands: [List.self, Why.self, Build.self, Remove.self],
        defaultSubcommand: List.self
    )

    /// `clary images list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the frameworks and the environments that are built."
        )

        @OptionGroup var dataDirectory: DataDirectoryOption

        @Flag(help: "Print a JSON object.")
        var json = false

        func run() async throws {
            let images = try await ServerClient(dataDirectory).images()
            if json { return try Screen.showJSON(images) }
            var families = Table([
                .init("FRAMEWORK"), .init("VERSIONS HERE", least: 16),
                .init("REPOSITORIES", least: 20, hiding: 2),
                .init("A TAG", hiding: 1),
            ])
            for family in images.families {
                families.add([
                    family.title, family.versions.isEmpty ? "none" : family.versions.joined(separator: ", "),
                    family.repositories.joined(separator: " "), family.example,
                ])
            }
            Screen.show(families)
            guard !images.environments.isEmpty else {
                return Screen.say("\nNo environment is built yet: the first job of a framework has it built.")
            }
            Screen.say("")
            var table = Table([
                .init("ENVIRONMENT"), .init("PYTHON", hiding: 3), .init("SIZE", .right),
                .init("INSTANCES", .right, hiding: 1), .init("LAST USED", hiding: 2),
            ])
            for environment in images.environments {
                table.add([
                    environment.listing.id, environment.listing.python, Units.bytes(environment.bytes),
                    String(environment.instances), Screen.time(environment.listing.used),
                ])
            }
            Screen.show(table)
            Screen.say(
                "SIZE is the length of the packages' files; environments and uv's cache share them where they can."
            )
        }
    }

    /// `clary images why`.
    struct Why: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "why",
            abstract: "Say what an image URI stands for on this machine, and what differs from the image."
        )

        @OptionGroup var dataDirectory: DataDirectoryOption

        @Argument(help: "The image's URI.")
        var uri: String

        @Flag(help: "Print a JSON object.")
        var json = false

        func run() async throws {
            let explanation = try await ServerClient(dataDirectory).explain(image: uri)
            if json { return try Screen.showJSON(explanation) }
            if let refusal = explanation.refusal { throw CleanFailure(message: refusal) }
            for line in ImagesCommand.lines(explanation) { Screen.say(line) }
        }
    }

    /// `clary images build`.
    struct Build: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "build",
            abstract: "Build the environment of an image now, so that no job has to wait for it."
        )

        @OptionGroup var dataDirectory: DataDirectoryOption

        @Argument(help: "URIs of images.")
        var uris: [String]

        func run() async throws {
            let client = try ServerClient(dataDirectory)
            for uri in uris {
                Screen.note("Building the environment of \(uri) …")
                let explanation = try await client.build(image: uri)
                for recipe in explanation.recipes where recipe.isBuilt {
                    Screen.say("\(recipe.id) is built.")
                    for note in recipe.notes { Screen.say("  \(note)") }
                }
            }
        }
    }

    /// `clary images rm`.
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm",
            abstract:
                "Remove environments that no instance uses; the next job that needs one has it built again."
        )

        @OptionGroup var dataDirectory: DataDirectoryOption

        @Argument(help: "Names of environments, as `clary images` lists them.")
        var ids: [String]

        func run() async throws {
            let client = try ServerClient(dataDirectory)
            for id in ids {
                try await client.remove(environment: id)
                Screen.say("\(id) is removed.")
            }
        }
    }

    /// An explanation for a person.
    private static func lines(_ explanation: ImageExplanation) -> [String] {
        var lines = [explanation.uri]
        if let engine = explanation.engine {
            lines.append(
                engine.isEmpty
                    ? "  It needs a container engine (Podman or Docker), and none was found: see `clary serve --help`."
                    : "  The container engine at \(engine) runs it."
            )
        }
        if let algorithm = explanation.algorithm { lines.append("  Without a script: \(algorithm).") }
        for (position, recipe) in explanation.recipes.enumerated() {
            let choice = position == 0 ? "A script runs in" : "If its packages cannot be had, in"
            lines.append("  \(choice) \(recipe.id)\(recipe.isBuilt ? " (built)" : "")")
            lines.append("    Python       \(recipe.interpreter)")
            let source = recipe.usesProcessorIndex ? " (PyTorch's index of builds without CUDA)" : ""
            lines.append("    packages     \(recipe.requirements.joined(separator: " "))\(source)")
            lines += recipe.notes.map { "    difference   \($0)" }
        }
        return lines
    }
}
