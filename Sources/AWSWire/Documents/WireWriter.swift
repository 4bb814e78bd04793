/// Writes a document of one protocol as it is told, from the outside in and in order.
protocol WireWriter {
    /// Starts a container where a value is due.
    mutating func begin(_ container: WireContainer)
    /// Names the value that comes next: a member of a structure, an entry of a map.
    mutating func name(_ name: String)
    mutating func write(_ scalar: WireScalar)
    /// Ends the container that was begun last.
    mutating func end(_ container: WireContainer)
}

/// What holds other values.
///
/// The query protocol writes maps, whose names are the caller's, unlike structures.
enum WireContainer {
    case structure
    case map
    case list
}

/// A value that holds no other, on its way out.
enum WireScalar {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case timestamp(Timestamp)
}
