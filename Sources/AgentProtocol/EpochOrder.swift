/// Which groups of a channel an instance reads in one epoch, in order.
///
/// Groups are dealt out one by one, so that every instance gets the same number, give or take one. With a seed they are
/// shuffled before: the same seed and epoch give the same order on every instance, so that nothing is read twice.
package struct EpochOrder: Sequence, Sendable {
    /// Positions `first`, `first + step`, … below `count`.
    private let positions: StrideTo<Int>
    /// What is at each position; `nil` where nothing was shuffled.
    private let permutation: [UInt32]?

    /// - Parameters:
    ///   - count: Groups of the whole channel, at most `UInt32.max`.
    ///   - shard: Which part is read; `nil` for all.
    ///   - seed: Of the shuffle; `nil` for none.
    ///   - epoch: Counts from 0.
    package init(count: Int, shard: ObjectSource.Shard?, seed: Int?, epoch: Int) {
        positions = stride(from: shard?.index ?? 0, to: count, by: shard?.count ?? 1)
        permutation = seed.map { Self.shuffled(count, seed: UInt64(bitPattern: Int64($0)), epoch: epoch) }
    }

    package func makeIterator() -> Iterator {
        Iterator(positions: positions.makeIterator(), permutation: permutation)
    }

    package struct Iterator: IteratorProtocol {
        fileprivate var positions: StrideTo<Int>.Iterator
        fileprivate let permutation: [UInt32]?

        package mutating func next() -> Int? {
            guard let position = positions.next() else { return nil }
            return permutation.map { Int($0[position]) } ?? position
        }
    }

    /// Fisher and Yates' shuffle with SplitMix64 (Steele, Lea, Flood 2014): the same everywhere and for ever.
    private static func shuffled(_ count: Int, seed: UInt64, epoch: Int) -> [UInt32] {
        var items = Array(0..<UInt32(count))
        var state = seed &+ UInt64(epoch) &* 0xD1B5_4A32_D192_ED03
        for last in stride(from: count - 1, to: 0, by: -1) {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            word ^= word >> 31
            items.swapAt(last, Int(word.multipliedFullWidth(by: UInt64(last + 1)).high))
        }
        return items
    }
}
