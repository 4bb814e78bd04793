/// Writes a document as the XML of the query protocol: items are `member` elements, the entries of a map
/// `entry` elements with a `key` and a `value`.
struct QueryWriter: WireWriter {
    /// The containers that stand open, outermost first.
    private var open: [Place]

    private struct Place {
        let container: WireContainer
        /// The element that holds the container's values.
        var element: XMLElement
        /// The name of the value that comes next.
        var next = ""
    }

    /// A writer of one value, which becomes an element of that name.
    init(_ name: String) { open = [Place(container: .structure, element: XMLElement(""), next: name)] }

    /// The value that was written.
    var document: XMLElement? { open[0].element.children.first }

    mutating func name(_ name: String) { open[open.count - 1].next = name }

    mutating func begin(_ container: WireContainer) {
        open.append(Place(container: container, element: XMLElement(valueName)))
    }

    mutating func end(_ container: WireContainer) { add(open.removeLast().element) }

    mutating func write(_ scalar: WireScalar) {
        let text =
            switch scalar {
            case .null: ""
            case .bool(let flag): flag ? "true" : "false"
            case .integer(let number): String(number)
            case .number(let number): number.description
            case .string(let text): text
            case .timestamp(let timestamp): timestamp.iso8601
            }
        add(XMLElement(valueName, text))
    }

    private var valueName: String {
        let place = open[open.count - 1]
        return switch place.container {
        case .structure: place.next
        case .map: "value"
        case .list: "member"
        }
    }

    private mutating func add(_ element: XMLElement) {
        let place = open[open.count - 1]
        let child =
            place.container == .map
            ? XMLElement("entry", children: [XMLElement("key", place.next), element]) : element
        open[open.count - 1].element.children.append(child)
    }
}
