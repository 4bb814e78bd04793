package import Foundation
import Synchronization

/// The time by the control plane's clock, by which signatures are judged.
///
/// It is this machine's until the control plane says that it has another one: somebody may set a clock at any time.
package final class ServerClock: Sendable {
    /// Seconds that the control plane is ahead.
    private let offset = Mutex(0.0)
    private let local: @Sendable () -> Date

    package init(local: @escaping @Sendable () -> Date = { Date() }) { self.local = local }

    package var now: Date { local().addingTimeInterval(offset.withLock(\.self)) }

    /// Takes over the time of a reply; what is no date changes nothing.
    ///
    /// - Parameter httpDate: A `Date` header, such as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    package func set(httpDate: String?) {
        let format = Date.ParseStrategy(
            format: """
                \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
                \(second: .twoDigits) GMT
                """,
            locale: Locale(identifier: "en_US_POSIX"),
            timeZone: .gmt
        )
        guard let httpDate, let date = try? Date(httpDate, strategy: format) else { return }
        offset.withLock { $0 = date.timeIntervalSince(local()) }
    }
}
