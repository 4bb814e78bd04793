import ArgumentParser
import ControlPlane
import Foundation
import Reports

/// `clary logs`: what a job or an endpoint wrote.
struct LogsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print the log of a training job or an endpoint.",
        discussion: """
            With -f it goes on until the job has ended, says how it ended on standard error, and exits with 1 if the job \
            failed; an endpoint's log goes on until the endpoint is deleted. Where there are several instances, each line \
            says whose it is. What would act on the terminal is taken out of the lines.

            Examples:
              clary logs my-job
              clary logs -f my-job
              clary logs -f my-endpoint --timestamps
              clary logs my-job --json | jq -r .message
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption
    @OptionGroup var options: SubjectOptions

    @Flag(name: .shortAndLong, help: "Go on with new lines until the job ends.")
    var follow = false

    @Flag(help: "Begin each line with its time.")
    var timestamps = false

    @Flag(help: "Print a JSON object for each line: time, stream, message.")
    var json = false

    @Argument(help: "Name of a training job or an endpoint.")
    var name: String

    func run() async throws {
        let client = try ServerClient(dataDirectory)
        let subject = try await options.find(name, with: client)
        var tail = LogTail(client: client, source: source(of: subject, client))
        try await printAll(&tail)
        guard let subject else {
            // A job or an endpoint that was deleted leaves its log behind.
            guard tail.hasStreams else { throw options.missing(name) }
            return
        }
        guard follow else { return explainSilence(subject, tail) }
        try await follow(subject, &tail, client)
    }

    private func source(of subject: Subject?, _ client: ServerClient) -> LogTail.Source {
        switch subject {
        case .job(let job): .job(job.name, region: job.region, instances: job.instanceCount)
        case .endpoint(let endpoint): .endpoint(endpoint.name, region: endpoint.region)
        case nil:
            options.kind == .endpoint
                ? .endpoint(name, region: options.region ?? client.server.record.region)
                : .job(name, region: options.region ?? client.server.record.region, instances: 1)
        }
    }

    // MARK: Following

    private func follow(_ subject: Subject, _ tail: inout LogTail, _ client: ServerClient) async throws {
        var told: String?
        while true {
            let now = try await latest(subject, client)
            let isOver: Bool
            switch now {
            case nil: isOver = true
            case .job(let job):
                isOver = job.isEnded
                if let queue = job.queue, told != queue.words {
                    told = queue.words
                    Screen.note("The training job \(job.name) waits: \(queue.words).")
                }
            case .endpoint: isOver = false
            }
            try await printAll(&tail)
            if isOver {
                // The last lines may still be on their way when the end is known.
                try await Task.sleep(for: Self.interval)
                try await printAll(&tail)
                return try conclude(subject, now)
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private func latest(_ subject: Subject, _ client: ServerClient) async throws -> Subject? {
        switch subject {
        case .job(let job):
            try await client.jobs(named: job.name, limit: 100)
                .first { $0.region == job.region && $0.account == job.account }.map { .job($0) }
        case .endpoint(let endpoint):
            try await client.endpoints(named: endpoint.name)
                .first { $0.region == endpoint.region && $0.account == endpoint.account }
                .map { .endpoint($0) }
        }
    }

    private func conclude(_ subject: Subject, _ end: Subject?) throws {
        guard case .job(let job) = end else { return Screen.note("The \(subject.title) is gone.") }
        let reason = job.failureReason.map { ": \($0)" } ?? ""
        Screen.note(
            "The training job \(job.name) ended after \(Units.duration(job.elapsedSeconds)): \(job.status)\(reason)"
        )
        if job.status == "Failed" { throw ExitCode.failure }
    }

    private func explainSilence(_ subject: Subject, _ tail: LogTail) {
        guard !tail.hasLines else { return }
        switch subject {
        case .job(let job):
            let reason =
                job.queue.map { "; it waits, \($0.words)" } ?? job.failureReason.map { ": \($0)" }
            Screen.note("The training job \(job.name) wrote nothing. It is \(job.status)\(reason ?? "").")
        case .endpoint(let endpoint):
            Screen.note("The endpoint \(endpoint.name) wrote nothing. It is \(endpoint.status).")
        }
    }

    // MARK: Lines

    private func printAll(_ tail: inout LogTail) async throws {
        while true {
            let lines = try await tail.next()
            if lines.isEmpty { return }
            for line in lines { try print(line, labelled: tail.hasSeveralInstances) }
            Screen.flush()
        }
    }

    private func print(_ line: LogTail.Line, labelled: Bool) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.dateEncodingStrategy = .iso8601
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Swift.print(String(decoding: try encoder.encode(line), as: UTF8.self))
        }
        let time = timestamps ? Screen.time(line.time) + "  " : ""
        let label = labelled ? PlainText.line(line.instance) + "  " : ""
        Swift.print(time + label + PlainText.line(line.message))
    }

    private static let interval = Duration.milliseconds(400)
}
