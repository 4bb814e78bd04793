import AWSWire
import AgentProtocol
import AlgorithmContainer
import AsyncHTTPClient
import ContainerEngine
import ControlPlane
import Engines
import Environments
import ExternalStore
import Foundation
import Gateway
import HTTPServing
import Logging
import ObjectStore
import Resources
import Router
import Store
import TeamAccess

/// Everything that is made before the first request.
struct PlatformParts {
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

    init(_ options: Platform.Options, tls: ServerTLS?, announcement: ServerAnnouncement) async throws {
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
            registry: options.registry,
            logger: logger
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

    /// Adopts what outlived the last server and ends what nobody owns.
    func recover() async throws {
        let (records, kept) = try database.read {
            (try $0.instances(InstanceRecord.self), try $0.keptInstances().map(\.handle))
        }
        await engine.adopt(records.compactMap(\.handle), keeping: kept)
        try await training.recover(records)
        try await hosting.recover(records)
    }
}
