import AgentProtocol

/// What the holder does for one instance: a network of its own, its overlays, then bubblewrap.
struct LaunchRequest: Sendable, Equatable {
    /// Counts from 1: the `n` of `algo-n` and of its address.
    var index: Int
    /// Directory of the instance: what a person who looks at the processes of this machine knows it by.
    var directory: String
    var overlays: [Overlay]
    /// Where the last of the detached mounts are attached, in their order: directories that are there.
    var attachments: [String] = []
    /// Bubblewrap's absolute path and its arguments.
    var command: [String]

    /// A writable view of files that never change.
    struct Overlay: Sendable, Equatable {
        var lower: String
        var upper: String
        var work: String
        var target: String
    }

    /// The descriptors that travel with the request, in this order; detached mounts may follow.
    enum Attachment: Int, CaseIterable {
        /// This request as records (too long for a message).
        case request
        /// Where bubblewrap and PID 1 complain; becomes their standard output and error.
        case log
        /// Writing `0` here enters the instance's control group; without one it is `/dev/null`.
        case group
        /// PID 1's line to the agent; the first of those that are placed from descriptor 3 on.
        case control
        /// The `EntrySpec` as records: its environment holds secrets, which arguments must not.
        case entry
        /// Where the container's output goes.
        case output
        /// The listening socket of the connector.
        case connector
    }

    /// Room for the descriptors of one request.
    static let mostDescriptors = 32
    /// Where bubblewrap finds the filter of system calls: after what is placed from 3 on.
    static let seccompDescriptor = 3 + Attachment.allCases.count - Attachment.control.rawValue

    var bytes: [UInt8] {
        Records.encode(
            [[String(index), directory], command] + overlays.map { [$0.lower, $0.upper, $0.work, $0.target] }
                + attachments.map { [$0] }
        )
    }

    init(
        index: Int,
        directory: String,
        overlays: [Overlay],
        attachments: [String] = [],
        command: [String]
    ) {
        self.index = index
        self.directory = directory
        self.overlays = overlays
        self.attachments = attachments
        self.command = command
    }

    /// - Throws: `MalformedRecords`.
    init(_ bytes: [UInt8]) throws(MalformedRecords) {
        let records = try Records.decode(bytes)
        guard records.count >= 2, records[0].count == 2, let index = Int(records[0][0]), !records[1].isEmpty,
            records.dropFirst(2).allSatisfy({ $0.count == 4 || $0.count == 1 })
        else { throw MalformedRecords() }
        self.index = index
        directory = records[0][1]
        command = records[1]
        attachments = records.dropFirst(2).filter { $0.count == 1 }.map { $0[0] }
        overlays = records.dropFirst(2).filter { $0.count == 4 }.map {
            Overlay(lower: $0[0], upper: $0[1], work: $0[2], target: $0[3])
        }
    }
}

/// What PID 1 of a sandbox does.
struct EntrySpec: Sendable, Equatable {
    var command: [String]
    /// `NAME=value`.
    var environment: [String]
    var directory: String
    /// CPUs to keep to, and where among this machine's they begin.
    var cpus: Int
    var cpuOffset: Int
    /// Bytes that all processes together may hold; 0 for no limit.
    var memoryLimit: Int
    /// Most processes and threads.
    var processLimit: Int
    /// The ways out; none when isolated.
    var relays: [Relay]
    var streams = Streams.output
    /// Only in a container of an engine's.
    var image: ImagePart?

    /// What PID 1 does for an image that was made for somebody else's platform.
    struct ImagePart: Sendable, Equatable {
        /// Whom the entry process becomes: `USER` of the image, such as `1000`, `app` or `app:staff`; empty for root.
        var user: String
        /// What is that user's while it runs, and afterwards its owner's again.
        var directories: [String]
    }

    /// What the entry process reads and writes.
    enum Streams: String {
        /// Nothing, and the descriptor of the output.
        case output
        /// Three descriptors, or a terminal, that follow on PID 1's line in one message.
        case pipes
        case terminal
    }

    /// A TCP port on the loopback and the unix socket that it is relayed to.
    struct Relay: Sendable, Equatable {
        var port: UInt16
        var socket: String

        /// To the control plane, to the HTTPS proxy, and to the agent for credentials.
        static let toPlatform = [
            Relay(
                port: UInt16(ContainerGateway.port),
                socket: "\(ContainerGateway.directory)/\(ContainerGateway.socketName)"
            ),
            Relay(
                port: UInt16(ContainerGateway.proxyPort),
                socket: "\(ContainerGateway.directory)/\(ContainerGateway.proxySocketName)"
            ),
            Relay(
                port: UInt16(ContainerGateway.credentialsPort),
                socket: "\(ContainerGateway.credentialsDirectory)/\(ContainerGateway.credentialsSocketName)"
            ),
        ]
    }

