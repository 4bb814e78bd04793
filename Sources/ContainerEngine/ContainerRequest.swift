/// What a container is made of (`POST /containers/create`); names are the API's.
package struct ContainerRequest: Encodable, Sendable, Equatable {
    package var Image: String
    package var Hostname: String
    package var User = "0:0"
    package var Entrypoint: [String]
    package var Cmd: [String] = []
    package var Labels: [String: String]
    package var HostConfig: Machine
    package var NetworkingConfig: Networking?

    package init(
        image: String,
        hostname: String,
        entrypoint: [String],
        labels: [String: String],
        host: Machine,
        networking: Networking?
    ) {
        Image = image
        Hostname = hostname
        Entrypoint = entrypoint
        Labels = labels
        HostConfig = host
        NetworkingConfig = networking
    }

    /// What the container gets of its machine.
    package struct Machine: Encodable, Sendable, Equatable {
        /// `source:target:options`.
        package var Binds: [String]
        package var NetworkMode: String
        /// `name:address`.
        package var ExtraHosts: [String] = []
        package var AutoRemove = true
        /// The process that waits for orders is the container's first: a second one would hide its signals.
        package var Init = false
        package var ShmSize: Int
        package var Memory: Int
        package var MemorySwap: Int
        package var NanoCpus: Int
        package var PidsLimit: Int
        package var Devices: [Device] = []
        package var DeviceRequests: [DeviceRequest] = []
        /// The sockets that are shown belong to processes outside, which SELinux's label would forbid.
        package var SecurityOpt = ["label=disable"]

        package init(
            binds: [String],
            network: String,
            shm: Int,
            memory: Int,
            nanoCPUs: Int,
            pids: Int
        ) {
            Binds = binds
            NetworkMode = network
            ShmSize = shm
            Memory = memory
            // Without swap a job ends when its memory does, instead of becoming slow.
            MemorySwap = memory
            NanoCpus = nanoCPUs
            PidsLimit = pids
        }
    }

    package struct Device: Encodable, Sendable, Equatable {
        package var PathOnHost: String
        package var PathInContainer: String
        package var CgroupPermissions = "rwm"

        package init(_ path: String) { (PathOnHost, PathInContainer) = (path, path) }
    }

    package struct DeviceRequest: Encodable, Sendable, Equatable {
        package var Driver: String
        package var DeviceIDs: [String]
        package var Capabilities: [[String]]

        package init(driver: String, ids: [String], capabilities: [[String]]) {
            (Driver, DeviceIDs, Capabilities) = (driver, ids, capabilities)
        }
    }

    package struct Networking: Encodable, Sendable, Equatable {
        package var EndpointsConfig: [String: Endpoint]

        package init(network: String, address: String, aliases: [String]) {
            EndpointsConfig = [
                network: Endpoint(IPAMConfig: .init(IPv4Address: address), Aliases: aliases)
            ]
        }

        package struct Endpoint: Encodable, Sendable, Equatable {
            package var IPAMConfig: Address
            package var Aliases: [String]
        }

        package struct Address: Encodable, Sendable, Equatable {
            package var IPv4Address: String
        }
    }
}
