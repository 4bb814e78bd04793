import AWSWire
package import Foundation
package import Logging
package import ObjectStore
import ServiceLifecycle

/// Ends objects, versions and uploads whose time is over by the lifecycle of their bucket.
package struct LifecycleRunner: Service {
    private let store: ObjectStore
    private let logger: Logger
    /// Seconds of a day of the rules; tests have shorter ones.
    private let day: Double
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - store: The objects.
    ///   - logger: Where it is said what went.
    ///   - day: Seconds that the rules' days have.
    ///   - now: The clock.
    package init(
        store: ObjectStore,
        logger: Logger,
        day: Double = 86_400,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.logger = logger
        self.day = day
        self.now = now
    }

    package func run() async throws {
        // Rules are in days: an hour late is early enough.
        let interval = Duration.seconds(min(day / 4, 3600))
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await runOnce()
                do { try await Task.sleep(for: interval) } catch { return }
            }
        }
    }

    /// Goes over all buckets; one that fails does not keep the rest.
    package func runOnce() async {
        for bucket in store.allBuckets {
            guard let rules = bucket.lifecycle?.rules else { continue }
            for rule in rules where rule.isEnabled {
                do { try await apply(rule, to: bucket) } catch {
                    logger.error("The lifecycle rule '\(rule.id)' of \(bucket.name) failed: \(error)")
                }
            }
        }
    }

    private func apply(_ rule: LifecycleRules.Rule, to bucket: Bucket) async throws {
        var count = 0
        if let expiration = rule.expiration { count += try await expire(rule, expiration, bucket) }
        if let days = rule.noncurrentDays {
            let moment = now().addingTimeInterval(-Double(days) * day)
            let due = try await store.replacedVersions(of: bucket, prefix: rule.prefix, before: moment)
                .filter { $0.newer >= rule.noncurrentKept }
                .filter { rule.applies(to: $0.record, tags: $0.record.headers.tags) }
                .map { Deletion($0.record.key, version: $0.record.version) }
            count += try await delete(due, bucket)
        }
        if rule.removesLoneMarkers || rule.expiration != nil, bucket.versioning != .off {
            // With a time of its own, the rule waits for the marker to be of that age too.
            let due = try await store.loneMarkers(of: bucket, prefix: rule.prefix)
                .filter { marker in rule.expiration.map { isOver(marker.modified, $0) } ?? true }
                .map { Deletion($0.key, version: $0.version) }
            count += try await delete(due, bucket)
        }
        if let days = rule.abortDays {
            let moment = now().addingTimeInterval(-Double(days) * day)
            var query = ListQuery(prefix: rule.prefix)
            query.limit = .max
            for upload in try await store.uploads(of: bucket, query, idMarker: nil).uploads
            where upload.created < moment {
                try await store.abort(upload)
                count += 1
            }
        }
        if count > 0 {
            let items = count == 1 ? "1 item" : "\(count) items"
            logger.info("The lifecycle rule '\(rule.id)' of \(bucket.name) ended \(items).")
        }
    }

    private func expire(
        _ rule: LifecycleRules.Rule,
        _ expiration: LifecycleRules.Rule.Moment,
        _ bucket: Bucket
    ) async throws -> Int {
        var count = 0
        var query = ListQuery(prefix: rule.prefix)
        repeat {
            let page = try await store.list(bucket, query)
            var due: [Deletion] = []
            for record in page.objects where isOver(record.modified, expiration) {
                // Listings know no tags.
                let whole = rule.tags.isEmpty ? record : try await store.head(record.key, in: bucket)
                guard rule.applies(to: whole, tags: whole.headers.tags) else { continue }
                // An object that was written again since it was listed is another one.
                due.append(Deletion(record.key, if: .matches([record.eTag])))
            }
            count += try await delete(due, bucket)
            query.startAfter = page.next
        } while query.startAfter != nil
        return count
    }

    private func isOver(_ modified: Date, _ expiration: LifecycleRules.Rule.Moment) -> Bool {
        switch expiration {
        case .date(let date): return date <= now()
        case .days(let days):
            guard day == 86_400 else {
                return modified.addingTimeInterval(Double(days) * day) <= now()
            }
            return LifecycleRules.midnight(after: modified, days: days) <= now()
        }
    }

    /// - Returns: How many went; what is locked stays.
    private func delete(_ due: [Deletion], _ bucket: Bucket) async throws -> Int {
        guard !due.isEmpty else { return 0 }
        return try await store.delete(due, in: bucket).count { if case .success = $0 { true } else { false } }
    }
}
