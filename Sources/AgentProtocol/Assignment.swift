package import Resources

/// What one instance has to do: everything an agent needs to make it what the container contract says.
///
/// Fetched once with `GET /_clary/agent/v1/instances/{id}/assignment`.
package struct Assignment: Codable, Sendable {
    package var instance: InstanceID
    package var role: Role
    /// `algo-<n>` of every instance of the job, in order; the first leads.
    package var hosts: [String]
    /// The one that this instance is.
    package var host: String
    package var instanceType: String
    /// What the container runs.
    package var container: ContainerSpec
    package var channels: [Channel]
    /// Files below `/opt/ml`, path relative to it → UTF-8 content (`input/config/hyperparameters.json`, …).
    package var files: [String: String]
    /// A model archive to unpack into `/opt/ml/model` first (hosting).
    package var modelArchive: DataObject?
    package var checkpoint: Checkpoint?
    /// TensorBoard's events; `nil` also in assignments of older versions.
    package var tensorBoard: UploadedDirectory?
    /// Where artifacts go (training); absent in hosting.
    package var artifacts: ArtifactTargets?
    /// How health is judged (hosting); absent in training.
    package var hosting: HostingSpec?
    /// The other containers of a model of several (hosting); `hosts` are the names of all then.
    package var companions: [Companion]?
    package var limits: InstanceLimits
    package var network: NetworkAccess
    /// How the container is stopped and how long it may run.
    package var stopGraceSeconds: Int
    package var maxRuntimeSeconds: Int?
    /// Regular expressions applied to every log line: name → pattern with one capture group.
    package var metricDefinitions: [MetricDefinition]
    /// Signs the agent's own S3 calls with the job's role.
    package var credentials: SessionCredentials
    package var region: Region
    /// Lines that open the log: clamped limits, fields without effect, copies instead of overlays.
    package var notices: [String]

    package init(
        instance: InstanceID,
        role: Role,
        hosts: [String],
        host: String,
        instanceType: String,
        container: ContainerSpec,
        channels: [Channel],
        files: [String: String],
        modelArchive: DataObject?,
        checkpoint: Checkpoint?,
        tensorBoard: UploadedDirectory? = nil,
        artifacts: ArtifactTargets?,
        hosting: HostingSpec? = nil,
        companions: [Companion]? = nil,
        limits: InstanceLimits,
        network: NetworkAccess,
        stopGraceSeconds: Int,
        maxRuntimeSeconds: Int?,
        metricDefinitions: [MetricDefinition],
        credentials: SessionCredentials,
        region: Region,
        notices: [String]
    ) {
        self.instance = instance
        self.role = role
        self.hosts = hosts
        self.host = host
        self.instanceType = instanceType
        self.container = container
        self.channels = channels
        self.files = files
        self.modelArchive = modelArchive
        self.checkpoint = checkpoint
        self.tensorBoard = tensorBoard
        self.artifacts = artifacts
        self.hosting = hosting
        self.companions = companions
        self.limits = limits
        self.network = network
        self.stopGraceSeconds = stopGraceSeconds
        self.maxRuntimeSeconds = maxRuntimeSeconds
        self.metricDefinitions = metricDefinitions
        self.credentials = credentials
        self.region = region
        self.notices = notices
    }

    /// Whether a container engine makes all of its containers.
    package var isOfEngineAlone: Bool {
        ([container] + (companions ?? []).map(\.container)).allSatisfy { $0.image != nil }
    }

    /// Files that are locked, shared, as long as the instance is there (`ContainerSpec.Mount.lease`).
    package var leases: Set<String> {
        Set(([container] + (companions ?? []).map(\.container)).flatMap(\.mounts).compactMap(\.lease))
    }

    /// What kind of container this is.
    package enum Role: String, Codable, Sendable {
        /// Runs once to its end.
        case training
        /// Listens on port 8080 until stopped.
        case hosting
    }
}

