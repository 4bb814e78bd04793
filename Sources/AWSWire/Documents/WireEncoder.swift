import Foundation

/// Makes a tree from a shape: members that are `nil` are left out, blobs become base64.
struct WireEncoder: Encoder {
    let node: Node
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(_ node: Node = Node(), codingPath: [any CodingKey] = []) {
        self.node = node
        self.codingPath = codingPath
    }

    /// The tree of a value.
    static func tree(of value: some Encodable) throws -> WireValue {
        let encoder = WireEncoder()
        try encoder.encode(value)
        return encoder.node.value
    }

    /// Writes a value; the kinds of value that have a form of their own on the wire are written here.
    func encode(_ value: some Encodable) throws {
        switch value {
        case let timestamp as Timestamp: node.content = .leaf(.timestamp(timestamp))
        case let data as Data: node.content = .leaf(.string(data.base64EncodedString()))
        case let text as String: node.content = .leaf(.string(text))
        case is any StringKeyed:
            node.content = .map([], [:])
            try value.encode(to: self)
        default: try value.encode(to: self)
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.becomeKeyed()
        return KeyedEncodingContainer(WireKeyedEncoder<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.becomeList()
        return WireUnkeyedEncoder(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// A place in the tree that is being filled: containers are handed out by value and must write to one
    /// place.
    final class Node {
        enum Content {
            case leaf(WireValue)
            case list([Node])
            case structure([String], [String: Node])
            case map([String], [String: Node])
        }

        /// A shape without members never asks for a container, and is an empty structure.
        var content = Content.structure([], [:])

        func becomeKeyed() {
            switch content {
            case .structure, .map: break
            case .leaf, .list: content = .structure([], [:])
            }
        }

        func becomeList() {
            guard case .list = content else {
                content = .list([])
                return
            }
        }

        /// The place of a member.
        func member(_ name: String) -> Node {
            let node = Node()
            switch content {
            case .structure(var names, var members):
                content = .list([])  // Gives the storage up, so that the copies below are moves.
                if members.updateValue(node, forKey: name) == nil { names.append(name) }
                content = .structure(names, members)
            case .map(var names, var members):
                content = .list([])
                if members.updateValue(node, forKey: name) == nil { names.append(name) }
                content = .map(names, members)
            case .leaf, .list:
                preconditionFailure("A container of a structure writes into something else.")
            }
            return node
        }

        /// The place after the last item.
        func item() -> Node {
            guard case .list(var items) = content else {
                preconditionFailure("A container of a list writes into something else.")
            }
            let node = Node()
            content = .list([])
            items.append(node)
            content = .list(items)
            return node
        }

        var value: WireValue {
            switch content {
            case .leaf(let value): return value
            case .list(let items): return .list(items.map(\.value))
            case .structure(let names, let members): return .structure(Self.values(names, members))
            case .map(let names, let members): return .map(Self.values(names.sorted(), members))
            }
        }

        private static func values(_ names: [String], _ members: [String: Node]) -> WireMembers {
            var values = WireMembers()
            for name in names { values[name] = members[name]?.value }
            return values
        }
    }
}

/// Tells a map from a structure: on the wire of the query protocol they look different.
private protocol StringKeyed {}

extension Dictionary: StringKeyed where Key == String {}
