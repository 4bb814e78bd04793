/// How often each label occurs: one by one while there are few, in bins of equal width otherwise.
package struct LabelCounts: Sendable {
    /// Labels that are counted one by one, at most.
    package static let mostLabels = 40
    /// Bins of labels that are too many; a power of two.
    private static let binCount = 64

    private var exact: [Double: Int]? = [:]
    private var bins: Bins?

    package init() {}

    /// Takes a label in; NaN and infinite ones are none.
    package mutating func add(_ label: Double) {
        guard label.isFinite else { return }
        guard var counts = exact else {
            bins?.add(label, 1)
            return
        }
        exact = nil
        counts[label == 0 ? 0 : label, default: 0] += 1
        guard counts.count > Self.mostLabels else {
            exact = counts
            return
        }
        let labels = counts.keys.sorted()
        var made = Bins(from: labels[0], to: labels[labels.count - 1], count: Self.binCount)
        for (label, count) in counts { made.add(label, count) }
        bins = made
    }

    /// One bar of a histogram.
    package struct Bar: Equatable, Sendable {
        /// The label, or the lower end of the bin.
        package let low: Double
        /// The upper end of the bin, which belongs to the next one; equal to `low` for a single label.
        package let high: Double
        package let count: Int

        package init(low: Double, high: Double, count: Int) {
            self.low = low
            self.high = high
            self.count = count
        }
    }

    /// Bars in rising order, at most `limit` of them where labels are in bins.
    package func bars(limit: Int = 16) -> [Bar] {
        if let exact {
            return exact.sorted { $0.key < $1.key }.map { Bar(low: $0.key, high: $0.key, count: $0.value) }
        }
        return bins?.bars(limit: limit) ?? []
    }
}

/// Counts in bins of equal width, which double it when a value lies outside.
private struct Bins {
    private var start: Double
    private var width: Double
    private var counts: [Int]

    init(from low: Double, to high: Double, count: Int) {
        start = low
        // The greatest value lies within the last bin, not at its end.
        width = max((high - low) / Double(count) * 1.0001, Double.leastNormalMagnitude)
        counts = [Int](repeating: 0, count: count)
    }

    mutating func add(_ value: Double, _ times: Int) {
        while value < start { widen(downwards: true) }
        while value >= start + width * Double(counts.count) { widen(downwards: false) }
        let position = ((value - start) / width).rounded(.down)
        counts[min(max(Int(position), 0), counts.count - 1)] += times
    }

    private mutating func widen(downwards: Bool) {
        let half = counts.count / 2
        let merged = (0..<half).map { counts[2 * $0] + counts[2 * $0 + 1] }
        let empty = [Int](repeating: 0, count: half)
        if downwards { start -= width * Double(counts.count) }
        counts = downwards ? empty + merged : merged + empty
        width *= 2
    }

    func bars(limit: Int) -> [LabelCounts.Bar] {
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 })
        else { return [] }
        var size = 1
        while (last / size - first / size + 1) > limit { size *= 2 }
        return (first / size...last / size).map { group in
            let range = group * size..<min((group + 1) * size, counts.count)
            return LabelCounts.Bar(
                low: start + Double(range.lowerBound) * width,
                high: start + Double(range.upperBound) * width,
                count: counts[range].reduce(0, +)
            )
        }
    }
}
