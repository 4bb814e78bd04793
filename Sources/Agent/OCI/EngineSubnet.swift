import Resources

/// The network of a fleet whose instances are containers of an engine: who has which address is known before the first
/// of them runs, so that names can be given to all of them.
package struct EngineSubnet: Equatable {
    /// First address, host byte order.
    private let base: UInt32

    /// Of 4096 addresses each, below 10.64.0.0/10.
    private static let bits: UInt32 = 12
    private static let count: UInt32 = 1 << (22 - bits)

    /// The subnet that is tried after `attempt` others were taken; a fleet begins where its name says.
    package init(of fleet: String, attempt: Int) {
        let number = (FNV1a.hash(fleet) &+ UInt32(truncatingIfNeeded: attempt) &* 97) % Self.count
        base = 0x0A40_0000 + number << Self.bits
    }

    /// Reads `10.64.16.0/20`; `nil` for something else, also for a network of another size.
    package init?(_ text: String) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false).map { UInt32($0) }
        let numbers = parts.compactMap(\.self)
        guard halves.count == 2, UInt32(halves[1]) == 32 - Self.bits, parts.count == 4, numbers.count == 4,
            numbers.allSatisfy({ $0 < 256 })
        else { return nil }
        base = numbers.reduce(0) { $0 << 8 | $1 }
    }

    package var text: String { "\(Self.dotted(base))/\(32 - Self.bits)" }
    package var gateway: String { Self.dotted(base + 1) }
    /// Of the `index`-th instance, from 1.
    package func address(_ index: Int) -> String { Self.dotted(base + 9 + UInt32(index)) }

    private static func dotted(_ number: UInt32) -> String {
        "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
    }
}
