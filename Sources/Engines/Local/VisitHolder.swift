package import AgentProtocol

/// The holder of namespaces for one visit to an instance that was kept.
package enum VisitHolder {
    /// Starts it; it ends with the visit.
    ///
    /// - Parameters:
    ///   - directory: The instance's.
    ///   - fleet: The socket of the instance's own holder, which says which user it was.
    ///   - network: What it could reach.
    ///   - executable: The product's own binary.
    /// - Throws: `EngineError.failed` with what this machine refuses.
    package static func start(
        for directory: String,
        of fleet: String,
        network: NetworkAccess,
        executable: String
    ) throws(EngineError) {
        let paths = InstancePaths(directory)
        _ = try BackgroundProcess.launch(
            executable,
            [
                "holder", "--socket", paths.visit, "--fleet", fleet, "--instances", "1",
                "--network", network.rawValue, "--log", paths.visitLog,
            ],
            errors: paths.visitLog
        )
    }
}
