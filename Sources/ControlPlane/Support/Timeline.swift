/// The times that something in flight is stamped with.
///
/// They follow the wall clock for as long as that goes on with time; when somebody sets it, they go on with time. So a
/// job becomes neither longer nor shorter by a clock that jumps, and its history never runs backwards.
package struct Timeline: Sendable {
    /// The last stamp, and when it was given by a clock that nobody sets; `nil` before the first of this process.
    private var last: (stamp: Double, instant: ContinuousClock.Instant)?
    private let begin: Double

    /// Seconds by which the wall clock may differ from what has passed: corrections of a clock that is kept right.
    private static let tolerance = 2.0

    /// - Parameter begin: The latest stamp that there is already, in seconds since 1970.
    package init(after begin: Double) { self.begin = begin }

    /// The time to write down now.
    ///
    /// - Parameters:
    ///   - wall: Seconds since 1970 as the machine has it.
    ///   - instant: Now.
    /// - Returns: Seconds since 1970, in whole milliseconds, never before the last one.
    package mutating func stamp(_ wall: Double, at instant: ContinuousClock.Instant = .now) -> Double {
        var stamp = max(begin, wall)
        if let last {
            let expected = last.stamp + (instant - last.instant) / .seconds(1)
            stamp = abs(wall - expected) <= Self.tolerance ? max(last.stamp, wall) : expected
        }
        // In whole milliseconds, as everything that is stored.
        stamp = (stamp * 1000).rounded() / 1000
        last = (stamp, instant)
        return stamp
    }
}
