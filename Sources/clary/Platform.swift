import AWSWire
import Agent
import AgentProtocol
import AlgorithmContainer
import AsyncHTTPClient
import ContainerEngine
import ControlPlane
import Engines
import Environments
import Estimators
import ExternalStore
import Foundation
import Gateway
import HTTPServing
import Images
import Logging
import NIOCore
import NIOPosix
import ObjectStore
import ParquetBridge
import Proxy
import Resources
import Router
import SageMakerAPI
import ServiceLifecycle
import Store
import TeamAccess
import UnixSignals

/// Wires the parts of the control plane together and runs them.
enum Platform {
    /// What `clary serve` was told.
    struct Options: Sendable {
        let dataDirectory: String
        let reach: ServerReach
        let port: Int
        let account: AccountID
        let hasProxy: Bool
        let webhooks: [String]
        /// Bytes of the disk that jobs and uploads leave free; `nil` for the usual share.
        let diskReserve: Int?
        /// How long instances go on without a server.
        let orphanTimeout: Duration
        /// Seconds that what is left of a failed instance is kept; `nil` for not at all.
        let keepsFailedFor: Double?
        /// Another S3 in the place of the embedded object store.
        let externalS3: ExternalS3Options.Target?
        /// Directories of this machine that jobs may read, or write.
        let openDirectories: OpenDirectories
        /// Other places for the objects of some buckets.
        let bucketDirectories: [BucketDirectory]
        /// Where Python environments are; `nil` for the data directory.
        let environmentDirectory: String?
        /// What makes containers; the socket is that of an engine.
        let runtime: ContainerRuntimes.Choice
        let engineSocket: String?
        /// Address of the registry behind the hosts of Amazon's.
        let registry: String?
    }

