import Synchronization

/// What was read and compared with its digests a moment ago, so that it need not be again.
///
/// Small objects stay in memory until anything is written to the store. Of larger ones it is known for a minute which
/// blocks were compared: their bytes are in the page cache, where the disk cannot change them any more.
final class RecentReads: Sendable {
    /// An object by what calls name it.
    struct Place: Hashable {
        let bucket: Int64
        let key: ObjectKey
    }

    private struct Compared {
        let stamp: OpenFile.Stamp
        let since: ContinuousClock.Instant
        var ranges = RangeSet<Int>()
    }

    private struct State {
        /// Counts what was written.
        var generation = 0
        var objects: [Place: ObjectReader] = [:]
        /// Bytes of the objects.
        var size = 0
        var compared: [FileID: Compared] = [:]
    }

    private let state = Mutex(State())

    /// Bytes of small objects that are held at most, and how many.
    private static let mostBytes = 8 << 20
    private static let mostObjects = 4096
    /// Files of which blocks are remembered at most.
    private static let mostFiles = 256
    private static let memory = Duration.seconds(60)

    // MARK: Small objects

    /// To be asked before the index is, and given to `remember`.
    var generation: Int { state.withLock { $0.generation } }

    /// The latest version of an object, if it is small and was just read.
    func object(at place: Place) -> ObjectReader? { state.withLock { $0.objects[place] } }

    /// Keeps an object, unless something was written since `generation`.
    func remember(_ reader: ObjectReader, at place: Place, since generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.size + reader.record.size > Self.mostBytes || state.objects.count >= Self.mostObjects {
                state.objects = [:]
                state.size = 0
            }
            if state.objects.updateValue(reader, forKey: place) == nil { state.size += reader.record.size }
        }
    }

    /// The index is not what it was.
    func forget() {
        state.withLock { state in
            state.generation += 1
            if !state.objects.isEmpty { state.objects = [:] }
            state.size = 0
        }
    }

    // MARK: Blocks of larger ones

    /// Whether a range was compared, and the file has not been written since.
    func hasCompared(_ range: Range<Int>, of file: FileID, _ stamp: OpenFile.Stamp) -> Bool {
        state.withLock { state in
            guard let compared = state.compared[file] else { return false }
            guard compared.stamp == stamp, .now - compared.since < Self.memory else {
                state.compared[file] = nil
                return false
            }
            return compared.ranges.isSuperset(of: RangeSet(range))
        }
    }

    /// Notes that a range was compared.
    func note(_ range: Range<Int>, of file: FileID, _ stamp: OpenFile.Stamp) {
        state.withLock { state in
            if state.compared.count >= Self.mostFiles { state.compared = [:] }
            var compared = state.compared[file] ?? Compared(stamp: stamp, since: .now)
            if compared.stamp != stamp { compared = Compared(stamp: stamp, since: .now) }
            compared.ranges.formUnion(RangeSet(range))
            state.compared[file] = compared
        }
    }
}
