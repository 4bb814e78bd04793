import AWSWire
package import Foundation
package import Logging
import NIOCore
package import ObjectStore
import Policies
import Resources
import ServiceLifecycle

/// Gathers what the access logs of buckets tell, and writes it into the buckets that are to have it.
///
/// A log object is written as soon as its sources have been quiet for some seconds and are used again, after a minute of
/// quiet, or after five minutes of use.
package actor AccessLogs: Service {
    private let store: ObjectStore
    private let logger: Logger
    private let policies = BucketPolicies()
    private let now: @Sendable () -> Date
    private var batches: [Place: Batch] = [:]

    private static let pause = 5.0
    private static let quiet = 60.0
    private static let age = 300.0
    private static let size = 1 << 20

    /// The bucket that lines are about.
    struct Source: Sendable, Hashable {
        let bucket: String
        let account: AccountID
        let region: String
    }

    /// What one object is written for.
    private struct Place: Hashable {
        let target: LoggingTarget
        /// Only where the key names it: else sources with one prefix share their objects.
        let source: Source?
    }

    private struct Batch {
        var lines: [(source: Source, text: String)] = []
        var size = 0
        let began: Date
        var last: Date
    }

    /// - Parameters:
    ///   - store: The objects.
    ///   - logger: Where it is said what could not be written.
    ///   - now: The clock.
    package init(store: ObjectStore, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }) {
        self.store = store
        self.logger = logger
        self.now = now
    }

    package nonisolated func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await Task.sleep(for: .seconds(10)) } catch { break }
                await self.deliver(all: false)
            }
        }
        await deliver(all: true)
    }

    /// Takes the lines of one request; what is due by then is written before it returns.
    func add(_ lines: [String], from source: Source, to target: LoggingTarget) async {
        let place = Place(target: target, source: target.dateSource == nil ? nil : source)
        let moment = now()
        var due: Batch?
        if let batch = batches[place],
            moment.timeIntervalSince(batch.last) >= Self.pause
                || moment.timeIntervalSince(batch.began) >= Self.age || batch.size >= Self.size
        {
            due = batch
            batches[place] = nil
        }
        var batch = batches[place] ?? Batch(began: moment, last: moment)
        batch.last = moment
        for line in lines {
            batch.lines.append((source, line))
            batch.size += line.utf8.count + 1
        }
        batches[place] = batch
        if let due { await deliver(due, place) }
    }

    private func deliver(all: Bool) async {
        let moment = now()
        let due = batches.filter { _, batch in
            all || moment.timeIntervalSince(batch.last) >= Self.quiet
                || moment.timeIntervalSince(batch.began) >= Self.age
        }
        for (place, batch) in due {
            batches[place] = nil
            await deliver(batch, place)
        }
    }

    private func deliver(_ batch: Batch, _ place: Place) async {
        // A bucket that is gone, or that takes no log any more, gets none.
        guard let bucket = try? store.bucket(place.target.bucket) else { return }
        var text = ""
        for (source, line) in batch.lines
        where Self.takes(bucket, place.target.prefix, from: source, policies) {
            text += line + "\n"
        }
        guard !text.isEmpty else { return }
        do {
            var headers = ObjectHeaders()
            headers.contentType = "text/plain"
            var upload = try await store.upload(try key(of: batch, place), in: bucket, headers: headers)
            try await upload.write(ByteBuffer(string: text))
            _ = try await upload.finish()
        } catch {
            logger.error("An access log could not be written into \(bucket.name): \(error)")
        }
    }

    /// `<prefix>2030-01-31-23-59-59-<16 digits>`, after account, region, bucket and day where they are asked for.
    private func key(of batch: Batch, _ place: Place) throws -> ObjectKey {
        let delivery = now()
        let time = CivilTime(delivery)
        let date = [time.year.digits(4), time.month.digits(2), time.day.digits(2)]
        let clock = [time.hour.digits(2), time.minute.digits(2), time.second.digits(2)]
        let random = String(UInt64.random(in: 0 ... .max), radix: 16, uppercase: true)
        let name = (date + clock + [String(repeating: "0", count: 16 - random.utf8.count) + random])
            .joined(separator: "-")
        guard let source = place.source else { return try ObjectKey(place.target.prefix + name) }
        let day = CivilTime(place.target.dateSource == "EventTime" ? batch.began : delivery)
        let folders = [
            source.account.description, source.region, source.bucket, day.year.digits(4),
            day.month.digits(2), day.day.digits(2),
        ]
        return try ObjectKey(place.target.prefix + folders.joined(separator: "/") + "/" + name)
    }

    /// Whether a bucket takes the log of another one: its policy or its access control list must let the log's service
    /// write.
    static func takes(
        _ bucket: Bucket,
        _ prefix: String,
        from source: Source,
        _ policies: BucketPolicies
    ) -> Bool {
        let mayWrite = bucket.accessList.grants.contains {
            $0.grantee == AccessList.logDelivery && ["WRITE", "FULL_CONTROL"].contains($0.permission)
        }
        if mayWrite, bucket.ownership != .bucketOwnerEnforced { return true }
        guard let text = bucket.settings["policy"], let policy = try? policies.policy(text) else {
            return false
        }
        let context: [String: [String]] = [
            "aws:sourcearn": [S3Names.bucket(source.bucket)],
            "aws:sourceaccount": [source.account.description, source.account.canonicalID],
        ]
        let request = AccessRequest(
            action: "s3:PutObject",
            resource: S3Names.object(bucket.name, prefix),
            context: RequestContext(context)
        )
        return policy.decide(request, onBehalfOf: .service("logging.s3.amazonaws.com")) == .allowed
    }
}
