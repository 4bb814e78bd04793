/// One element of an XML document: a name, attributes, and either text or child elements.
///
/// Covers what AWS's XML protocols use. Names are local names: the reader drops namespace prefixes and
/// declarations, and the writer declares one default namespace on the root. Where an element has text and
/// children (which no AWS document has), the writer puts the text first.
package struct XMLElement: Equatable, Sendable {
    package let name: String
    /// In document order; without namespace declarations.
    package var attributes: [XMLAttribute]
    /// The character data directly inside, in one piece; white space between child elements included.
    package var text: String
    package var children: [XMLElement]

    /// An element with text.
    package init(_ name: String, _ text: String = "", attributes: [XMLAttribute] = []) {
        self.name = name
        self.attributes = attributes
        self.text = text
        children = []
    }

    /// An element with children.
    package init(_ name: String, attributes: [XMLAttribute] = [], children: [XMLElement]) {
        self.name = name
        self.attributes = attributes
        text = ""
        self.children = children
    }

    /// An element with children, listed in a block that may hold `if` and `for`.
    package init(
        _ name: String,
        attributes: [XMLAttribute] = [],
        @XMLElementsBuilder content: () -> [XMLElement]
    ) {
        self.init(name, attributes: attributes, children: content())
    }

    /// The first child of that name.
    package subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// All children of that name, in document order.
    package func children(named name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

/// A name and its value inside a start tag.
package struct XMLAttribute: Equatable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Collects child elements from a block.
@resultBuilder package enum XMLElementsBuilder {
    package static func buildExpression(_ element: XMLElement) -> [XMLElement] { [element] }
    package static func buildExpression(_ element: XMLElement?) -> [XMLElement] { element.map { [$0] } ?? [] }
    package static func buildExpression(_ elements: [XMLElement]) -> [XMLElement] { elements }
    package static func buildBlock(_ parts: [XMLElement]...) -> [XMLElement] { parts.flatMap(\.self) }
    package static func buildArray(_ parts: [[XMLElement]]) -> [XMLElement] { parts.flatMap(\.self) }
    package static func buildOptional(_ part: [XMLElement]?) -> [XMLElement] { part ?? [] }
    package static func buildEither(first part: [XMLElement]) -> [XMLElement] { part }
    package static func buildEither(second part: [XMLElement]) -> [XMLElement] { part }
}
