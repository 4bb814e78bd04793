package import Gateway
package import Logging
package import Store

/// The audit log of the platform.
package struct AuditLog: AuditTrail {
    private let database: AuditDatabase
    private let logger: Logger

    package init(database: AuditDatabase, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    /// Returns when the entry is in the log; one about an object of S3's, of which there may be thousands a second,
    /// follows within moments.
    package func record(_ entry: AuditEntry) async {
        guard !entry.isAboutObject else {
            return database.enqueue(
                time: entry.time,
                principal: entry.principal,
                action: entry.action,
                entry: entry
            ) { [self] in report($0, entry) }
        }
        do {
            try await database.append(
                time: entry.time,
                principal: entry.principal,
                action: entry.action,
                entry: entry
            )
        } catch {
            report(error, entry)
        }
    }

    /// The call is done: its entry must at least be somewhere.
    private func report(_ error: any Error, _ entry: AuditEntry) {
        logger.error(
            "The audit log cannot be written: \(error)",
            metadata: [
                "action": "\(entry.action)", "principal": "\(entry.principal)",
                "resource": "\(entry.resource)", "outcome": "\(entry.outcome)",
                "id": "\(entry.requestID)",
            ]
        )
    }

    /// The newest entries of a filter, oldest first.
    package func entries(_ filter: AuditDatabase.Filter) async throws -> [AuditEntry] {
        try await database.entries(AuditEntry.self, filter)
    }
}
