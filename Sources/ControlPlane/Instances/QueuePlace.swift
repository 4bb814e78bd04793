/// Where a fleet stands that has to wait for room.
package struct QueuePlace: Codable, Sendable, Equatable {
    /// From 1.
    package let position: Int
    /// Who waits before it, such as `endpoint demo-2`, in their order; `nil` where nobody does.
    package let ahead: [String]?
    /// Who holds the room, such as `training job demo-1`.
    package let holders: [String]

    package init(position: Int, ahead: [String] = [], holders: [String]) {
        self.position = position
        self.ahead = ahead.isEmpty ? nil : ahead
        self.holders = holders
    }

    /// `number 2 in line behind endpoint b; the room is held by training job a`.
    package var words: String {
        var words = "number \(position) in line"
        if let ahead { words += " behind \(Self.list(ahead))" }
        if !holders.isEmpty { words += "; the room is held by \(Self.list(holders))" }
        return words
    }

    /// Nobody reads more names than these.
    private static func list(_ names: [String]) -> String { names.prefix(5).joined(separator: ", ") }
}