    /// Runs until a signal ends it.
    static func run(_ options: Options) async throws {
        let link = KeeperLink.current
        link?.followKeeper()
        if let host = link?.host(of: .server) { try options.reach.check(socketBoundTo: host) }
        let directory = try DataDirectory.take(options.dataDirectory)
        ControlGroupTree().prepare(processes: ExecutablePath.ownProcesses)
        let tls = try ServerTLS(options.reach, dataDirectory: options.dataDirectory)
        let announcement = ServerAnnouncement(options: options, tls: tls)
        let parts = try await Parts(options, tls: tls, announcement: announcement)
        try await parts.recover()
        let router = parts.router
        var encryption: (@Sendable () throws -> any ChannelHandler)?
        if let tls { encryption = { try tls.handler() } }
        let tcp = HTTPServer(
            address: .tcp(host: options.reach.host, port: options.port),
            responder: parts.gateway,
            channelHandlers: { [router.makeHandler()] },
            encryption: encryption,
            inherited: link?.socket(.server),
            onListening: { link?.keep($0, as: .server) },
            onReady: { announcement.portIsOpen($0) },
            logger: parts.logger
        )
        let socketPath = "\(options.dataDirectory)/gateway/\(ContainerGateway.socketName)"
        let unix = HTTPServer(
            address: .unix(path: socketPath),
            responder: parts.gateway,
            channelHandlers: { [router.makeHandler()] },
            inherited: link?.socket(.gateway),
            onListening: { link?.keep($0, as: .gateway) },
            logger: parts.logger
        )
        var services: [any Service] = [
            unix, tcp, parts.work, parts.watch, parts.webhooks, parts.pruner, parts.kept, parts.lifecycle,
            parts.scrubber, parts.damage, parts.accessLogs, parts.sweeper,
        ]
        services.append(ProxyHost(options: options, announcement: announcement, logger: parts.logger))
        // It logs whole services: their descriptions fill pages.
        var lifecycle = parts.logger
        lifecycle.logLevel = max(lifecycle.logLevel, .warning)
        let group = ServiceGroup(
            configuration: .init(
                // Once it has ended everything, the rest may go.
                services: [
                    .init(service: parts.shutdown, successTerminationBehavior: .gracefullyShutdownGroup)
                ] + services.map { .init(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: lifecycle
            )
        )
        try await group.run()
        try await parts.outbound?.shutdown()
        try await parts.engineClient.shutdown()
        announcement.withdraw()
        _ = consume directory
    }

    /// Everything that is made before the first request.
    private struct Parts {
        let logger = Logger(label: "clary")
        let gateway: Gateway
        let router: InferenceRouter
        let work = BackgroundWork()
        let watch: LivenessWatch
        let webhooks: Webhooks
        let pruner: LogPruner
        let shutdown: Shutdown
        let kept: KeptInstances
        /// Makes the calls to container engines.
        let engineClient = Self.outboundClient()
        /// Makes the calls to another S3; `nil` without one.
        let outbound: HTTPClient?
        let lifecycle: LifecycleRunner
        let scrubber: Scrubber
        let damage: DamageWatch
        let accessLogs: AccessLogs
        let sweeper: EnvironmentSweeper
        private let database: StateDatabase
        private let engine: LocalEngine
        private let training: TrainingSupervisor
        private let hosting: EndpointSupervisor

        init(_ options: Options, tls: ServerTLS?, announcement: ServerAnnouncement) async throws {
            let root = options.dataDirectory
            database = try StateDatabase(file: root + "/state.sqlite")
            let logs = try LogDatabase(file: root + "/logs.sqlite")
            let identities = try await IdentityStore.open(
                database: database,
                account: options.account,
                credentialsFile: root + "/credentials.json"
            )
            let (findings, finding) = AsyncStream.makeStream(
                of: Void.self,
                bufferingPolicy: .bufferingNewest(1)
            )
            let objects = try ObjectStore(
                root: root + "/objects",
                directories: options.bucketDirectories,
                reserve: { DiskReserve(path: $0, asked: options.diskReserve).bytes },
                onDamage: { [logger] damage in
                    logger.error(
                        "A stored object is damaged: \(damage.object). \(damage.reason)",
                        metadata: ["file": "\(damage.path)"]
                    )
                    finding.yield()
                }
            )
            damage = DamageWatch(
                store: objects,
                history: DamageHistory(database: database) { name in
                    (try? objects.bucket(name)).map { Scope(account: $0.account, region: $0.region) }
                },
                signals: findings,
                logger: logger
            )
            lifecycle = LifecycleRunner(
                store: objects,
                logger: logger,
                // Days that pass in seconds, for tests.
                day: ProcessInfo.processInfo.environment["CLARY_LIFECYCLE_DAY_SECONDS"].flatMap { Double($0) }
                    ?? 86_400
            )
            scrubber = Scrubber(store: objects, logger: logger)
            accessLogs = AccessLogs(store: objects, logger: logger)
            engine = LocalEngine(
                .init(
                    directory: root + "/instances",
                    executable: ExecutablePath.current,
                    addressFile: root + "/address",
                    gatewayDirectory: root + "/gateway",
                    viewDirectories: objects.viewDirectories,
                    orphanTimeout: options.orphanTimeout,
                    http: engineClient,
                    logger: logger
                )
            )
            let registry = InstanceRegistry(endSessions: { [work, identities, logger] keys in
                work.submit {
                    do { try await identities.endSessions(keys) } catch {
                        logger.error("Sessions of an ended instance stay until they expire: \(error)")
                    }
                }
            })
            pruner = LogPruner(database: logs, logger: logger)
            let reserve = DiskReserve(path: root + "/instances", asked: options.diskReserve)
            let sink = LogSink(database: logs)
            outbound = options.externalS3.map { _ in Self.outboundClient() }
            let external = Self.externalStore(options, http: outbound)
            let data = DataCatalogue(
                objects: external ?? EmbeddedCatalogue(store: objects) as any ObjectCatalogue,
                control: identities,
                roles: identities
            )
            let listings = try ChannelListings(directory: root + "/listings")
            let audit = AuditLog(database: try AuditDatabase(file: root + "/audit.sqlite"), logger: logger)
            let gatekeeper = Gatekeeper(
                control: identities,
                trail: audit,
                now: RuntimeAuthorizer.systemSeconds
            )
            let environments = Self.environments(options, logger: logger)
            let runtimes = ContainerRuntimes(
                engine: options.engineSocket.map { [engineClient] in
                    ContainerEngine(socket: $0, http: engineClient)
                },
                choice: options.runtime,
                registry: options.registry
            )
            let images = ImagePreparation(environments: environments, runtimes: runtimes)
            let imagesAPI = ImagesAPI(environments: environments, runtimes: runtimes, database: database)
            sweeper = EnvironmentSweeper(
                environments: environments,
                images: imagesAPI,
                packages: "\(root)/packages",
                logger: logger
            )
            let placement = PlacementQueue(engine: engine) { [reserve] in reserve.isLeft }
            let parts = SupervisorParts(
                database: database,
                data: data,
                listings: listings,
                openDirectories: options.openDirectories,
                engine: engine,
                placement: placement,
                registry: registry,
                telemetry: sink,
                issuer: identities,
                platform: try Self.facts(options, runtimes),
                images: images,
                work: work,
                keepsFailedFor: options.keepsFailedFor,
                logger: logger
            )
            kept = KeptInstances(
                database: database,
                engine: engine,
                hasDisk: { [reserve] in reserve.isLeft },
                logger: logger
            )
            let directory = EndpointDirectory()
            training = TrainingSupervisor(parts: parts)
            hosting = EndpointSupervisor(parts: parts, traffic: RouterTraffic(directory: directory))
            let admission = TrainingAdmission(
                database: database,
                data: data,
                images: images,
                openDirectories: options.openDirectories
            )
            let preflight = Preflight(
                .init(
                    database: database,
                    training: admission,
                    models: ModelAdmission(data: data, images: images),
                    data: data,
                    openDirectories: options.openDirectories,
                    preparation: images,
                    engine: engine,
                    placement: placement,
                    control: identities,
                    algorithm: .init {
                        XGBoostTraining.objection(to: $0, channels: $1, version: $2)
                    },
                    directory: root,
                    freeDisk: { [reserve] in reserve.free }
                )
            )
            let authenticator = Authenticator(credentials: identities)
            let tally = RequestTally()
            router = InferenceRouter(
                directory: directory,
                authorizer: RuntimeAuthorizer(authenticator: authenticator, control: identities),
                onReply: { status, duration in
                    tally.add(Self.invocations, status: status, duration: duration)
                }
            )
            shutdown = Shutdown(
                database: database,
                training: training,
                hosting: hosting,
                kept: kept,
                logger: logger,
                isIdle: { [engine] in await engine.isIdle }
            )
            let api = PlatformAPI(
                authenticator: authenticator,
                gatekeeper: gatekeeper,
                identities: IdentityAPI(identities: identities, audit: audit),
                images: imagesAPI,
                preflight: preflight,
                reporter: try Self.reporter(
                    options,
                    tls: tls,
                    database: database,
                    announcement: announcement
                ),
                placement: placement,
                shutdown: shutdown,
                garbage: GarbageCollector(objects: objects, dataDirectory: root),
                kept: kept,
                scrubber: scrubber,
                dataDirectory: root,
                bucketDirectories: objects.otherDirectories,
                now: { Timestamp(seconds: RuntimeAuthorizer.systemSeconds()) }
            )
            let registryTokens = RegistryTokens()
            let imageRegistry = options.registry.map { [engineClient] in
                LocalRegistry(address: $0, http: engineClient)
            }
            gateway = Gateway(
                platform: PlatformRoutes(
                    agents: AgentRoutes(
                        registry: registry,
                        telemetry: sink,
                        issuer: identities,
                        listings: listings,
                        logger: logger
                    ),
                    api: api,
                    health: PlatformHealth(
                        database: database,
                        tally: tally,
                        placement: placement,
                        shutdown: shutdown,
                        dataDirectory: root,
                        bucketDirectories: objects.otherDirectories,
                        version: ClaryVersion.current,
                        damaged: { objects.knownDamage.count }
                    ),
                    authority: tls?.authority
                ),
                imageRegistry: RegistryFront(registry: imageRegistry, tokens: registryTokens),
                services: [
                    ECRService.make(database: database, tokens: registryTokens, registry: imageRegistry),
                    Self.sageMaker(
                        database: database,
                        admission: admission,
                        images: images,
                        data: data,
                        training: training,
                        hosting: hosting
                    ),
                    STSHandlers(identities: identities).service, IAMService.make(identities: identities),
                    LogsService.make(database: logs, retentionChanged: { [pruner] in pruner.wake() }),
                ],
                s3: external.map { S3Forwarder(store: $0, gatekeeper: gatekeeper) }
                    ?? S3Service(
                        store: objects,
                        gatekeeper: gatekeeper,
                        accounts: { identities.accounts },
                        forms: { claim, requestID, source in
                            authenticator.verify(
                                claim,
                                requestID: requestID,
                                source: source,
                                now: Timestamp(seconds: RuntimeAuthorizer.systemSeconds())
                            )
                        },
                        logs: accessLogs
                    ) as any RawService,
                authenticator: authenticator,
                gatekeeper: gatekeeper,
                logger: logger,
                tally: tally,
                now: { Timestamp(seconds: RuntimeAuthorizer.systemSeconds()) }
            )
            webhooks = Webhooks(addresses: options.webhooks, database: database, logger: logger) {
                try await WebhookClient.post($1, to: $0)
            }
            let (jobs, endpoints) = (training, hosting)
            watch = LivenessWatch(
                engine: engine,
                households: [
                    .init(handles: { await jobs.handles }, lost: { await jobs.instanceWasLost($0) }),
                    .init(
                        handles: { await endpoints.handles },
                        lost: { await endpoints.instanceWasLost($0) }
                    ),
                ]
            )
        }

        private static let invocations = RequestTally.Series(
            service: "sagemaker-runtime",
            operation: "InvokeEndpoint"
        )

        private static func externalStore(_ options: Options, http: HTTPClient?) -> ExternalStore? {
            guard let target = options.externalS3, let http else { return nil }
            return ExternalStore(endpoint: target.endpoint, key: target.key, http: http)
        }

        private static func outboundClient() -> HTTPClient {
            var configuration = HTTPClient.Configuration()
            configuration.httpVersion = .http1Only
            configuration.timeout.connect = .seconds(10)
            // As many as clients may have open here, within reason: a call waits for a connection otherwise.
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
            return HTTPClient(
                eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
                configuration: configuration
            )
        }

        /// Adopts what outlived the last server and ends what nobody owns.
        func recover() async throws {
            let (records, kept) = try database.read {
                (try $0.instances(InstanceRecord.self), try $0.keptInstances().map(\.handle))
            }
            await engine.adopt(records.compactMap(\.handle), keeping: kept)
            try await training.recover(records)
            try await hosting.recover(records)
        }

        private static func sageMaker(
            database: StateDatabase,
            admission: TrainingAdmission,
            images: ImagePreparation,
            data: DataCatalogue,
            training: TrainingSupervisor,
            hosting: EndpointSupervisor
        ) -> TypedService {
            var service = TypedService(
                name: "sagemaker",
                wire: .awsJSON(version: .v11, target: SageMaker.targetPrefix),
                operationNames: SageMaker.operationNames
            )
            TrainingHandlers(
                database: database,
                admission: admission,
                supervisor: training
            )
            .register(in: &service)
            ModelHandlers(database: database, admission: ModelAdmission(data: data, images: images)).register(
                in: &service
            )
            EndpointConfigHandlers(database: database).register(in: &service)
            EndpointHandlers(database: database, supervisor: hosting).register(in: &service)
            TagHandlers(database: database).register(in: &service)
            return service
        }

        private static func reporter(
            _ options: Options,
            tls: ServerTLS?,
            database: StateDatabase,
            announcement: ServerAnnouncement
        ) throws -> PlatformReporter {
            PlatformReporter(
                facts: .init(
                    version: ClaryVersion.current,
                    pid: KeeperLink.serverProcess,
                    workerPID: ProcessInfo.processInfo.processIdentifier,
                    account: options.account.description,
                    dataDirectory: options.dataDirectory,
                    started: Date.now,
                    url: { announcement.url },
                    authorityFingerprint: try tls?.fingerprint?.description
                ),
                database: database,
                machine: .current()
            )
        }

        private static func environments(_ options: Options, logger: Logger) -> EnvironmentStore {
            let environment = ProcessInfo.processInfo.environment
            let indexes = packageIndexes
            return EnvironmentStore(
                directory: options.environmentDirectory ?? "\(options.dataDirectory)/environments",
                installer: PackageInstaller.find(environment: environment, executable: ExecutablePath.current)
                    .map { PackageInstaller(program: $0, indexes: indexes, environment: environment) },
                machine: { HostSurvey.machine(wheelFolders: indexes.folders) },
                logger: logger
            )
        }

        /// Where pip looks for packages on this machine.
        private static var packageIndexes: PackageIndexes {
            let environment = ProcessInfo.processInfo.environment
            return PackageIndexes(
                environment: environment,
                files: HostSurvey.pipConfiguration(environment: environment)
            )
        }

        private static func facts(_ options: Options, _ runtimes: ContainerRuntimes) throws -> PlatformFacts {
            let candidates = XGBoostLibrary.candidates(
                environment: ProcessInfo.processInfo.environment,
                executable: ExecutablePath.current
            )
            return PlatformFacts(
                xgboostLibrary: candidates.first { FileManager.default.fileExists(atPath: $0) },
                parquetFolders: ParquetEnvironment.candidates(
                    environment: ProcessInfo.processInfo.environment,
                    executable: ExecutablePath.current
                ),
                hasProxy: options.hasProxy,
                runtimes: runtimes,
                scripts: ScriptSupport(
                    programs: try RuntimePrograms.install(in: "\(options.dataDirectory)/runtime"),
                    installer: PackageInstaller.find(
                        environment: ProcessInfo.processInfo.environment,
                        executable: ExecutablePath.current
                    ),
                    indexes: packageIndexes,
                    packages: "\(options.dataDirectory)/packages"
                )
            )
        }
    }
}
