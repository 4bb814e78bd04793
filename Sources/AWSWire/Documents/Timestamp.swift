package import Foundation

/// A point in time on the wire.
///
/// JSON carries epoch seconds with a fraction, XML and query ISO 8601.
package struct Timestamp: Hashable, Sendable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    package let seconds: Double

    package init(seconds: Double) { self.seconds = seconds }
    package init(_ date: Date) { seconds = (date.timeIntervalSince1970 * 1000).rounded() / 1000 }

    package var date: Date { Date(timeIntervalSince1970: seconds) }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }
}
