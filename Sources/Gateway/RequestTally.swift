import Synchronization

/// What was answered so far, by service, operation and status: for the page that Prometheus reads.
///
/// Operations are only those that a service offers, so that no client can make the tally grow.
package final class RequestTally: Sendable {
    /// Requests of one service and operation.
    package struct Series: Sendable, Hashable {
        package let service: String
        package let operation: String

        package init(service: String, operation: String) {
            self.service = service
            self.operation = operation
        }
    }

    /// What came of the requests of a series.
    package struct Figures: Sendable, Equatable {
        /// How many were answered with each HTTP status.
        package fileprivate(set) var statuses: [Int: Int] = [:]
        /// How many took no longer than each of `RequestTally.bounds` and longer than the one before; the last
        /// number is of those that took longer than all.
        package fileprivate(set) var buckets = [Int](repeating: 0, count: RequestTally.bounds.count + 1)
        package fileprivate(set) var totalSeconds = 0.0

        package var count: Int { buckets.reduce(0, +) }
    }

    /// Limits of the histogram in seconds.
    package static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

    private let series = Mutex<[Series: Figures]>([:])

    package init() {}

    /// Notes an answer.
    ///
    /// - Parameters:
    ///   - name: Whose operation it was.
    ///   - status: HTTP status.
    ///   - duration: From the head of the request to the head of the reply.
    package func add(_ name: Series, status: Int, duration: Duration) {
        let seconds = duration / .seconds(1)
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        series.withLock { series in
            series[name, default: Figures()].statuses[status, default: 0] += 1
            series[name, default: Figures()].buckets[bucket] += 1
            series[name, default: Figures()].totalSeconds += seconds
        }
    }

    /// Everything noted, in the order of the names.
    package func snapshot() -> [(series: Series, figures: Figures)] {
        series.withLock { $0 }
            .sorted { ($0.key.service, $0.key.operation) < ($1.key.service, $1.key.operation) }
            .map { (series: $0.key, figures: $0.value) }
    }
}