    var bytes: [UInt8] {
        Records.encode(
            [
                command, environment,
                [directory, String(cpus), String(cpuOffset), String(memoryLimit), String(processLimit)],
                relays.flatMap { [String($0.port), $0.socket] },
            ] + (streams == .output ? [] : [[streams.rawValue]])
                + (image.map { [["image", $0.user] + $0.directories] } ?? [])
        )
    }

    init(
        command: [String],
        environment: [String],
        directory: String,
        cpus: Int,
        cpuOffset: Int,
        memoryLimit: Int,
        processLimit: Int,
        relays: [Relay],
        streams: Streams = .output,
        image: ImagePart? = nil
    ) {
        self.command = command
        self.environment = environment
        self.directory = directory
        self.cpus = cpus
        self.cpuOffset = cpuOffset
        self.memoryLimit = memoryLimit
        self.processLimit = processLimit
        self.relays = relays
        self.streams = streams
        self.image = image
    }

    /// - Throws: `MalformedRecords`.
    init(_ bytes: [UInt8]) throws(MalformedRecords) {
        let records = try Records.decode(bytes)
        guard (4...6).contains(records.count), !records[0].isEmpty, records[2].count == 5,
            let cpus = Int(records[2][1]),
            let cpuOffset = Int(records[2][2]), let memoryLimit = Int(records[2][3]),
            let processLimit = Int(records[2][4])
        else { throw MalformedRecords() }
        // The agent of an endpoint may be of an older version than this program: it says nothing of these.
        for record in records.dropFirst(4) {
            if record.count >= 2, record[0] == "image" {
                image = ImagePart(user: record[1], directories: Array(record.dropFirst(2)))
            } else if let streams = record.first.flatMap({ Streams(rawValue: $0) }) {
                self.streams = streams
            } else {
                throw MalformedRecords()
            }
        }
        command = records[0]
        environment = records[1]
        directory = records[2][0]
        self.cpus = cpus
        self.cpuOffset = cpuOffset
        self.memoryLimit = memoryLimit
        self.processLimit = processLimit
        relays = []
        for start in stride(from: 0, to: records[3].count, by: 2) {
            guard start + 1 < records[3].count, let port = UInt16(records[3][start]) else {
                throw MalformedRecords()
            }
            relays.append(Relay(port: port, socket: records[3][start + 1]))
        }
    }
}

/// What PID 1 says to the agent, one message each.
package enum InitReport: Sendable, Equatable {
    case started
    /// The entry process could not be started: `errno`, and what is seen to be wrong with its file, or nothing.
    case refused(Int32, why: String)
    /// The processes together held this many bytes and were killed for it.
    case outOfMemory(Int)
    /// There were this many processes, more than are allowed, and all were killed for it.
    case tooManyProcesses(Int)
    /// Raw wait status of the entry process.
    case exited(Int32)

    var bytes: [UInt8] {
        switch self {
        case .started: Records.encode([["started"]])
        case .refused(let code, let why): Records.encode([["refused", why, String(code)]])
        case .outOfMemory(let used): Records.encode([["memory", String(used)]])
        case .tooManyProcesses(let count): Records.encode([["processes", String(count)]])
        case .exited(let status): Records.encode([["exited", String(status)]])
        }
    }

    /// `nil` for bytes that are no report.
    init?(_ bytes: [UInt8]) {
        guard let fields = try? Records.decode(bytes).first else { return nil }
        switch (fields.first, fields.last.flatMap { Int($0) }) {
        case ("started", _): self = .started
        case ("refused", let code?):
            self = .refused(Int32(truncatingIfNeeded: code), why: fields.count > 2 ? fields[1] : "")
        case ("memory", let used?): self = .outOfMemory(used)
        case ("processes", let count?): self = .tooManyProcesses(count)
        case ("exited", let status?): self = .exited(Int32(truncatingIfNeeded: status))
        default: return nil
        }
    }
}

/// What the agent asks of PID 1, one byte each.
enum InitOrder: UInt8 {
    /// SIGTERM to the entry process.
    case terminate = 1
    /// SIGKILL to everything.
    case kill = 2
}

/// The addresses of a job's instances.
enum InstanceAddress {
    static let prefixLength: Int32 = 16

    /// All of them and the way out.
    static let network = "10.77.0.0/16"
    /// Where slirp4netns answers: the second address of its network, and the third for names.
    static let gateway: UInt32 = 0x0A4D_0002
    static let nameServer = "10.77.0.3"

    /// IPv4 address of the `index`-th instance (from 1), host byte order: 10.77.x.y from 10.77.1.1 on.
    static func number(_ index: Int) -> UInt32 { 0x0A4D_0100 + UInt32(truncatingIfNeeded: index) & 0xFFFF }

    static func text(_ index: Int) -> String {
        let number = number(index)
        return "10.77.\(number >> 8 & 255).\(number & 255)"
    }

    /// A link-layer address that stays the same when a container starts again, so that no peer remembers a wrong one.
    static func hardware(_ index: Int) -> [UInt8] {
        [2, 0, 10, 77, UInt8(truncatingIfNeeded: index >> 8), UInt8(truncatingIfNeeded: index)]
    }
}
