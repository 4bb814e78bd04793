import AWSWire
import AsyncHTTPClient
import ControlPlane
import Engines
import ExternalStore
import Foundation
import Gateway
import NIOCore
import NIOPosix
import Resources
import SageMakerAPI
import Store
import TeamAccess

/// Services and clients that are made of what is there.
extension PlatformParts {
    static let invocations = RequestTally.Series(
        service: "sagemaker-runtime",
        operation: "InvokeEndpoint"
    )

    static func externalStore(_ options: Platform.Options, http: HTTPClient?) -> ExternalStore? {
        guard let target = options.externalS3, let http else { return nil }
        return ExternalStore(endpoint: target.endpoint, key: target.key, http: http)
    }

    static func outboundClient() -> HTTPClient {
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

    static func sageMaker(
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

    static func reporter(
        _ options: Platform.Options,
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
}
