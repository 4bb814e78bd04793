/// How much of an instance's data is there.
package struct DownloadProgress: Codable, Sendable, Equatable {
    package var objects = 0
    package var totalObjects = 0
    package var bytes = 0
    package var totalBytes = 0
    /// Since it began.
    package var bytesPerSecond = 0

    package init() {}

    /// What several instances have together.
    package static func + (one: DownloadProgress, other: DownloadProgress) -> DownloadProgress {
        var sum = one
        sum.objects += other.objects
        sum.totalObjects += other.totalObjects
        sum.bytes += other.bytes
        sum.totalBytes += other.totalBytes
        sum.bytesPerSecond += other.bytesPerSecond
        return sum
    }
}

extension DownloadProgress: CustomStringConvertible {
    /// One line for people: `Downloading input data: 12 of 100 objects, 3.1 of 24.0 GB, 410.2 MB/s`.
    package var description: String {
        let (unit, name) = totalBytes >= 1_000_000_000 ? (1e9, "GB") : (1e6, "MB")
        let volume =
            "\(Self.decimal(Double(bytes) / unit)) of \(Self.decimal(Double(totalBytes) / unit)) \(name)"
        let rate = "\(Self.decimal(Double(bytesPerSecond) / 1e6)) MB/s"
        return "Downloading input data: \(objects) of \(totalObjects) objects, \(volume), \(rate)"
    }

    private static func decimal(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
