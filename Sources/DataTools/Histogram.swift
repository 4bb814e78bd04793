import Reports

/// Bars of blocks for a terminal.
package enum Histogram {
    private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    /// One line per bar: label or bin, bar, count and share.
    package static func lines(_ bars: [LabelCounts.Bar], width: Int) -> [String] {
        let total = max(1, bars.reduce(0) { $0 + $1.count })
        let greatest = max(1, bars.map(\.count).max() ?? 1)
        let titles = bars.map { bar in
            bar.low == bar.high
                ? NumberText.short(bar.low) : "\(NumberText.short(bar.low)) … \(NumberText.short(bar.high))"
        }
        let tails = bars.map { "\($0.count)  \(Units.number(Double($0.count) * 100 / Double(total))) %" }
        let titleWidth = titles.map(\.count).max() ?? 0
        let tailWidth = tails.map(\.count).max() ?? 0
        let room = max(4, min(60, width - titleWidth - tailWidth - 4))
        return bars.indices.map { index in
            let steps = Int((Double(bars[index].count) / Double(greatest) * Double(room * 8)).rounded())
            let bar = String(repeating: "█", count: steps / 8) + eighths[steps % 8]
            let title = String(repeating: " ", count: titleWidth - titles[index].count) + titles[index]
            let gap = String(repeating: " ", count: room - bar.count)
            return "\(title)  \(bar)\(gap)  \(tails[index])"
        }
    }
}
