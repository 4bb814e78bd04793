/// What an agent tells the control plane, in order; each carries the agent's clock.
package struct InstanceEvent: Codable, Sendable {
    /// Counts from 1 per instance; the control plane ignores a number it has already seen.
    package var sequence: Int
    /// Seconds since the epoch.
    package var time: Double
    package var change: Change

    package init(sequence: Int, time: Double, change: Change) {
        self.sequence = sequence
        self.time = time
        self.change = change
    }

    package enum Change: Codable, Sendable {
        /// Channels or a model are being brought in.
        case downloading
        /// So much of the channels is there; only of long downloads, every few seconds.
        case progress(DownloadProgress)
        /// So many bytes of the image are there; of a pull, every few seconds.
        case pulling(reference: String, bytes: Int, totalBytes: Int)
        /// What the image's name means now.
        case image(reference: String, digest: String)
        /// The container's entry process was started.
        case started
        /// Hosting: `/ping` answered 200 for the first time.
        case ready
        /// The container ended.
        case exited(ContainerExit)
        /// Artifacts are being packed and sent.
        case uploading
        /// Nothing more will come: artifacts are in place and the instance is gone.
        case finished(artifactBytes: Int)
        /// The instance could not do its work, in a person's words: what happened, where, what to do.
        case failed(InstanceFailure)
    }
}

/// How a container ended.
package struct ContainerExit: Codable, Sendable, Equatable {
    /// Exit code 0–255, absent when a signal ended it.
    package var code: Int?
    package var signal: Int?
    /// First 1024 characters of `/opt/ml/output/failure`.
    package var failureText: String?
    /// The last lines of the log that matter (at most 20).
    package var lastLines: [String]
    package var cause: Cause

    package init(code: Int?, signal: Int?, failureText: String?, lastLines: [String], cause: Cause) {
        self.code = code
        self.signal = signal
        self.failureText = failureText
        self.lastLines = lastLines
        self.cause = cause
    }

    package enum Cause: String, Codable, Sendable {
        case itself
        case stopRequested
        case maxRuntime
        case outOfMemory
        case outOfDisk
        case tooManyProcesses
        case peerFailed
    }
}

/// Why an instance gave up.
package struct InstanceFailure: Codable, Sendable, Equatable {
    package var blame: Blame
    package var message: String

    package init(blame: Blame, message: String) {
        self.blame = blame
        self.message = message
    }

    /// Prefix of the FailureReason: `ClientError`, `AlgorithmError` or `InternalServerError`.
    package enum Blame: String, Codable, Sendable {
        case client = "ClientError"
        case algorithm = "AlgorithmError"
        case platform = "InternalServerError"
    }
}

/// Log lines and metric samples, apart from events so that they never delay one.
package struct TelemetryBatch: Codable, Sendable {
    /// Counts from 1 per instance; a number already seen is ignored.
    package var sequence: Int
    package var lines: [LogLine]
    package var samples: [MetricSample]

    package init(sequence: Int, lines: [LogLine], samples: [MetricSample]) {
        self.sequence = sequence
        self.lines = lines
        self.samples = samples
    }
}

/// One line of a container's standard output or error.
package struct LogLine: Codable, Sendable {
    /// Milliseconds since the epoch.
    package var timestampMS: Int
    package var text: String

    package init(timestampMS: Int, text: String) {
        self.timestampMS = timestampMS
        self.text = text
    }
}

/// One value that a metric definition found in a log line.
package struct MetricSample: Codable, Sendable {
    package var name: String
    package var value: Double
    /// Seconds since the epoch.
    package var time: Double

    package init(name: String, value: Double, time: Double) {
        self.name = name
        self.value = value
        self.time = time
    }
}
