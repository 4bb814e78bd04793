import GRDB
package import Resources

/// One value of a metric of a job.
package struct StoredSample: Sendable, Equatable {
    package let name: String
    /// Seconds since the epoch.
    package let time: Double
    package let value: Double

    package init(name: String, time: Double, value: Double) {
        self.name = name
        self.time = time
        self.value = value
    }
}

extension LogDatabase {
    /// Stores samples of a job.
    ///
    /// Values that are not finite are left out: neither JSON nor an average has them.
    package func appendSamples(_ samples: [StoredSample], job: String, scope: Scope) async throws {
        let finite = samples.filter { $0.value.isFinite }
        guard !finite.isEmpty else { return }
        try await write { database in
            let statement = try database.cachedStatement(
                sql:
                    "INSERT INTO metric_sample (account, region, job, name, time, value) VALUES (?, ?, ?, ?, ?, ?)"
            )
            for sample in finite {
                try statement.execute(arguments: [
                    scope.account.description, scope.region.description, job, sample.name, sample.time,
                    sample.value,
                ])
            }
        }
    }

    /// The samples of a job, all or those of one metric, by name, then time, then arrival.
    package func samples(job: String, scope: Scope, name: String? = nil) async throws -> [StoredSample] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT name, time, value FROM metric_sample
                    WHERE account = ?1 AND region = ?2 AND job = ?3 AND (?4 IS NULL OR name = ?4)
                    ORDER BY name, time, id
                    """,
                arguments: [scope.account.description, scope.region.description, job, name]
            ).map { StoredSample(name: $0["name"], time: $0["time"], value: $0["value"]) }
        }
    }

    /// The last sample of each metric of a job, by name.
    package func lastSamples(job: String, scope: Scope) async throws -> [StoredSample] {
        var last: [StoredSample] = []
        for sample in try await samples(job: job, scope: scope) {
            if last.last?.name == sample.name { last.removeLast() }
            last.append(sample)
        }
        return last
    }

    /// Forgets the samples of a job, so that a later one of that name begins without any.
    package func deleteSamples(job: String, scope: Scope) async throws {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM metric_sample WHERE account = ? AND region = ? AND job = ?",
                arguments: [scope.account.description, scope.region.description, job]
            )
        }
    }
}
