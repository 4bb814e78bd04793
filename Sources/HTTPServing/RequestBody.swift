import NIOCore
import Synchronization

/// The body ended before the length that the head announced: the client went away.
package struct BodyEndedEarly: Error, Equatable, CustomStringConvertible {
    package init() {}

    package var description: String { "The request body ended before its announced length." }
}

/// A request body on its way from the event loop to the one task that reads it.
///
/// Holds at most about `high` bytes: above, the connection is not read until less than `low` are left.
final class RequestBody: AsyncSequence, Sendable {
    private enum Ending {
        case whole
        case failed(any Error)
        /// Nobody reads it: what arrives is dropped.
        case discarded
    }

    private struct State {
        var chunks = CircularBuffer<ByteBuffer>(initialCapacity: 4)
        var bytes = 0
        var ending: Ending?
        var waiter: CheckedContinuation<ByteBuffer?, any Error>?
        /// The connection is not being read because the reader is behind.
        var held = false
        /// The reader has asked at least once.
        var asked = false
    }

    private static let high = 1 << 20
    private static let low = 1 << 18

    private let state = Mutex(State())
    /// Asks the connection for more; called from any thread, on the first read and when a held body drained.
    private let demand: @Sendable () -> Void

    init(demand: @escaping @Sendable () -> Void) { self.demand = demand }

    // MARK: The connection's side

    /// Adds what arrived.
    func push(_ chunk: ByteBuffer) {
        guard chunk.readableBytes > 0 else { return }
        let waiter = state.withLock { state -> CheckedContinuation<ByteBuffer?, any Error>? in
            guard state.ending == nil else { return nil }
            if let waiter = state.waiter {
                state.waiter = nil
                return waiter
            }
            state.chunks.append(chunk)
            state.bytes += chunk.readableBytes
            return nil
        }
        waiter?.resume(returning: chunk)
    }

    /// The body is complete.
    func finish() { end(.whole) }

    /// The body will not be completed.
    func fail(_ error: any Error) { end(.failed(error)) }

    /// Whether the connection must pause; if so, `demand` is called once when it may go on.
    func mustHold() -> Bool {
        state.withLock { state in
            state.held = state.ending == nil && state.bytes >= Self.high
            return state.held
        }
    }

    private func end(_ ending: Ending) {
        let waiter = state.withLock { state -> CheckedContinuation<ByteBuffer?, any Error>? in
            guard state.ending == nil else { return nil }
            state.ending = ending
            defer { state.waiter = nil }
            return state.waiter
        }
        switch ending {
        case .whole: waiter?.resume(returning: nil)
        case .failed(let error): waiter?.resume(throwing: error)
        case .discarded: waiter?.resume(throwing: CancellationError())
        }
    }

    // MARK: The reader's side

    /// Lets go of the rest: it is read from the connection and dropped.
    func discard() {
        end(.discarded)
        let wasHeld = state.withLock { state in
            state.chunks.removeAll()
            state.bytes = 0
            defer { state.held = false }
            return state.held
        }
        if wasHeld { demand() }
    }

    private enum Step {
        case chunk(ByteBuffer?)
        case failure(any Error)
        case wait
    }

    /// The next piece, `nil` at the end.
    ///
    /// - Throws: `BodyEndedEarly`; `CancellationError`, after which the rest is dropped.
    func next() async throws -> ByteBuffer? {
        let (step, asks) = state.withLock { state in take(&state) }
        if asks { demand() }
        switch step {
        case .chunk(let chunk): return chunk
        case .failure(let error): throw error
        case .wait:
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { wait($0) }
            } onCancel: {
                discard()
            }
        }
    }

    /// Takes the next piece if there is one, and says whether the connection has to be asked for more.
    private func take(_ state: inout State) -> (Step, asks: Bool) {
        let first = !state.asked
        state.asked = true
        if let chunk = state.chunks.popFirst() {
            state.bytes -= chunk.readableBytes
            let drained = state.held && state.bytes < Self.low
            if drained { state.held = false }
            return (.chunk(chunk), first || drained)
        }
        switch state.ending {
        case .whole: return (.chunk(nil), false)
        case .failed(let error): return (.failure(error), false)
        case .discarded: return (.failure(CancellationError()), false)
        case nil: return (.wait, first)
        }
    }

    /// Looks again under the lock, since a piece may have arrived meanwhile, and waits for the next one otherwise.
    private func wait(_ continuation: CheckedContinuation<ByteBuffer?, any Error>) {
        let step = state.withLock { state -> Step in
            let (step, _) = take(&state)
            guard case .wait = step else { return step }
            precondition(state.waiter == nil, "A request body has one reader.")
            state.waiter = continuation
            return .wait
        }
        switch step {
        case .chunk(let chunk): continuation.resume(returning: chunk)
        case .failure(let error): continuation.resume(throwing: error)
        case .wait: break
        }
    }

    struct Iterator: AsyncIteratorProtocol {
        let body: RequestBody

        mutating func next() async throws -> ByteBuffer? { try await body.next() }
    }

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }
}
