import Estimators
import FoundationEssentials
import HTTPServing
import Logging
import ServiceLifecycle
import UnixSignals

/// `clary algorithm xgboost serve`: one serving container.
package enum XGBoostServing {
    /// Loads the model below `folders` and answers requests until SIGTERM.
    ///
    /// - Parameters:
    ///   - folders: Nil for what the environment says, which is `/opt/ml`.
    ///   - environment: Of the process.
    ///   - executable: Absolute path of this program, from which the library is looked for.
    ///   - log: Where the container's log lines go.
    ///   - onReady: Called with the port once requests are answered.
    /// - Returns: The process's exit code: 0 after a graceful end, 1 if the model cannot be loaded or the port not be
    ///   listened on.
    @concurrent
    package static func run(
        folders: ContainerFolders? = nil,
        environment: [String: String],
        executable: String,
        log: ContainerLog = .standardOutput,
        onReady: @escaping @Sendable (Int) -> Void = { _ in }
    ) async -> Int32 {
        let folders = folders ?? ContainerFolders(environment: environment)
        let settings = ServingSettings(
            environment: environment,
            processors: ProcessInfo.processInfo.activeProcessorCount
        )
        do {
            let responder = try responder(
                folders: folders,
                environment: environment,
                executable: executable,
                log: log
            )
            let logger = Logger(label: "serve") { _ in ContainerLogHandler(log: log) }
            let server = HTTPServer(
                address: .tcp(host: "0.0.0.0", port: settings.port),
                responder: responder,
                onReady: { address in
                    log.info("Serving on port \(address.port ?? settings.port)")
                    onReady(address.port ?? settings.port)
                },
                logger: logger
            )
            let group = ServiceGroup(
                configuration: .init(
                    services: [server],
                    gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: logger
                )
            )
            try await group.run()
            return 0
        } catch {
            log.error("\(error)")
            return 1
        }
    }

    /// The HTTP interface without a server.
    ///
    /// - Throws: What is wrong with the library or the model, in words.
    package static func responder(
        folders: ContainerFolders,
        environment: [String: String],
        executable: String,
        log: ContainerLog
    ) throws -> XGBoostResponder {
        let settings = ServingSettings(
            environment: environment,
            processors: ProcessInfo.processInfo.activeProcessorCount
        )
        let library = try XGBoostLibrary.load(
            from: XGBoostLibrary.candidates(environment: environment, executable: executable)
        )
        try XGBoostLibrary.log { log.line($0) }
        let model = try ServedModel.load(from: folders.model, isEnsemble: settings.isEnsemble)
        log.info("Loaded the model (\(model.objective)) with XGBoost \(library.version)")
        return XGBoostResponder(model: model, settings: settings)
    }
}

/// Hands the server's log to the container's.
private struct ContainerLogHandler: LogHandler {
    let log: ContainerLog
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .warning

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        log.warning("\(event.message)" + details.map { " \($0.key)=\($0.value)" }.joined())
    }
}
