/// What a container is made of (`POST /containers/create`); names are the API's, see `EngineJSON`.
package struct ContainerRequest: Encodable, Sendable, Equatable {
    package var image: String
    package var hostname: String
    package var user = "0:0"
    package var entrypoint: [String]
    package var cmd: [String] = []
    package var labels: [String: String]
    package var hostConfig: Machine
    package var networkingConfig: Networking?

    package init(
        image: String,
        hostname: String,
        entrypoint: [String],
        labels: [String: String],
        host: Machine,
        networking: Networking?
    ) {
        self.image = image
        self.hostname = hostname
        self.entrypoint = entrypoint
        self.labels = labels
        hostConfig = host
        networkingConfig = networking
    }

    /// What the container gets of its machine.
    package struct Machine: Encodable, Sendable, Equatable {
        /// `source:target:options`.
        package var binds: [String]
        package var networkMode: String
        /// `name:address`.
        package var extraHosts: [String] = []
        package var autoRemove = true
        /// The process that waits for orders is the container's first: a second one would hide its signals.
        package var `init` = false
        /// Bytes that `/dev/shm` may hold.
        package var shmSize: Int
        /// Bytes that all its processes and files in memory may take.
        package var memory: Int
        /// Bytes of memory and swap together.
        package var memorySwap: Int
        /// Processor time, in billionths of a processor: 1 500 000 000 is one and a half.
        package var nanoCpus: Int
        /// How many processes and threads there may be.
        package var pidsLimit: Int
        package var devices: [Device] = []
        package var deviceRequests: [DeviceRequest] = []
        /// The sockets that are shown belong to processes outside, which SELinux's label would forbid.
        package var securityOpt = ["label=disable"]

        package init(
            binds: [String],
            network: String,
            shm: Int,
            memory: Int,
            nanoCPUs: Int,
            pids: Int
        ) {
            self.binds = binds
            networkMode = network
            shmSize = shm
            self.memory = memory
            // Without swap a job ends when its memory does, instead of becoming slow.
            memorySwap = memory
            nanoCpus = nanoCPUs
            pidsLimit = pids
        }
    }

    package struct Device: Encodable, Sendable, Equatable {
        package var pathOnHost: String
        package var pathInContainer: String
        package var cgroupPermissions = "rwm"

        package init(_ path: String) { (pathOnHost, pathInContainer) = (path, path) }
    }

    package struct DeviceRequest: Encodable, Sendable, Equatable {
        package var driver: String
        package var deviceIDs: [String]
        package var capabilities: [[String]]

        package init(driver: String, ids: [String], capabilities: [[String]]) {
            self.driver = driver
            deviceIDs = ids
            self.capabilities = capabilities
        }
    }

    package struct Networking: Encodable, Sendable, Equatable {
        package var endpointsConfig: [String: Endpoint]

        package init(network: String, address: String, aliases: [String]) {
            endpointsConfig = [
                network: Endpoint(ipamConfig: .init(ipv4Address: address), aliases: aliases)
            ]
        }

        package struct Endpoint: Encodable, Sendable, Equatable {
            package var ipamConfig: Address
            package var aliases: [String]
        }

        package struct Address: Encodable, Sendable, Equatable {
            package var ipv4Address: String
        }
    }
}
