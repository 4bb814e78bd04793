import AgentProtocol
import Foundation
import Logging

/// Sends log lines and metric samples in numbered batches; what cannot be sent waits on disk.
actor TelemetryOutbox {
    private let buffer: LogBuffer
    private let metrics: MetricExtractor
    private let client: ControlPlaneClient
    private let spool: URL
    private let logger: Logger
    private var sequence = 0
    /// Batches on disk that the control plane has not got, oldest first.
    private var spooled: [URL] = []
    private var spooledBytes = 0

    /// Bytes that may wait on disk.
    private static let mostSpooledBytes = 512 << 20
    /// How long the first line of a batch waits for others.
    private static let gathering = Duration.milliseconds(50)

    init(
        buffer: LogBuffer,
        definitions: [MetricDefinition],
        client: ControlPlaneClient,
        spool: String,
        logger: Logger
    ) {
        self.buffer = buffer
        metrics = MetricExtractor(definitions)
        self.client = client
        self.spool = URL(fileURLWithPath: spool, isDirectory: true)
        self.logger = logger
        for complaint in metrics.complaints { buffer.append("[clary] \(complaint)") }
    }

    /// Sends until cancelled.
    func run() async {
        for await _ in buffer.arrivals {
            if !buffer.isFull { try? await Task.sleep(for: Self.gathering) }
            await send()
            var backoff = Backoff()
            while !spooled.isEmpty, !Task.isCancelled {
                await backoff.wait()
                await send()
            }
        }
    }

    /// Sends what there is now; whether everything arrived.
    @discardableResult
    func flush() async -> Bool {
        await send()
        return spooled.isEmpty && !isSending
    }

    private var isSending = false

    private func send() async {
        // A second caller would overtake the first at an `await`; its lines go with the next batch of the first.
        guard !isSending else { return }
        isSending = true
        defer { isSending = false }
        guard await sendSpooled() else {
            while case let lines = buffer.take(), !lines.isEmpty { keep(batch(of: lines)) }
            return
        }
        while case let lines = buffer.take(), !lines.isEmpty {
            let next = batch(of: lines)
            guard let body = encode(next) else { continue }
            guard await settle(body) else {
                keep(next)
                return
            }
        }
    }

    private func batch(of lines: [LogLine]) -> TelemetryBatch {
        sequence += 1
        return TelemetryBatch(
            sequence: sequence,
            lines: lines,
            samples: lines.flatMap { metrics.samples(in: $0) }
        )
    }

    private func encode(_ batch: TelemetryBatch) -> Data? {
        do {
            return try JSONEncoder().encode(batch)
        } catch {
            logger.error("telemetry cannot be encoded", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Whether the batch needs no further attempt.
    private func settle(_ body: Data) async -> Bool {
        switch await client.post(.telemetry, body) {
        case .document, .conflict, .unknown: true
        case .away: false
        }
    }

    private func sendSpooled() async -> Bool {
        while let oldest = spooled.first {
            do {
                let body = try Data(contentsOf: oldest)
                guard await settle(body) else { return false }
                spooledBytes -= body.count
                try FileManager.default.removeItem(at: oldest)
            } catch {
                logger.error(
                    "a kept batch of telemetry cannot be read or removed",
                    metadata: ["file": "\(oldest.path)", "error": "\(error)"]
                )
            }
            spooled.removeFirst()
        }
        return true
    }

    private func keep(_ batch: TelemetryBatch) {
        guard let body = encode(batch) else { return }
        guard spooledBytes + body.count <= Self.mostSpooledBytes else {
            logger.warning(
                "telemetry dropped: too much waits already",
                metadata: ["batch": "\(batch.sequence)"]
            )
            return
        }
        let file = spool.appendingPathComponent("\(batch.sequence).json")
        do {
            try body.write(to: file)
            spooled.append(file)
            spooledBytes += body.count
        } catch {
            logger.error("telemetry cannot be kept", metadata: ["error": "\(error)"])
        }
    }
}
