import AWSWire
import AgentProtocol
import AsyncHTTPClient
import CLinux
import ContainerEngine
import Foundation
import Logging
import NIOCore
import NIOPosix
import ObjectAccess

/// An agent: one instance from its assignment to its last event.
package enum AgentProcess {
    /// Runs the instance that the file describes.
    ///
    /// - Parameters:
    ///   - bootstrapPath: The file.
    ///   - token: The one-time token.
    /// - Returns: Exit code of the process: 0 when the last event was acknowledged, or nobody wants the instance any
    ///   more; 1 if the file cannot be read.
    package static func run(bootstrapPath: String, token: String) async -> Int32 {
        // The reader of a pipe may go at any time.
        signal(SIGPIPE, SIG_IGN)
        var logger = Logger(label: "agent", factory: { StreamLogHandler.standardError(label: $0) })
        let bootstrap: AgentBootstrap
        do {
            bootstrap = try JSONDecoder().decode(
                AgentBootstrap.self,
                from: Data(contentsOf: URL(fileURLWithPath: bootstrapPath))
            )
        } catch {
            logger.critical(
                "cannot read the bootstrap file",
                metadata: ["path": "\(bootstrapPath)", "error": "\(error)"]
            )
            return 1
        }
        logger[metadataKey: "instance"] = "\(bootstrap.instance)"
        let directory = (bootstrapPath as NSString).deletingLastPathComponent
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(2)
        let http = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)),
            configuration: configuration
        )
        let client = ControlPlaneClient(bootstrap: bootstrap, http: http, logger: logger)
        let isKnown = await openSession(client, bootstrap, token: token, logger: logger)
        await run(
            bootstrap,
            paths: InstancePaths(directory),
            assignment: isKnown ? await fetchAssignment(client, logger: logger) : nil,
            client: client,
            http: http,
            logger: logger
        )
        return 0
    }

    private static func run(
        _ bootstrap: AgentBootstrap,
        paths: InstancePaths,
        assignment: Assignment?,
        client: ControlPlaneClient,
        http: HTTPClient,
        logger: Logger
    ) async {
        guard let assignment else {
            logger.error("no assignment: this instance is not wanted")
            // The holder counts the instances that have come and gone.
            close(clx_unix_connect(bootstrap.holderSocket, Int32(SOCK_SEQPACKET.rawValue)))
            remove(paths, bootstrap)
            return
        }
        let orders = Orders()
        let buffer = LogBuffer()
        let events = EventOutbox(client: client, logger: logger)
        let telemetry = TelemetryOutbox(
            buffer: buffer,
            definitions: assignment.metricDefinitions,
            client: client,
            spool: paths.spool,
            logger: logger
        )
        let credentials = JobCredentials(assignment.credentials, client: client, logger: logger)
        let clock = ServerClock()
        let signing: S3Client.Signing = { method, target, host in
            sign(
                method,
                target,
                host,
                with: credentials.latest,
                region: "\(assignment.region)",
                at: clock.now
            )
        }
        let objects = S3Client(
            http: http,
            endpoint: { client.address },
            patience: client.orphanTimeout,
            sign: signing,
            renew: { date in
                clock.set(httpDate: date)
                _ = await credentials.renew()
            }
        )
        let run = InstanceRun(
            instance: InstanceContext(
                assignment: assignment,
                paths: paths,
                orders: orders,
                events: events,
                buffer: buffer,
                logger: logger
            ),
            bootstrap: bootstrap,
            executable: executable,
            http: http,
            objects: objects,
            fetchListing: { try await client.download(.listing, query: "?channel=\($0)", to: $1) },
            credentials: credentials,
            telemetry: telemetry
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await orders.poll(client, logger: logger) }
            group.addTask { await events.run() }
            group.addTask { await telemetry.run() }
            group.addTask { await credentials.keepFresh() }
            await run.run()
            await lastWords(events, orders)
            group.cancelAll()
        }
        if orders.isAbandoned { remove(paths, bootstrap) }
    }

    private static func remove(_ paths: InstancePaths, _ bootstrap: AgentBootstrap) {
        let views = (bootstrap.viewDirectories ?? []).map(paths.view)
        // What a container engine still has for this instance, the next server removes by its marks.
        for path in EngineMark.removable(in: paths.root) + views { clx_remove_tree(path) }
    }

    /// Waits until the events have arrived, or nobody wants them.
    private static func lastWords(_ events: EventOutbox, _ orders: Orders) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await events.drain() }
            group.addTask {
                for await order in orders.stream() {
                    if case .abandoned = order { events.giveUp() }
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Spends the one-time token; false if nobody wants the instance.
    ///
    /// An answer that was lost is asked for again with the same secret, which changes nothing.
    private static func openSession(
        _ client: ControlPlaneClient,
        _ bootstrap: AgentBootstrap,
        token: String,
        logger: Logger
    ) async -> Bool {
        // A server of an older version started this agent and knows no sessions.
        if bootstrap.token != nil { return true }
        var backoff = Backoff()
        while client.silence < client.orphanTimeout {
            switch await client.openSession(token: token) {
            case .document: return true
            case .unknown: return false
            case .conflict:
                logger.critical("somebody else has used the one-time token of this instance")
                return false
            case .away: break
            }
            await backoff.wait()
        }
        return false
    }

    /// `nil` if the control plane does not know the instance, or does not answer for as long as an orphan lives.
    private static func fetchAssignment(_ client: ControlPlaneClient, logger: Logger) async -> Assignment? {
        var backoff = Backoff()
        while client.silence < client.orphanTimeout {
            switch await client.get(.assignment, deadline: .seconds(30)) {
            case .document(let data):
                do {
                    return try JSONDecoder().decode(Assignment.self, from: data)
                } catch {
                    logger.error("unreadable assignment", metadata: ["error": "\(error)"])
                }
            case .unknown: return nil
            case .conflict, .away: break
            }
            await backoff.wait()
        }
        return nil
    }

    /// Absolute path of the running program, or of the one that an upgrade has put in its place.
    private static var executable: String {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        // proc(5): so it is said that the file was replaced.
        let mark = " (deleted)"
        guard let path else { return CommandLine.arguments[0] }
        return path.hasSuffix(mark) ? String(path.dropLast(mark.count)) : path
    }

    /// The headers that make a call of an instance's to the object store a signed one.
    static func sign(
        _ method: String,
        _ target: String,
        _ host: String,
        with credentials: SessionCredentials,
        region: String,
        at time: Date
    ) -> [(name: String, value: String)] {
        let signer = SigV4Signer(
            credential: SigningCredential(
                accessKeyID: credentials.accessKeyID,
                secretAccessKey: credentials.secretAccessKey,
                sessionToken: credentials.sessionToken.isEmpty ? nil : credentials.sessionToken
            ),
            region: region,
            service: "s3"
        )
        return signer.sign(
            method: method,
            target: target,
            headers: [SignedMessage.Header(name: "host", value: host)],
            payloadHash: "UNSIGNED-PAYLOAD",
            now: Timestamp(time)
        ).map { ($0.name, $0.value) }
    }
}
