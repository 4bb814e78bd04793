/// Who answers an invocation: pure decisions.
package enum Balancing {
    /// Chooses a variant in proportion to the weights; all weights zero count as equal.
    ///
    /// - Parameters:
    ///   - weights: One per variant, `>= 0`.
    ///   - random: Uniform in `0..<1`.
    /// - Returns: An index, `nil` if there is no variant.
    package static func variant(weights: some RandomAccessCollection<Double>, random: Double) -> Int? {
        guard !weights.isEmpty else { return nil }
        let total = weights.reduce(0, +)
        guard total > 0 else { return min(Int(random * Double(weights.count)), weights.count - 1) }
        var rest = random * total
        var last = 0
        for (index, weight) in weights.enumerated() where weight > 0 {
            last = index
            rest -= weight
            if rest < 0 { break }
        }
        return last
    }

    /// An instance that may be chosen.
    package struct Candidate: Sendable, Equatable {
        /// Position in the variant's list.
        package let index: Int
        /// Requests in flight.
        package let outstanding: Int
        /// It lately took no connection.
        package let isResting: Bool

        package init(index: Int, outstanding: Int, isResting: Bool) {
            self.index = index
            self.outstanding = outstanding
            self.isResting = isResting
        }
    }

    /// Chooses an instance; one that rests only if all do.
    ///
    /// - Parameters:
    ///   - candidates: The instances that may be asked.
    ///   - strategy: How to choose among them.
    ///   - random: Uniform in `0..<1`; among equals it decides.
    /// - Returns: The `index` of a candidate, `nil` if there is none.
    package static func instance(
        among candidates: [Candidate],
        strategy: RoutingStrategy,
        random: Double
    ) -> Int? {
        var eligible = candidates.filter { !$0.isResting }
        if eligible.isEmpty { eligible = candidates }
        if strategy == .leastOutstandingRequests, let least = eligible.map(\.outstanding).min() {
            eligible.removeAll { $0.outstanding > least }
        }
        guard !eligible.isEmpty else { return nil }
        return eligible[min(Int(random * Double(eligible.count)), eligible.count - 1)].index
    }
}
