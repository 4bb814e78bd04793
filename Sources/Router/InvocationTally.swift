package import Resources
import Synchronization

/// What a variant's invocations amount to, in the meaning of the platform's endpoint metrics.
package struct InvocationTally: Sendable, Equatable {
    package var invocations = 0
    /// Answers of the model with a 4xx status.
    package var clientErrors = 0
    /// Answers of the model with a 5xx status.
    package var serverErrors = 0
    /// Invocations without a 2xx answer of the model, whatever the reason.
    package var modelErrors = 0
    /// From the moment the request goes to the container until its answer is complete, in microseconds.
    package var modelLatency = Measure()
    /// The rest of the time between request and reply, in microseconds.
    package var overhead = Measure()
    /// Bytes of request and reply bodies.
    package var bytesIn = 0
    package var bytesOut = 0

    package init() {}
}

/// Count, sum and range of a measured quantity.
package struct Measure: Sendable, Equatable {
    package private(set) var count = 0
    package private(set) var sum = 0.0
    package private(set) var minimum = 0.0
    package private(set) var maximum = 0.0

    package init() {}

    package mutating func add(_ value: Double) {
        minimum = count == 0 ? value : min(minimum, value)
        maximum = count == 0 ? value : max(maximum, value)
        count += 1
        sum += value
    }
}

/// A drained tally and whose it is.
package struct TallySample: Sendable, Equatable {
    package let scope: Scope
    package let endpoint: String
    package let variant: String
    package let tally: InvocationTally
}

/// A tally that event loops add to and metering empties.
final class SharedTally: Sendable {
    private let tally = Mutex(InvocationTally())

    func add(_ change: (inout InvocationTally) -> Void) { tally.withLock { change(&$0) } }

    /// The tally so far, which begins anew; `nil` if nothing happened.
    func drain() -> InvocationTally? {
        tally.withLock { tally in
            guard tally.invocations > 0 else { return nil }
            defer { tally = InvocationTally() }
            return tally
        }
    }
}
