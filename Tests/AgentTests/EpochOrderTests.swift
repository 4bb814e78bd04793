import AgentProtocol
import Testing

struct EpochOrderTests {
    @Test func `shards are disjoint, even and complete, in the order of the objects`() {
        for count in [0, 1, 2, 7, 100] {
            let parts = (0..<3).map {
                Array(EpochOrder(count: count, shard: .init(index: $0, count: 3), seed: nil, epoch: 0))
            }
            #expect(parts.flatMap(\.self).sorted() == Array(0..<count))
            #expect(parts.allSatisfy { $0 == $0.sorted() })
            let sizes = parts.map(\.count)
            #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        }
    }

    @Test func `a seed gives every epoch another order and other shards, and always the same ones`() {
        func epoch(_ epoch: Int, _ index: Int, seed: Int = 5) -> [Int] {
            Array(EpochOrder(count: 50, shard: .init(index: index, count: 2), seed: seed, epoch: epoch))
        }
        #expect((epoch(0, 0) + epoch(0, 1)).sorted() == Array(0..<50))
        #expect(epoch(0, 0) == epoch(0, 0))
        #expect(epoch(0, 0) != epoch(1, 0))
        #expect(Set(epoch(0, 0)) != Set(epoch(1, 0)))
        #expect(epoch(0, 0) != epoch(0, 0, seed: 6))
    }

    @Test func `the order of a seed is written down`() {
        // A job that is run again with another version reads in the same order.
        #expect(Array(EpochOrder(count: 8, shard: nil, seed: 1, epoch: 0)) == [0, 3, 7, 1, 2, 6, 5, 4])
    }
}
