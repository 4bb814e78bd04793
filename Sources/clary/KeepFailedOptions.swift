import ArgumentParser

/// `--keep-failed` and `--keep-failed-for`: what is left of failed instances.
struct KeepFailedOptions: ParsableArguments {
    @Flag(
        name: .customLong("keep-failed"),
        help: "Keep what is left of failed jobs' and endpoints' instances for an hour, for `clary shell`."
    )
    var isOn = false

    @Option(
        name: .customLong("keep-failed-for"),
        help: "The same for another time, such as 90s, 30m or 2h.",
        transform: Self.parse
    )
    var time: Double?

    /// `nil` if nothing is kept.
    var seconds: Double? { time ?? (isOn ? 3600 : nil) }

    private static let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

    private static func parse(_ text: String) throws -> Double {
        guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()),
            number > 0, number * unit <= 30 * 86_400
        else { throw ValidationError("'\(text)' is no time from 1s to 30d, such as 90s, 30m or 2h.") }
        return number * unit
    }
}
