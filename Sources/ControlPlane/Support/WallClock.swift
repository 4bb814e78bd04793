import Foundation

/// The time of day that everything stored carries.
package enum WallClock {
    /// Seconds since 1970, in whole milliseconds.
    ///
    /// No answer shows more, and a filter with a time taken from one has to compare equal with what is stored.
    package static func now() -> Double { (Date.now.timeIntervalSince1970 * 1000).rounded(.down) / 1000 }
}
