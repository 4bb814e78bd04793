import Router
import Testing

@Suite struct BalancingTests {
    @Test(arguments: [
        ([1.0], 0.0, 0), ([1.0], 0.999, 0), ([1, 1], 0.49, 0), ([1, 1], 0.51, 1), ([3, 1], 0.74, 0),
        ([3, 1], 0.76, 1), ([0, 1], 0.0, 1), ([1, 0], 0.9999999, 0), ([0, 0, 0], 0.5, 1),
        ([0, 0], 0.9999999, 1),
        ([0.25, 0.5, 0.25], 0.3, 1),
    ])
    func `variants are chosen in proportion to their weights`(weights: [Double], random: Double, index: Int) {
        #expect(Balancing.variant(weights: weights, random: random) == index)
    }

    @Test func `without variants none is chosen`() {
        #expect(Balancing.variant(weights: [], random: 0.5) == nil)
        #expect(Balancing.instance(among: [], strategy: .random, random: 0.5) == nil)
    }

    private static func candidates(_ outstanding: [Int], resting: Set<Int> = []) -> [Balancing.Candidate] {
        outstanding.enumerated().map { .init(index: $0, outstanding: $1, isResting: resting.contains($0)) }
    }

    @Test(arguments: [
        (candidates([9, 0, 0]), RoutingStrategy.random, 0.0, 0),
        (candidates([9, 0, 0]), .random, 0.999, 2),
        (candidates([9, 0, 0]), .leastOutstandingRequests, 0.0, 1),
        (candidates([9, 0, 0]), .leastOutstandingRequests, 0.999, 2),
        (candidates([0, 5], resting: [0]), .leastOutstandingRequests, 0.5, 1),
        (candidates([0, 5], resting: [0]), .random, 0.0, 1),
        (candidates([4, 5], resting: [0, 1]), .leastOutstandingRequests, 0.9, 0),
    ])
    func `instances are chosen by load and rest`(
        candidates: [Balancing.Candidate],
        strategy: RoutingStrategy,
        random: Double,
        index: Int
    ) {
        #expect(Balancing.instance(among: candidates, strategy: strategy, random: random) == index)
    }
}
