import CXGBoost
import Glibc

/// Where the workers of one training find each other; runs on threads of its own until the last one has left.
@safe package struct WorkerTracker: ~Copyable {
    private let handle: cxgb_tracker
    /// TCP port that it listens on.
    package let port: Int

    /// Starts a tracker.
    ///
    /// - Parameters:
    ///   - host: Name or IPv4 address of this host, as the workers know it.
    ///   - workerCount: How many will come; nobody goes on before all are there.
    /// - Throws: `XGBoostError`.
    package init(host: String, workerCount: Int) throws(XGBoostError) {
        var created: cxgb_tracker?
        // Sorted by task: the ranks are those of the tasks' names. Port 0 is any that is free.
        let configuration =
            "{\"dmlc_communicator\":\"rabit\",\"host\":\"\(host)\",\"port\":0,\"n_workers\":\(workerCount),"
            + "\"sortby\":1,\"timeout\":\(WorkerGroup.timeoutSeconds)}"
        try unsafe check(cxgb_tracker_create(configuration, &created))
        guard let created = unsafe created else { throw .library("no tracker was made") }
        do throws(XGBoostError) {
            try unsafe check(cxgb_tracker_run(created, "{}"))
            var arguments: UnsafePointer<CChar>?
            try unsafe check(cxgb_tracker_worker_args(created, &arguments))
            let text = unsafe arguments.map { unsafe String(cString: $0) } ?? ""
            guard let port = Self.port(in: text) else { throw .library("the tracker has no port: \(text)") }
            self.port = port
        } catch {
            // Freeing a tracker waits for workers who will not come; the process ends with this error.
            throw error
        }
        unsafe handle = created
    }

    /// Waits until every worker has left, and frees the tracker.
    ///
    /// Without this call the tracker lives as long as the process: it cannot be freed while somebody is connected.
    package consuming func waitUntilLeft() throws(XGBoostError) {
        try unsafe check(cxgb_tracker_wait(handle, "{}"))
        try unsafe check(cxgb_tracker_free(handle))
    }

    /// The number after `"dmlc_tracker_port":`.
    private static func port(in arguments: String) -> Int? {
        guard let name = arguments.firstRange(of: "\"dmlc_tracker_port\"") else { return nil }
        let rest = arguments[name.upperBound...].drop { !$0.isNumber }
        return Int(rest.prefix(while: \.isNumber))
    }
}

/// The processes that train one model together, each with other rows; or a single one.
///
/// The library ties a group to the thread that joined it: join, train and leave without a suspension between.
/// Every worker must make the same calls in the same order.
package struct WorkerGroup: Sendable {
    /// This worker's place, from 0; the first one speaks for all.
    package let rank: Int
    package let count: Int

    /// A training in one process.
    package static let alone = WorkerGroup(rank: 0, count: 1)

    package var isFirst: Bool { rank == 0 }

    /// 23 days, longer than a job may run.
    ///
    /// In milliseconds it still fits the library's counters. Workers that are lost are noticed by whoever watches over
    /// the hosts, not by a clock.
    static let timeoutSeconds = 2_000_000

    private init(rank: Int, count: Int) {
        self.rank = rank
        self.count = count
    }

    /// Joins the workers that a tracker brings together, on this thread.
    ///
    /// - Parameters:
    ///   - host: Where the tracker runs.
    ///   - port: Of the tracker.
    ///   - place: This worker's rank, the same in every call for this host.
    /// - Returns: When all workers are there.
    /// - Throws: `XGBoostError`.
    package static func join(host: String, port: Int, place: Int) throws(XGBoostError) -> WorkerGroup {
        // The names are compared as texts.
        let digits = String(place)
        let task = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        try unsafe check(
            cxgb_communicator_init(
                "{\"dmlc_communicator\":\"rabit\",\"dmlc_tracker_uri\":\"\(host)\",\"dmlc_tracker_port\":\(port),"
                    + "\"dmlc_task_id\":\"\(task)\",\"dmlc_retry\":10,\"dmlc_timeout_sec\":\(timeoutSeconds)}"
            )
        )
        return WorkerGroup(
            rank: Int(cxgb_communicator_rank()),
            count: Int(cxgb_communicator_world_size())
        )
    }

    /// Leaves the group, once all the work is done.
    package func leave() throws(XGBoostError) {
        guard count > 1 else { return }
        try check(cxgb_communicator_finalize())
    }

    /// Sums of each value over the workers.
    package func sum(_ values: [Double]) throws(XGBoostError) -> [Double] {
        try combined(values, with: .sum)
    }

    /// The greatest of each value among the workers.
    package func maximum(_ values: [Double]) throws(XGBoostError) -> [Double] {
        try combined(values, with: .maximum)
    }

    /// Whether something is so for at least one worker.
    package func any(_ isSo: Bool) throws(XGBoostError) -> Bool {
        guard count > 1 else { return isSo }
        return try maximum([isSo ? 1 : 0]) == [1]
    }

    /// What the first worker has, for all; the others' values are of no matter.
    package func fromFirst(_ bytes: [UInt8]?) throws(XGBoostError) -> [UInt8]? {
        guard count > 1 else { return bytes }
        let own = isFirst ? Double(bytes?.count ?? -1) : -1
        let size = try maximum([own])[0]
        guard size >= 0 else { return nil }
        var shared = isFirst ? bytes ?? [] : [UInt8](repeating: 0, count: Int(size))
        guard !shared.isEmpty else { return shared }
        try unsafe shared.withUnsafeMutableBufferPointer { buffer throws(XGBoostError) in
            try unsafe check(cxgb_communicator_broadcast(buffer.baseAddress, buffer.count, 0))
        }
        return shared
    }

    /// The library's numbers for operations.
    private enum Operation: Int32 {
        case maximum = 0
        case sum = 2
    }

    /// The library's number for float64.
    private static let float64: Int32 = 2

    private func combined(_ values: [Double], with operation: Operation) throws(XGBoostError) -> [Double] {
        guard count > 1, !values.isEmpty else { return values }
        var result = values
        try unsafe result.withUnsafeMutableBufferPointer { buffer throws(XGBoostError) in
            try unsafe check(
                cxgb_communicator_allreduce(
                    buffer.baseAddress,
                    buffer.count,
                    Self.float64,
                    operation.rawValue
                )
            )
        }
        return result
    }
}
