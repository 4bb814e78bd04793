package import Foundation

/// `GET /_clary/v1/overview`: what a server is, has and does.
package struct PlatformOverview: Codable, Sendable {
    package var server: Server
    package var disk: Disk
    package var machine: Machine
    package var resources: Resources
    package var instances: [Instance]
    /// What is left of instances whose jobs failed; absent from older servers.
    package var kept: [Kept]?
    /// Stored objects that the disk gives back wrong; absent from older servers, and where there are none.
    package var damagedObjects: [String]?

    /// What is left of an instance.
    package struct Kept: Codable, Sendable {
        package var id: String
        /// ARN of its job or endpoint.
        package var owner: String
        /// Of its job or endpoint.
        package var name: String
        package var host: String
        package var region: String
        package var until: Date
    }

    /// The process that answers.
    package struct Server: Codable, Sendable {
        package var version: String
        package var pid: Int32
        /// The process that does the work; `pid` starts it again when it crashes.
        package var workerPid: Int32?
        /// `http://HOST:PORT`.
        package var url: String
        /// SHA-256 of the authority that vouches for the server, `AB:CD:…`; `nil` where it is not Clary's own.
        package var authorityFingerprint: String?
        package var account: String
        package var dataDirectory: String
        package var started: Date
        package var uptimeSeconds: Double
        /// Whether it is ending everything to stop then.
        package var isShuttingDown: Bool
    }

    /// What the data directory takes.
    package struct Disk: Codable, Sendable {
        package var usedBytes: Int
        /// What is free where it lies, for this user.
        package var freeBytes: Int
        /// Whether there were more files than are counted: then it is more than `usedBytes`.
        package var isAtLeast: Bool
        /// Bytes that are free in other directories, by the path of each.
        package var freeElsewhere: [String: Int]?

        package init(usedBytes: Int, freeBytes: Int, isAtLeast: Bool) {
            self.usedBytes = usedBytes
            self.freeBytes = freeBytes
            self.isAtLeast = isAtLeast
        }
    }

    /// The machine, and how much of it instances hold.
    package struct Machine: Codable, Sendable {
        package var cpus: Int
        package var memoryBytes: Int
        package var gpus: Int
        package var reservedCPUs: Double
        package var reservedMemoryBytes: Int
        package var reservedGPUs: Int
    }

    /// How many of what there are, by status where they have one.
    package struct Resources: Codable, Sendable {
        package var trainingJobs: [String: Int]
        package var endpoints: [String: Int]
        package var models: Int
        package var endpointConfigs: Int
    }

    /// An instance that runs.
    package struct Instance: Codable, Sendable {
        package var id: String
        /// ARN of its job or endpoint.
        package var owner: String
        package var region: String
        package var instanceType: String
        package var limit: Share?
        package var reservation: Share?
        package var gpus: [Int]
    }

    /// A part of the machine.
    package struct Share: Codable, Sendable, Equatable {
        package var cpus: Double
        package var memoryBytes: Int

        package init(cpus: Double, memoryBytes: Int) {
            self.cpus = cpus
            self.memoryBytes = memoryBytes
        }
    }
}
