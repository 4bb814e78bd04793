/// What a column's values are like.
package struct ColumnSummary: Equatable, Sendable {
    /// Values that are there and are numbers.
    package private(set) var count = 0
    package private(set) var missing = 0
    /// Values that are infinite; they take no part in the figures.
    package private(set) var infinite = 0
    package private(set) var smallest = Double.infinity
    package private(set) var greatest = -Double.infinity
    package private(set) var mean = 0.0
    private var squares = 0.0

    package init() {}

    /// Takes a value in; NaN is a missing one.
    package mutating func add(_ value: Double) {
        guard !value.isNaN else {
            missing += 1
            return
        }
        guard value.isFinite else {
            infinite += 1
            return
        }
        count += 1
        smallest = min(smallest, value)
        greatest = max(greatest, value)
        // Welford's update: no sum that grows out of all proportion.
        let difference = value - mean
        mean += difference / Double(count)
        squares += difference * (value - mean)
    }

    /// Takes so many zeros in, which sparse rows leave out.
    package mutating func add(zeros: Int) {
        guard zeros > 0 else { return }
        let total = Double(count + zeros)
        squares += mean * mean * Double(count) * Double(zeros) / total
        mean *= Double(count) / total
        count += zeros
        smallest = min(smallest, 0)
        greatest = max(greatest, 0)
    }

    /// Of the values as a sample; 0 for fewer than two.
    package var standardDeviation: Double { count < 2 ? 0 : (squares / Double(count - 1)).squareRoot() }
}
