import Foundation

/// A point in time as calendars in UTC write it.
///
/// Foundation's formatters take microseconds per date, and a listing has a thousand of them.
struct CivilTime {
    let year: Int
    /// 1–12.
    let month: Int
    /// 1–31.
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    let millisecond: Int
    /// Days since Sunday.
    let weekday: Int

    /// Takes a date apart (Hinnant, "chrono-compatible low-level date algorithms").
    ///
    /// - Parameter date: Not before 1970.
    init(_ date: Date) {
        let milliseconds = max(0, Int((date.timeIntervalSince1970 * 1000).rounded()))
        let (days, time) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        (hour, minute) = (time / 3_600_000, time / 60_000 % 60)
        (second, millisecond) = (time / 1000 % 60, time % 1000)
        weekday = (days + 4) % 7
        // Years begin in March, so that the leap day is their last.
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2020-01-01T00:00:00.000Z`.
    var iso8601: String {
        "\(year.digits(4))-\(month.digits(2))-\(day.digits(2))T\(hour.digits(2)):\(minute.digits(2)):"
            + "\(second.digits(2)).\(millisecond.digits(3))Z"
    }
}

extension Int {
    /// The number in at least so many digits.
    func digits(_ count: Int) -> String {
        let text = String(self)
        return String(repeating: "0", count: Swift.max(0, count - text.utf8.count)) + text
    }
}
