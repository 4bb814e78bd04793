package import NIOCore

/// The parts of far objects that were read last, and those that will be next.
///
/// Objects are read in blocks. Who reads one block after the other finds the next ones under way; who jumps gets the block
/// that he asks for and nothing else. What is kept is bounded, whatever the objects' sizes.
package actor BlockCache {
    /// Brings a range of an object; both by the caller's numbers.
    package typealias Fetch = @Sendable (_ object: Int, _ range: Range<Int>) async throws -> ByteBuffer

    private let fetch: Fetch
    private let blockSize: Int
    private let capacity: Int
    private let mostAhead: Int

    private struct Key: Hashable {
        let object: Int
        let block: Int
    }

    private var blocks: [Key: Task<ByteBuffer, any Error>] = [:]
    /// The least recently used first.
    private var order: [Key] = []
    /// How far each object that is being read has come; the least recently used first.
    private var readers: [(object: Int, next: Int, ahead: Int)] = []

    /// - Parameters:
    ///   - blockSize: Bytes of a block.
    ///   - capacity: Blocks that are kept or under way at most.
    ///   - mostAhead: Blocks that are brought before they are asked for.
    ///   - fetch: See `Fetch`.
    package init(blockSize: Int = 4 << 20, capacity: Int = 16, mostAhead: Int = 6, fetch: @escaping Fetch) {
        self.blockSize = blockSize
        self.capacity = capacity
        self.mostAhead = mostAhead
        self.fetch = fetch
    }

    deinit { for task in blocks.values { task.cancel() } }

    /// A range of an object.
    ///
    /// - Parameters:
    ///   - range: Within the object.
    ///   - object: Its number.
    ///   - size: Bytes of the whole object.
    /// - Returns: The bytes, in one or more pieces.
    /// - Throws: What the fetching throws, or `ShortObject`.
    package func read(_ range: Range<Int>, of object: Int, size: Int) async throws -> [ByteBuffer] {
        guard !range.isEmpty else { return [] }
        let needed = range.lowerBound / blockSize...(range.upperBound - 1) / blockSize
        let ahead = lookAhead(of: object, needed)
        let tasks = needed.map { block(Key(object: object, block: $0), size: size) }
        // After those that are waited for.
        let end = (size + blockSize - 1) / blockSize
        for number in needed.upperBound
            + 1..<max(needed.upperBound + 1, min(end, needed.upperBound + 1 + ahead))
        {
            _ = block(Key(object: object, block: number), size: size)
        }
        var pieces: [ByteBuffer] = []
        for (number, task) in zip(needed, tasks) {
            let bytes: ByteBuffer
            do {
                bytes = try await task.value
            } catch {
                // The next one who asks tries again.
                forget(Key(object: object, block: number), task)
                throw error
            }
            let start = number * blockSize
            let wanted = range.clamped(to: start..<start + blockSize)
            guard
                let piece = bytes.getSlice(
                    at: bytes.readerIndex + wanted.lowerBound - start,
                    length: wanted.count
                )
            else { throw ShortObject() }
            pieces.append(piece)
        }
        return pieces
    }

    /// An object had fewer bytes than it had when the job was assembled.
    package struct ShortObject: Error {}

    /// How many blocks to bring after the needed ones: twice as many with each step forward.
    private func lookAhead(of object: Int, _ needed: ClosedRange<Int>) -> Int {
        let place = readers.firstIndex { $0.object == object }
        let known = place.map { readers.remove(at: $0) }
        var ahead = known?.ahead ?? 0
        switch known?.next {
        case nil: ahead = needed.lowerBound == 0 ? 1 : 0
        case needed.lowerBound: ahead = min(mostAhead, max(1, ahead * 2))
        // Still within the block that was read before.
        case needed.upperBound + 1: break
        default: ahead = 0
        }
        readers.append((object, needed.upperBound + 1, ahead))
        if readers.count > capacity { readers.removeFirst() }
        return ahead
    }

    private func block(_ key: Key, size: Int) -> Task<ByteBuffer, any Error> {
        if let place = order.lastIndex(of: key), let task = blocks[key] {
            order.remove(at: place)
            order.append(key)
            return task
        }
        while order.count >= capacity { blocks.removeValue(forKey: order.removeFirst()) }
        let range = key.block * blockSize..<min(size, (key.block + 1) * blockSize)
        let task = Task { [fetch] in try await fetch(key.object, range) }
        blocks[key] = task
        order.append(key)
        return task
    }

    private func forget(_ key: Key, _ task: Task<ByteBuffer, any Error>) {
        guard blocks[key] == task else { return }
        blocks.removeValue(forKey: key)
        order.removeAll { $0 == key }
    }
}
