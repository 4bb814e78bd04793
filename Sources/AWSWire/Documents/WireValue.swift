/// A document of any protocol as a tree: what parsers make of bytes.
///
/// Shapes come from it through `Codable` (`WireDecoder`) and are written by `WireEncoder`, so that a protocol
/// is only a parser and a writer.
package enum WireValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// A number that is no integer of 64 bits; finite unless a shape holds something else.
    case number(Double)
    case string(String)
    case list([WireValue])
    /// A structure or a map: what it is, the shape knows.
    case structure(WireMembers)
}

/// Named values in the order of their first insertion.
package struct WireMembers: Equatable, Sendable {
    package private(set) var names: [String] = []
    private var values: [String: WireValue] = [:]

    package init() {}

    /// The value of a name.
    ///
    /// Of two values of one name the last stays, as in the services' own readers.
    package subscript(name: String) -> WireValue? {
        get { values[name] }
        set {
            if values.updateValue(newValue ?? .null, forKey: name) == nil { names.append(name) }
        }
    }

    package var isEmpty: Bool { names.isEmpty }
}
