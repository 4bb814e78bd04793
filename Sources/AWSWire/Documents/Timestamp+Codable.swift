import Foundation

extension Timestamp: Codable {
    /// Reads epoch seconds as a number, or as the text of a number, or an ISO 8601 date.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let seconds = try? container.decode(Double.self) {
            self.init(seconds: seconds)
            return
        }
        let text = try container.decode(String.self)
        guard let timestamp = Timestamp(parsing: text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text)' is not a timestamp"
            )
        }
        self = timestamp
    }

    /// Writes epoch seconds, rounded to milliseconds.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode((seconds * 1000).rounded() / 1000)
    }
}

extension Timestamp {
    /// Reads `2020-01-01T00:00:00Z`, with a fraction or an offset if need be, or epoch seconds; `nil` for
    /// anything else.
    package init?(parsing text: String) {
        if let seconds = Double(text), seconds.isFinite {
            self.init(seconds: seconds)
            return
        }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? style.parse(text) else { return nil }
        self.init(date)
    }

    /// `2020-01-01T00:00:00Z`, as STS and IAM write it.
    ///
    /// Fractions of a second are dropped.
    package var iso8601: String {
        Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(Date.ISO8601FormatStyle())
    }
}
