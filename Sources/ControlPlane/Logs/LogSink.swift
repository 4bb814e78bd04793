package import AgentProtocol
package import Resources
package import Store

/// Keeps what agents send: lines in the instance's log stream, samples under its job.
package struct LogSink: TelemetrySink {
    private let database: LogDatabase
    private let now: @Sendable () -> Double

    package init(
        database: LogDatabase,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.database = database
        self.now = now
    }

    package func append(_ batch: TelemetryBatch, from instance: InstanceRecord) async throws {
        if !batch.lines.isEmpty {
            try await database.append(
                group: instance.log.group,
                stream: instance.log.stream,
                scope: instance.scope,
                lines: batch.lines.map { LogRecord(timeMS: $0.timestampMS, message: $0.text) },
                nowMS: Int(now() * 1000)
            )
        }
        try await database.appendSamples(
            batch.samples.map { StoredSample(name: $0.name, time: $0.time, value: $0.value) },
            job: instance.log.metricsOf,
            scope: instance.scope
        )
    }

    package func open(_ log: LogTarget, in scope: Scope) async throws {
        try await database.append(
            group: log.group,
            stream: log.stream,
            scope: scope,
            lines: [],
            nowMS: Int(now() * 1000)
        )
    }

    package func finalSamples(of job: String, in scope: Scope) async throws -> [MetricSample] {
        try await database.lastSamples(job: job, scope: scope)
            .map { MetricSample(name: $0.name, value: $0.value, time: $0.time) }
    }

    package func forgetSamples(of job: String, in scope: Scope) async throws {
        try await database.deleteSamples(job: job, scope: scope)
    }
}
