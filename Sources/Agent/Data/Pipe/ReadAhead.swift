import AgentProtocol
import Foundation
import NIOCore
import ObjectAccess
import Synchronization

/// The items of an epoch one after the other, with the next far objects already on their way.
struct ReadAhead {
    private var groups: EpochOrder.Iterator
    private let listing: ObjectListing
    private let groupSize: Int
    private let held: HeldObjects
    private let files: DirectoryFiles?
    private let far: any ObjectStreamer
    private var waiting: [Piece] = []
    /// Rest of the group that is being read.
    private var positions = 0..<0

    /// Far objects on their way at the same time: each holds `ChunkQueue.room` at most.
    private static let width = 4

    /// What comes next.
    enum Piece {
        case literal([UInt8])
        case object(StoredItem)
    }

    init(
        _ order: EpochOrder,
        of listing: ObjectListing,
        groupSize: Int,
        held: HeldObjects,
        files: DirectoryFiles?,
        far: any ObjectStreamer
    ) {
        groups = order.makeIterator()
        self.listing = listing
        self.groupSize = groupSize
        self.held = held
        self.files = files
        self.far = far
    }

    /// The next item; `nil` at the end of the epoch.
    ///
    /// - Throws: `ListingError`.
    mutating func next() throws -> Piece? {
        while waiting.count < Self.width, let position = nextPosition() {
            switch try listing.item(position) {
            case .literal(let bytes): waiting.append(.literal(bytes))
            case .object(let object) where object.relativePath.hasSuffix("/"): continue
            case .object(let object):
                if let path = held.path(of: object, at: position) {
                    waiting.append(.object(.near(object, path: path)))
                } else {
                    waiting.append(.object(.far(object, ChunkQueue(fetching: object, from: far))))
                }
            case .file(let file):
                guard let files else { continue }
                waiting.append(.object(.file(file, files)))
            }
        }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }

    private mutating func nextPosition() -> Int? {
        while positions.isEmpty {
            guard let group = groups.next() else { return nil }
            positions = (group * groupSize)..<((group + 1) * groupSize)
        }
        return positions.popFirst()
    }

    /// Ends what is still on its way.
    func cancel() { for case .object(let stored) in waiting { stored.cancel() } }
}

/// Chunks of a far object between the task that fetches them and the thread that writes them.
final class ChunkQueue: Sendable {
    private struct State {
        var chunks: [ByteBuffer] = []
        var bytes = 0
        var end: Result<Void, ObjectAccessError>?
        /// The fetching task, waiting for room.
        var producer: CheckedContinuation<Void, Never>?
        var task: Task<Void, Never>?
    }

    private let state = Mutex(State())
    /// Counts chunks, and the end.
    private let available = DispatchSemaphore(value: 0)

    /// Bytes that may wait.
    private static let room = 4 << 20

    /// Begins to fetch an object.
    init(fetching object: DataObject, from store: any ObjectStreamer) {
        let task = Task { [self] in
            let result: Result<Void, ObjectAccessError>
            do throws(ObjectAccessError) {
                try await store.stream(ObjectReference(location: object.location), eTag: object.eTag) {
                    chunk in
                    await self.put(chunk)
                }
                result = .success(())
            } catch {
                result = .failure(error)
            }
            state.withLock { $0.end = $0.end ?? result }
            available.signal()
        }
        state.withLock { $0.task = task }
    }

    /// Returns when there is room for more, or nobody wants it.
    private func put(_ chunk: ByteBuffer) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let mayGoOn = state.withLock { state in
                guard state.end == nil else { return true }
                state.chunks.append(chunk)
                state.bytes += chunk.readableBytes
                if state.bytes < Self.room { return true }
                state.producer = continuation
                return false
            }
            available.signal()
            if mayGoOn { continuation.resume() }
        }
    }

    /// Waits for the next chunk; `nil` at the end.
    ///
    /// - Throws: `ObjectAccessError`.
    func take() throws(ObjectAccessError) -> ByteBuffer? {
        available.wait()
        let (chunk, end, producer) = state.withLock { state in
            guard !state.chunks.isEmpty else {
                return (ByteBuffer?.none, state.end, CheckedContinuation<Void, Never>?.none)
            }
            let chunk = state.chunks.removeFirst()
            state.bytes -= chunk.readableBytes
            let producer = state.producer
            state.producer = nil
            return (chunk, nil, producer)
        }
        producer?.resume()
        if let chunk { return chunk }
        // Whoever asks again hears the same.
        available.signal()
        try end?.get()
        return nil
    }

    /// Nobody wants the rest.
    func cancel() {
        let (task, producer) = state.withLock { state in
            state.end = .failure(.cancelled)
            state.chunks = []
            let producer = state.producer
            state.producer = nil
            return (state.task, producer)
        }
        task?.cancel()
        producer?.resume()
    }
}
