package import Foundation
package import Gateway
import Glibc
import SageMakerAPI
package import Store

/// What machines ask about the server: whether it is ready, and its figures for Prometheus.
package struct PlatformHealth: Sendable {
    private let database: StateDatabase
    private let tally: RequestTally
    private let placement: PlacementQueue
    private let shutdown: Shutdown
    private let dataDirectory: String
    private let bucketDirectories: [String]
    private let version: String
    private let started: Date
    private let damaged: @Sendable () -> Int

    /// - Parameters:
    ///   - database: The state.
    ///   - tally: What was answered.
    ///   - placement: Who waits for room.
    ///   - shutdown: Ends everything.
    ///   - dataDirectory: Where free space is measured.
    ///   - bucketDirectories: Other directories with objects.
    ///   - version: Of the program.
    ///   - damaged: How many stored objects the disk gives back wrong.
    ///   - started: When the process began.
    package init(
        database: StateDatabase,
        tally: RequestTally,
        placement: PlacementQueue,
        shutdown: Shutdown,
        dataDirectory: String,
        bucketDirectories: [String] = [],
        version: String,
        damaged: @escaping @Sendable () -> Int = { 0 },
        started: Date = .now
    ) {
        self.database = database
        self.tally = tally
        self.placement = placement
        self.shutdown = shutdown
        self.dataDirectory = dataDirectory
        self.bucketDirectories = bucketDirectories
        self.version = version
        self.started = started
        self.damaged = damaged
    }

    // MARK: Readiness

    /// Why the server should get no calls now; `nil` if it should.
    package func unreadiness() -> String? {
        if shutdown.isUnderWay { return "Clary is shutting down." }
        do {
            _ = try database.read { try $0.instances(InstanceRecord.self).isEmpty }
            return nil
        } catch {
            return "The state cannot be read: \(error)"
        }
    }

    // MARK: Figures

    /// Every figure, in the text format of Prometheus.
    ///
    /// - Throws: What the database says.
    package func metrics() async throws -> String {
        var page = MetricsPage()
        page.begin("clary_info", .gauge, "The program that answers.")
        page.sample("clary_info", ["version": version], 1)
        addRequests(to: &page)
        try addResources(to: &page)
        page.gauge(
            "clary_queue_length",
            "Instances that wait for room on this machine.",
            await placement.places.count
        )
        page.gauge(
            "clary_disk_free_bytes",
            "What is free on the file system of the data directory.",
            DirectorySize.freeBytes(at: dataDirectory)
        )
        page.begin(
            "clary_bucket_directory_free_bytes",
            .gauge,
            "What is free where some buckets have a directory of their own."
        )
        for path in bucketDirectories {
            page.sample(
                "clary_bucket_directory_free_bytes",
                ["path": path],
                DirectorySize.freeBytes(at: path)
            )
        }
        page.gauge(
            "clary_damaged_objects",
            "Stored objects that the disk gives back other than they were written.",
            damaged()
        )
        page.begin("process_resident_memory_bytes", .gauge, "Memory of the control plane's process.")
        page.sample("process_resident_memory_bytes", [:], Self.residentBytes())
        page.begin("process_start_time_seconds", .gauge, "When the process began, in seconds since 1970.")
        page.sample("process_start_time_seconds", [:], started.timeIntervalSince1970)
        return page.text
    }

    private func addRequests(to page: inout MetricsPage) {
        let snapshot = tally.snapshot()
        page.begin("clary_requests_total", .counter, "Requests answered, by HTTP status.")
        for (series, figures) in snapshot {
            for (status, count) in figures.statuses.sorted(by: { $0.key < $1.key }) {
                page.sample(
                    "clary_requests_total",
                    ["service": series.service, "operation": series.operation, "status": String(status)],
                    count
                )
            }
        }
        let name = "clary_request_duration_seconds"
        page.begin(name, .histogram, "From the head of a request to the head of its reply.")
        for (series, figures) in snapshot {
            var count = 0
            for (bound, number) in zip(RequestTally.bounds.map { String($0) } + ["+Inf"], figures.buckets) {
                count += number
                page.sample(
                    name + "_bucket",
                    ["service": series.service, "operation": series.operation, "le": bound],
                    count
                )
            }
            let labels: KeyValuePairs = ["service": series.service, "operation": series.operation]
            page.sample(name + "_sum", labels, figures.totalSeconds)
            page.sample(name + "_count", labels, figures.count)
        }
    }

    private func addResources(to page: inout MetricsPage) throws {
        try database.read { state in
            let jobs = try state.census(TrainingJobRecord.self)
            page.begin("clary_training_jobs", .gauge, "Training jobs, by status.")
            for status in Self.jobStatuses {
                page.sample("clary_training_jobs", ["status": status], jobs[status] ?? 0)
            }
            let endpoints = try state.census(EndpointRecord.self)
            page.begin("clary_endpoints", .gauge, "Endpoints, by status.")
            for status in Self.endpointStatuses {
                page.sample("clary_endpoints", ["status": status], endpoints[status] ?? 0)
            }
            page.gauge(
                "clary_instances",
                "Instances that run.",
                try state.instances(InstanceRecord.self).count { $0.handle != nil }
            )
        }
    }

    /// All of them, so that a series is there before its first job.
    private static let jobStatuses = ["InProgress", "Stopping", "Completed", "Failed", "Stopped"]
    private static let endpointStatuses = ["Creating", "Updating", "InService", "Deleting", "Failed"]

    /// From the kernel's account of this process; 0 where there is none.
    private static func residentBytes() -> Int {
        guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return 0 }
        let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
