import AWSWire
import AsyncHTTPClient
import ControlPlane
import Foundation
import NIOCore
import Reports
import SageMakerAPI

/// The steps that concern `serve`.
struct LintHosting {
    let subject: LintSubject
    let stage: LintStage
    /// ARN.
    let role: String
    /// S3 address of what is served; `nil` for an image that brings everything itself.
    let model: String?

    static let serves = "`serve` listens on port 8080 and answers /ping with 200"
    static let readOnly = "`serve` gets on with a model directory that it cannot write"
    static let answers = "`serve` answers /invocations"
    static let recovers = "`serve` answers again after a crash"
    static let stops = "`serve` ends when it is told to (SIGTERM)"

    /// Seconds that a container has between SIGTERM and SIGKILL.
    private static let grace = 30.0
    private static let interval = Duration.milliseconds(100)
    private static let recoveryLimit = Duration.seconds(120)

    private var name: String { stage.name }
    private var log: LogTail.Source { .endpoint(name, region: stage.client.server.record.region) }

    func run(_ log: inout LintLog) async throws {
        guard try await deploy(&log) else {
            for title in ContainerLint.hosting.dropFirst() {
                log.add(title, .skipped, "Not tried: it did not come into service.")
            }
            return
        }
        try await checkDirectory(&log)
        if try await invoke(&log) {
            try await crash(&log)
        } else {
            log.add(Self.recovers, .skipped, "Not tried: it did not answer before.")
        }
        try await delete(&log)
    }

    private func deploy(_ log: inout LintLog) async throws -> Bool {
        var environment: [String: String]?
        if let script = subject.script {
            environment = [
                "SAGEMAKER_PROGRAM": script.servingEntryPoint,
                "SAGEMAKER_SUBMIT_DIRECTORY": "s3://\(name)/code/sourcedir.tar.gz",
            ]
        }
        _ = try await stage.call(
            SageMaker.CreateModel.self,
            .init(
                modelName: name,
                primaryContainer: .init(image: subject.image, modelDataUrl: model, environment: environment),
                executionRoleArn: role
            )
        )
        _ = try await stage.call(
            SageMaker.CreateEndpointConfig.self,
            .init(
                endpointConfigName: name,
                productionVariants: [
                    .init(
                        variantName: "AllTraffic",
                        modelName: name,
                        initialInstanceCount: 1,
                        instanceType: subject.instanceType,
                        initialVariantWeight: 1,
                        containerStartupHealthCheckTimeoutInSeconds: subject.startLimit
                    )
                ]
            )
        )
        let begin = ContinuousClock.now
        _ = try await stage.call(
            SageMaker.CreateEndpoint.self,
            .init(endpointName: name, endpointConfigName: name)
        )
        while let endpoint = try await stage.client.endpoints(named: name).first {
            switch endpoint.status {
            case "InService":
                let seconds = (ContinuousClock.now - begin).seconds
                log.add(Self.serves, .passed, String(format: "In service after %.1f s.", seconds))
                return true
            case "Failed":
                let reason = endpoint.failureReason ?? ""
                log.add(Self.serves, .failed, try await stage.explained(reason, self.log))
                return false
            default: try await Task.sleep(for: Self.interval)
            }
        }
        log.add(Self.serves, .failed, "Somebody has deleted the endpoint \(name).")
        return false
    }

    private func checkDirectory(_ log: inout LintLog) async throws {
        let lines = try await stage.lines(of: self.log)
        guard let line = lines.last(where: { $0.contains("Read-only file system") }) else {
            return log.add(Self.readOnly, .passed)
        }
        log.add(
            Self.readOnly,
            .failed,
            "It tried to write there: write to /tmp, or change the model before it is packed.\n  \(line)"
        )
    }

    private func invoke(_ log: inout LintLog) async throws -> Bool {
        let begin = ContinuousClock.now
        do {
            let answer = try await ask()
            let time = String(format: "%.0f ms", (ContinuousClock.now - begin).seconds * 1000)
            log.add(Self.answers, .passed, "\(time): \(answer.prefix(100))")
            return true
        } catch let refusal as ServerRefusal {
            let words = refusal.model.map { "HTTP status \($0.status): \($0.message)" } ?? refusal.description
            let advice =
                """
                It was sent \(Units.count(subject.payload.bytes.count, "byte")) of \(subject.payload.contentType); another request is \
                given with --payload FILE --content-type TYPE.
                """
            log.add(
                Self.answers,
                .failed,
                try await stage.explained("\(words.prefix(500))\n\(advice)", self.log)
            )
            return false
        }
    }

    /// The beginning of the model's answer, for a person.
    private func ask() async throws -> String {
        let reply = try await stage.client.send(
            "POST",
            "/endpoints/\(PercentEncoding.encode(name))/invocations",
            service: "sagemaker",
            headers: [("content-type", subject.payload.contentType)],
            body: subject.payload.bytes
        )
        let bytes = Array(try await reply.body.collect(upTo: 64 << 20).readableBytesView)
        return String(decoding: bytes.prefix(200), as: UTF8.self).split(whereSeparator: \.isNewline).joined(
            separator: " "
        )
    }

    private func crash(_ log: inout LintLog) async throws {
        guard let entry = ContainerEntry.process(ofInstance: "e-\(name)-") else {
            return log.add(Self.recovers, .skipped, "Its process was not found on this machine.")
        }
        entry.kill()
        let begin = ContinuousClock.now
        while entry.isAlive, ContinuousClock.now - begin < .seconds(5) {
            try await Task.sleep(for: Self.interval)
        }
        guard !entry.isAlive else {
            return log.add(Self.recovers, .skipped, "This user may not kill its process.")
        }
        while ContinuousClock.now - begin < Self.recoveryLimit {
            do {
                _ = try await ask()
                let seconds = (ContinuousClock.now - begin).seconds
                return log.add(Self.recovers, .passed, String(format: "After %.1f s.", seconds))
            } catch is ServerRefusal {
                try await Task.sleep(for: Self.interval)
            }
        }
        let reason =
            "It was killed and did not answer again within \(Self.recoveryLimit.components.seconds) s."
        log.add(Self.recovers, .failed, try await stage.explained(reason, self.log))
    }

    private func delete(_ log: inout LintLog) async throws {
        let begin = ContinuousClock.now
        _ = try await stage.call(SageMaker.DeleteEndpoint.self, .init(endpointName: name))
        while try await !stage.client.endpoints(named: name).isEmpty {
            try await Task.sleep(for: Self.interval)
        }
        let seconds = (ContinuousClock.now - begin).seconds
        guard seconds < Self.grace else {
            return log.add(
                Self.stops,
                .failed,
                """
                It took no notice for \(Int(Self.grace)) s and was killed: whoever waits for its last answers waits as \
                long. Its entry process must react to SIGTERM; a shell script hands it on with `exec`.
                """
            )
        }
        log.add(Self.stops, .passed, String(format: "It ended %.1f s after SIGTERM.", seconds))
    }
}
