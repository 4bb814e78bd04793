import ArgumentParser
import ControlPlane
import Foundation
import Reports

/// `clary jobs`: the training jobs of every account and region.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List training jobs: their stages, instances, places in line and failures.",
        discussion: """
            Shows every job that has not ended and the newest of the others, newest first, of every account and region. \
            LIMIT is there where this machine gives an instance less than its type offers. A job that waits for room \
            says its number in line and what holds the room, one that failed the sentence of its FailureReason that says \
            most; `clary jobs NAME` and --json have the whole.

            Examples:
              clary jobs
              clary jobs --running
              clary jobs my-job                 # with the whole FailureReason
              clary jobs --json | jq '.[] | select(.status == "Failed") | .failureReason'
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(
        name: .shortAndLong,
        parsing: .unconditional,
        help: "How many jobs that have ended to show at most."
    )
    var limit = 20

    @Flag(name: .shortAndLong, help: "Show only jobs that have not ended.")
    var running = false

    @Option(help: "Show only jobs of this region.")
    var region: String?

    @Flag(help: "Print a JSON array.")
    var json = false

    @Argument(help: "Show only jobs of this name, with their whole FailureReason.")
    var name: String?

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit is a number of jobs, 1 or more.") }
    }

    func run() async throws {
        let jobs = try await ServerClient(dataDirectory).jobs(named: name, limit: running ? 0 : limit)
            .filter { region == nil || $0.region == region }
        if json { return try Screen.showJSON(jobs) }
        guard !jobs.isEmpty else {
            return Screen.note(
                name.map { "There is no \(running ? "unfinished " : "")training job '\($0)'." }
                    ?? (running ? "No job is running or waiting." : "There are no training jobs.")
            )
        }
        var table = Table([
            .init("NAME"), .init("STATUS"), .init("INSTANCES", hiding: 3), .init("LIMIT", hiding: 6),
            .init("CREATED", hiding: 5), .init("TIME", .right, hiding: 1), .init("REGION", hiding: 4),
            .init("NOTE", least: 16, hiding: 2),
        ])
        let hasRegions = Set(jobs.map(\.region)).count > 1
        for job in jobs {
            table.add([
                job.name, Self.status(job), Self.instances(job),
                Screen.clamping(job.limit, job.offered), Screen.time(job.created),
                Units.duration(job.elapsedSeconds), hasRegions ? job.region : "",
                job.failureReason.map(Headline.of) ?? job.queue?.words ?? "",
            ])
        }
        Screen.show(table)
        if name != nil { Screen.explain(jobs.compactMap(\.failureReason)) }
    }

    /// `2 × ml.m5.large`, and with groups one such word for each.
    private static func instances(_ job: JobReport) -> String {
        guard let groups = job.instanceGroups else { return "\(job.instanceCount) × \(job.instanceType)" }
        return groups.map { "\($0.instanceCount) × \($0.instanceType)" }.joined(separator: " + ")
    }

    /// `Completed`, `InProgress: Training`.
    private static func status(_ job: JobReport) -> String {
        job.status == job.secondaryStatus ? job.status : "\(job.status): \(job.secondaryStatus)"
    }
}
