/// A moment in the form that signatures carry: `20240102T030405Z`.
package struct SigningTime: Sendable, Hashable {
    /// Sixteen characters.
    package let text: String
    package let timestamp: Timestamp

    /// The day in the credential scope: `20240102`.
    package var day: Substring { Substring(text.utf8.prefix(8)) }

    /// Accepts exactly the sixteen-character form with a day that exists; `nil` for anything else.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else {
            return nil
        }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8),
            let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15),
            let days = CivilDay(year: year, month: month, day: day)?.daysSinceEpoch,
            hour < 24, minute < 60, second < 60
        else { return nil }
        self.text = text
        timestamp = Timestamp(seconds: Double(days * 86_400 + hour * 3600 + minute * 60 + second))
    }

    /// The second that `timestamp` falls in, from the year 1970 to the year 9999.
    package init(_ timestamp: Timestamp) {
        let seconds = Int(min(max(timestamp.seconds, 0), 253_402_300_799).rounded(.down))
        self.timestamp = Timestamp(seconds: Double(seconds))
        let day = CivilDay(daysSinceEpoch: seconds / 86_400)
        let second = seconds % 86_400
        var digits: [UInt8] = []
        func append(_ value: Int, width: Int) {
            var divisor = 1
            for _ in 1..<width { divisor *= 10 }
            while divisor > 0 {
                digits.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
                divisor /= 10
            }
        }
        append(day.year, width: 4)
        append(day.month, width: 2)
        append(day.day, width: 2)
        digits.append(UInt8(ascii: "T"))
        append(second / 3600, width: 2)
        append(second / 60 % 60, width: 2)
        append(second % 60, width: 2)
        digits.append(UInt8(ascii: "Z"))
        text = String(decoding: digits, as: UTF8.self)
    }
}

/// A day of the Gregorian calendar (the arithmetic counts years from March, so that a leap day comes last).
struct CivilDay {
    let year: Int
    let month: Int
    let day: Int

    /// `nil` for a day that does not exist.
    init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.length(of: month, in: year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// - Parameter daysSinceEpoch: Whole days since 1970-01-01, not negative.
    init(daysSinceEpoch: Int) {
        let shifted = daysSinceEpoch + 719_468  // Days since 0000-03-01.
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSinceEpoch: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
