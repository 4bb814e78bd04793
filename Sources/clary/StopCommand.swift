import ArgumentParser
import ControlPlane
import Foundation
import Reports
import SageMakerAPI

/// `clary stop`: ends a training job or an endpoint.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop a training job or delete an endpoint.",
        discussion: """
            A job ends as by StopTrainingJob: its container gets SIGTERM and, if it has not ended after two minutes, \
            SIGKILL; what it left as a model is kept. An endpoint is deleted as by DeleteEndpoint; its model and its \
            configuration stay. Waits for the end unless --no-wait is given; Ctrl-C only ends the waiting.

            Examples:
              clary stop my-job
              clary stop my-endpoint --no-wait
              clary stop both --endpoint        # where a job and an endpoint have that name
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption
    @OptionGroup var options: SubjectOptions

    @Flag(name: .customLong("no-wait"), help: "Return as soon as it has been told to end.")
    var withoutWaiting = false

    @Argument(help: "Name of a training job or an endpoint.")
    var name: String

    func run() async throws {
        let client = try ServerClient(dataDirectory)
        let found = try await options.find(name, with: client) { subject in
            switch subject {
            case .job(let job): !job.isEnded
            case .endpoint(let endpoint): endpoint.status != "Deleting"
            }
        }
        switch found {
        case nil: throw options.missing(name)
        case .job(let job): try await stop(job, client)
        case .endpoint(let endpoint): try await delete(endpoint, client)
        }
    }

    private func stop(_ job: JobReport, _ client: ServerClient) async throws {
        guard !job.isEnded else {
            return Screen.say("The training job \(job.name) has ended already: \(job.status).")
        }
        do {
            _ = try await client.call(
                SageMaker.StopTrainingJob.self,
                .init(trainingJobName: job.name),
                of: ("sagemaker", SageMaker.targetPrefix),
                region: job.region
            )
        } catch let refusal as ServerRefusal {
            // It may have ended in this very moment.
            guard try await latest(job, client)?.isEnded == true else { throw refusal }
        }
        if withoutWaiting { return Screen.say("The training job \(job.name) has been told to stop.") }
        if !(try await latest(job, client)?.isEnded ?? true) {
            Screen.note("Stopping the training job \(job.name): it has two minutes to end by itself.")
        }
        while true {
            guard let now = try await latest(job, client) else {
                return Screen.say("The training job \(job.name) is gone.")
            }
            if now.isEnded {
                return Screen.say(
                    "The training job \(job.name) ended after \(Units.duration(now.elapsedSeconds)): \(now.status)."
                )
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    private func latest(_ job: JobReport, _ client: ServerClient) async throws -> JobReport? {
        try await client.jobs(named: job.name, limit: 100)
            .first { $0.region == job.region && $0.account == job.account }
    }

    private func delete(_ endpoint: EndpointReport, _ client: ServerClient) async throws {
        if endpoint.status != "Deleting" {
            _ = try await client.call(
                SageMaker.DeleteEndpoint.self,
                .init(endpointName: endpoint.name),
                of: ("sagemaker", SageMaker.targetPrefix),
                region: endpoint.region
            )
        }
        if withoutWaiting { return Screen.say("The endpoint \(endpoint.name) is being deleted.") }
        while try await client.endpoints(named: endpoint.name)
            .contains(where: { $0.region == endpoint.region && $0.created == endpoint.created })
        {
            try await Task.sleep(for: Self.interval)
        }
        Screen.say("The endpoint \(endpoint.name) is deleted.")
    }

    private static let interval = Duration.milliseconds(200)
}