/// The identity of one instance of one job or endpoint variant, unique for the life of the platform.
package struct InstanceID: Hashable, Codable, Sendable, CustomStringConvertible {
    package let description: String

    /// - Parameter description: Lower-case letters, digits and hyphens; becomes a directory name.
    package init(_ description: String) { self.description = description }

    package init(from decoder: any Decoder) throws {
        description = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What runs as the container's entry process.
package struct ContainerSpec: Codable, Sendable {
    /// Program (an absolute path inside the sandbox, or a name that `PATH` finds), then arguments.
    package var command: [String]
    /// Everything the process sees; nothing is inherited.
    package var environment: [String: String]
    /// What of this machine is visible besides the standard root: libraries, framework environments, caches.
    package var mounts: [Mount]
    /// Where the process starts.
    package var workingDirectory: String
    /// What a container engine runs; `nil` for a sandbox.
    package var image: OCIImage?

    package init(
        command: [String],
        environment: [String: String],
        mounts: [Mount] = [],
        workingDirectory: String = "/",
        image: OCIImage? = nil
    ) {
        self.command = command
        self.environment = environment
        self.mounts = mounts
        self.workingDirectory = workingDirectory
        self.image = image
    }

    /// One file or directory of this machine at a path inside the sandbox.
    package struct Mount: Codable, Sendable, Equatable {
        /// Absolute path on this machine; the assignment fails if it is not there.
        package var source: String
        /// Absolute path inside the sandbox; not below `/opt/ml`.
        package var target: String
        /// What the container may do there; `nil` for reading, as assignments of older versions say it.
        package var access: Access?
        /// Absolute path of a file on this machine that the agent locks, shared, so that nobody removes the source.
        package var lease: String?

        package init(source: String, target: String, access: Access? = nil, lease: String? = nil) {
            self.source = source
            self.target = target
            self.access = access
            self.lease = lease
        }

        package enum Access: String, Codable, Sendable {
            /// Files that several jobs add to.
            case writing
            /// Files that are each container's own to change: what it writes, no other one sees.
            case layered
        }
    }
}

/// How a hosting container's health is judged.
package struct HostingSpec: Codable, Sendable {
    /// Seconds after the start within which `/ping` must have answered 200.
    package var startupTimeoutSeconds: Int
    /// TCP port on which the container listens.
    package var port: UInt16
    /// Of a model of several containers.
    package var mode: InferenceMode?

    package init(startupTimeoutSeconds: Int = 240, port: UInt16 = 8080, mode: InferenceMode? = nil) {
        self.startupTimeoutSeconds = startupTimeoutSeconds
        self.port = port
        self.mode = mode
    }
}

/// One object that becomes a file, or a part of a pipe.
package struct DataObject: Codable, Sendable {
    package var location: S3Location
    /// Path below the channel's directory; never absolute, never with `..`.
    package var relativePath: String
    /// Bytes.
    package var size: Int
    /// The object's file, where the agent shares a disk with the object store.
    package var nearPath: String?
    /// The object's entity tag, where it is known: what is read later must have the same.
    package var eTag: String?

    package init(
        location: S3Location,
        relativePath: String,
        size: Int,
        nearPath: String?,
        eTag: String? = nil
    ) {
        self.location = location
        self.relativePath = relativePath
        self.size = size
        self.nearPath = nearPath
        self.eTag = eTag
    }
}

/// The checkpoint directory: restored before the start, synchronised while running and once more at the end.
package struct Checkpoint: Codable, Sendable {
    package var location: S3Location
    /// Absolute path inside the container.
    package var localPath: String
    package var existing: [DataObject]

    package init(location: S3Location, localPath: String, existing: [DataObject]) {
        self.location = location
        self.localPath = localPath
        self.existing = existing
    }
}

/// A directory whose files are kept in S3 while the job runs and once more at its end; nothing is restored.
package struct UploadedDirectory: Codable, Sendable {
    package var location: S3Location
    /// Absolute path inside the container.
    package var localPath: String

    package init(location: S3Location, localPath: String) {
        self.location = location
        self.localPath = localPath
    }
}

/// Where the results of a training job go.
package struct ArtifactTargets: Codable, Sendable {
    /// `<S3OutputPath>/<job>/output`.
    package var prefix: S3Location
    package var compression: Compression

    package init(prefix: S3Location, compression: Compression) {
        self.prefix = prefix
        self.compression = compression
    }

    /// `GZIP`: `model.tar.gz` and `output.tar.gz`; `NONE`: single objects below `model/` and `data/`.
    package enum Compression: String, Codable, Sendable {
        case gzip = "GZIP"
        case none = "NONE"
    }
}

/// What an instance may use at most.
package struct InstanceLimits: Codable, Sendable {
    /// CPUs that the container may run on.
    package var cpus: Int
    /// Bytes.
    package var memory: Int
    /// Bytes that the instance may write; `nil` for as much as there is.
    package var volume: Int?

    package init(cpus: Int, memory: Int, volume: Int? = nil) {
        self.cpus = cpus
        self.memory = memory
        self.volume = volume
    }
}

/// What an instance may reach.
package enum NetworkAccess: String, Codable, Sendable {
    /// The peers of its job only.
    case isolated
    /// The platform, and the outside world where the machine has a way to offer it.
    case open
}

/// Where the samples of metrics are in a log line.
package struct MetricDefinition: Codable, Sendable {
    /// The metric's name; with `nil`, the pattern's groups before its last make the name, joined by a colon.
    package var name: String?
    /// Its last group is the value.
    package var regex: String

    package init(name: String?, regex: String) {
        self.name = name
        self.regex = regex
    }
}

/// Temporary credentials of a role session.
package struct SessionCredentials: Codable, Sendable {
    /// Seconds that those of an instance are good for: it is given new ones long before.
    package static let lifetime = 3600

    package var accessKeyID: String
    package var secretAccessKey: String
    package var sessionToken: String
    /// Seconds since the epoch.
    package var expiration: Double

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String, expiration: Double) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}
