import ArgumentParser
import ControlPlane

/// What a name on the command line means.
enum Subject {
    case job(JobReport)
    case endpoint(EndpointReport)

    /// `training job demo-1`.
    var title: String {
        switch self {
        case .job(let job): "training job \(job.name)"
        case .endpoint(let endpoint): "endpoint \(endpoint.name)"
        }
    }

    var region: String {
        switch self {
        case .job(let job): job.region
        case .endpoint(let endpoint): endpoint.region
        }
    }
}

/// `--job`, `--endpoint` and `--region`: what tells apart things of one name.
struct SubjectOptions: ParsableArguments {
    /// What to look for.
    enum Kind: String, EnumerableFlag {
        case job
        case endpoint

        static func help(for value: Kind) -> ArgumentHelp? {
            switch value {
            case .job: "The name is a training job's."
            case .endpoint: "The name is an endpoint's."
            }
        }
    }

    @Flag(exclusivity: .exclusive)
    var kind: Kind?

    @Option(help: "The region it is in; needed only where several regions have that name.")
    var region: String?

    /// The one thing of that name, or `nil` if there is none.
    ///
    /// - Parameters:
    ///   - name: Of a training job or an endpoint.
    ///   - client: Asked for it.
    ///   - counts: Which of them are meant at all.
    /// - Returns: What the name means.
    /// - Throws: `CleanFailure` if it means several things, with the options that tell them apart.
    func find(
        _ name: String,
        with client: ServerClient,
        where counts: (Subject) -> Bool = { _ in true }
    ) async throws -> Subject? {
        var found: [Subject] = []
        if kind != .endpoint { found += try await client.jobs(named: name, limit: 100).map { .job($0) } }
        if kind != .job { found += try await client.endpoints(named: name).map { .endpoint($0) } }
        found = found.filter { (region == nil || $0.region == region) }
        let meant = found.filter(counts)
        // Where nothing counts, what there is still has to be explained.
        let candidates = meant.isEmpty ? found : meant
        guard candidates.count > 1 else { return candidates.first }
        let list = candidates.map { "the \($0.title) in \($0.region)" }.joined(separator: ", ")
        throw CleanFailure(
            message: "\(name) may be \(list). Say which with --job or --endpoint, and --region."
        )
    }

    /// Nothing has that name.
    func missing(_ name: String) -> CleanFailure {
        let place = region.map { " in \($0)" } ?? ""
        return switch kind {
        case .job:
            CleanFailure(message: "There is no training job '\(name)'\(place). `clary jobs` lists them.")
        case .endpoint:
            CleanFailure(message: "There is no endpoint '\(name)'\(place). `clary endpoints` lists them.")
        case nil:
            CleanFailure(
                message:
                    "There is no training job and no endpoint '\(name)'\(place). `clary jobs` and "
                    + "`clary endpoints` list what there is."
            )
        }
    }
}
