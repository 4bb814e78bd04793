import Foundation

/// Dates of HTTP headers, in whole seconds: `Wed, 01 Jan 2020 00:00:00 GMT`.
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }

    static func text(_ date: Date) -> String {
        let time = CivilTime(date)
        return
            "\(days[time.weekday]), \(time.day.digits(2)) \(months[time.month - 1]) \(time.year.digits(4)) "
            + "\(time.hour.digits(2)):\(time.minute.digits(2)):\(time.second.digits(2)) GMT"
    }

    /// Reads the form above, and ISO 8601, which some clients send in its place.
    ///
    /// - Returns: `nil` for anything else; such a header is ignored.
    static func parse(_ text: String) -> Date? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT" || words[5] == "UTC", let day = Int(words[1]),
            let month = months.firstIndex(of: String(words[2])), let year = Int(words[3])
        else { return parseISO8601(text) }
        let time = words[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        let parts = DateComponents(
            year: year,
            month: month + 1,
            day: day,
            hour: time[0],
            minute: time[1],
            second: time[2]
        )
        return calendar.date(from: parts)
    }

    private static func parseISO8601(_ text: String) -> Date? {
        do { return try Date(text, strategy: .iso8601) } catch { return nil }
    }
}
