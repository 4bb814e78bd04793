package import AgentProtocol

/// Finds room for instances and starts one agent on each: this machine, a cluster's scheduler.
package protocol Engine: Sendable {
    /// Starts every instance of `fleet` together or none.
    ///
    /// - Throws: `EngineError.noRoom` if the fleet has to wait, `.impossible` if it can never run here.
    func start(_ fleet: FleetSpec) async throws(EngineError) -> [InstanceHandle]
    /// Ends the instance's agent and container by force; ending one that is gone is no error.
    func kill(_ instance: InstanceHandle) async throws(EngineError)
    /// Whether the instance's agent still runs.
    func isAlive(_ instance: InstanceHandle) async -> Bool
    /// Frees what the fleet's instances held: directories, namespaces, reservations. Called once each has ended.
    func release(_ instance: InstanceHandle) async throws(EngineError)
    /// Ends the instance's agent and frees what it held of the machine, but keeps its files for visitors; `release`
    /// removes them, and ends a visit.
    func keep(_ instance: InstanceHandle) async throws(EngineError)
    /// Takes instances that outlived the control plane back into the books; every other one that is found
    /// (started just before a crash, or left by one) is ended and removed, but for the files of those that are kept.
    func adopt(_ instances: [InstanceHandle], keeping kept: [InstanceHandle]) async
    /// What an instance of this type gets here, and a sentence for the log where that is less than the type offers.
    ///
    /// - Throws: `EngineError.impossible` if the type is unknown or needs what this machine lacks.
    func limits(of instanceType: String) throws(EngineError) -> (limits: InstanceLimits, notice: String?)
    /// Whether there is room for instances of these types.
    ///
    /// - Throws: `EngineError.impossible` if they would not even fit alone.
    func vacancy(for instanceTypes: [String]) async throws(EngineError) -> Vacancy
}

/// Room for the instances of a fleet.
package struct Vacancy: Sendable, Equatable {
    /// Whether all of them fit beside what runs now.
    package var hasRoom: Bool
    /// How many of the first one's type do.
    package var more: Int
    /// Who holds the room, such as `training job demo-1`.
    package var holders: [String]

    package init(hasRoom: Bool, more: Int, holders: [String]) {
        self.hasRoom = hasRoom
        self.more = more
        self.holders = holders
    }
}

/// The instances of one job or of one variant's scale step.
package struct FleetSpec: Sendable {
    /// Who holds the place, for the queue's explanations: `training job demo-1`.
    package var owner: String
    package var instances: [InstanceSeat]
    package var network: NetworkAccess
    package var runtime: Runtime

    /// What makes the containers.
    package enum Runtime: Sendable {
        /// Namespaces of our own.
        case sandbox
        /// A container engine, which has its own.
        case containerEngine
    }

    package init(
        owner: String,
        instances: [InstanceSeat],
        network: NetworkAccess,
        runtime: Runtime = .sandbox
    ) {
        self.owner = owner
        self.instances = instances
        self.network = network
        self.runtime = runtime
    }
}

/// One instance of a fleet before it starts: its identity and the secret by which its agent will prove it.
package struct InstanceSeat: Sendable {
    package var id: InstanceID
    package var instanceType: String
    /// The one-time token that the agent exchanges for its session; handed over by a descriptor and kept nowhere.
    package var token: String

    package init(id: InstanceID, instanceType: String, token: String) {
        self.id = id
        self.instanceType = instanceType
        self.token = token
    }
}

/// A started instance, serialisable so that it survives the control plane.
package struct InstanceHandle: Codable, Hashable, Sendable {
    package var instance: InstanceID
    package var instanceType: String
    /// Process id of the agent and its start time in clock ticks, so that a recycled id is not mistaken for it.
    package var processID: Int32
    package var processStart: UInt64
    /// The instance's directory on this machine.
    package var directory: String
    /// Who holds the place, as in the fleet's specification.
    package var owner: String
    /// Indices of the GPUs that belong to this instance alone.
    package var gpus: [Int]

    /// Where the router asks for sockets connected to the container's ports (`clx_connect_inside`).
    package var connectorPath: String { InstancePaths(directory).connector }
    /// What the container sees as `/opt/ml`; peers on the same disk collect artifacts from it.
    package var containerDirectory: String { InstancePaths(directory).opt }

    package init(
        instance: InstanceID,
        instanceType: String,
        processID: Int32,
        processStart: UInt64,
        directory: String,
        owner: String,
        gpus: [Int] = []
    ) {
        self.instance = instance
        self.instanceType = instanceType
        self.owner = owner
        self.gpus = gpus
        self.processID = processID
        self.processStart = processStart
        self.directory = directory
    }
}

/// Why a fleet was not started.
package enum EngineError: Error, Equatable {
    /// All places are taken now; `holders` says by whom.
    case noRoom(holders: [String])
    /// The type can never run on this machine; the text says what is missing.
    case impossible(String)
    /// The machine refused: the text says which call and why.
    case failed(String)
}
