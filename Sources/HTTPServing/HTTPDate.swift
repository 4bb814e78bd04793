import Glibc
import Synchronization

/// Dates as HTTP writes them (RFC 9110, IMF-fixdate).
package enum HTTPDate {
    private static let latest = Mutex((second: -1, text: ""))

    /// The present moment, such as `Tue, 02 Jan 2024 03:04:05 GMT`; made once per second.
    package static var now: String {
        let second = Int(time(nil))
        return latest.withLock { latest in
            if latest.second != second { latest = (second, format(second)) }
            return latest.text
        }
    }

    /// Writes a number of seconds since 1970 (UTC).
    package static func format(_ second: Int) -> String {
        let (days, rest) = second.dividedDownwards(by: 86400)
        let (year, month, day) = civil(daysSinceEpoch: days)
        let weekday = weekdays[(days + 4).dividedDownwards(by: 7).remainder]
        let clock = "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
        return "\(weekday), \(two(day)) \(months[month - 1]) \(year) \(clock) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The Gregorian date of a day number: years are counted from March, so that the leap day ends one.
    private static func civil(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (daysSinceEpoch + 719_468).dividedDownwards(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1
        )
    }
}

extension Int {
    /// Division that rounds towards minus infinity, so that the remainder is never negative.
    fileprivate func dividedDownwards(by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
