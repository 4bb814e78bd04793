/// A request or response structure of an AWS API: every member optional, spelled as the API spells it.
///
/// Generated; the domain value that a handler builds from it is where meaning is checked.
package protocol WireShape: Codable, Sendable {
    /// Appends every constraint of the service model (required, length, range, pattern, enum) that this value breaks.
    func validate(_ checker: inout ConstraintChecker)
}

/// One operation of a service; generated from the service model.
package protocol Operation: Sendable {
    associatedtype Input: WireShape
    associatedtype Output: WireShape
    /// The name on the wire, such as `CreateTrainingJob`.
    static var name: String { get }
}

/// The input or output of an operation that has none: no members.
package struct EmptyShape: WireShape, Equatable {
    package init() {}

    package func validate(_ checker: inout ConstraintChecker) {}
}
