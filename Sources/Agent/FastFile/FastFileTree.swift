/// The directories and files of a FastFile channel, numbered as a file system numbers them.
///
/// It never changes: a channel is what its prefix was when the job was assembled.
package struct FastFileTree: Sendable {
    /// A file or a directory; its number is its place in `nodes` and one more.
    package struct Node: Sendable {
        package let name: String
        package let content: Content
    }

    package enum Content: Sendable {
        case directory(Directory)
        /// - object: Which object it is, by the caller's numbers.
        case file(size: Int, object: Int)
    }

    package struct Directory: Sendable {
        /// Numbers, in the order of names.
        package fileprivate(set) var children: [UInt64] = []
        fileprivate(set) var numbers: [String: UInt64] = [:]
    }

    /// The root's number, by the protocol.
    package static let root: UInt64 = 1

    private let nodes: [Node]

    /// - Parameter files: Relative path, bytes and number of each object; a path that ends in `/` is an empty directory.
    /// - Throws: `UnsafePath` for a path that leads away, or that is two things at once.
    package init(_ files: some Sequence<(path: String, size: Int, object: Int)>) throws(UnsafePath) {
        var builder = Builder()
        for file in files { try builder.add(file.path, size: file.size, object: file.object) }
        nodes = builder.finish()
    }

    package subscript(number: UInt64) -> Node? {
        number >= 1 && number <= nodes.count ? nodes[Int(number - 1)] : nil
    }

    /// The child of a directory; `nil` where there is none, or no such directory.
    package func child(_ name: String, of directory: UInt64) -> UInt64? {
        guard case .directory(let directory) = self[directory]?.content else { return nil }
        return directory.numbers[name]
    }

    /// Number of files and directories.
    var count: Int { nodes.count }

    private struct Builder {
        private var names = [""]
        private var files: [(size: Int, object: Int)?] = [nil]
        private var directories = [Directory()]
        /// Objects come in key order: neighbours share their directory.
        private var last: (path: Substring, number: UInt64) = ("", FastFileTree.root)

        mutating func add(_ path: String, size: Int, object: Int) throws(UnsafePath) {
            guard ChannelDelivery.isSafe(path) else { throw UnsafePath(path: path) }
            let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
            let parent = slash.map { path[..<$0] } ?? ""
            if parent != last.path {
                last = (parent, try directory(parent, for: path))
            }
            let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
            guard !name.isEmpty else { return }
            _ = try make(name, below: last.number, file: (size, object), for: path)
        }

        private mutating func directory(_ path: Substring, for whole: String) throws(UnsafePath) -> UInt64 {
            var number = FastFileTree.root
            for part in path.split(separator: "/") {
                if let found = directories[Int(number - 1)].numbers[String(part)] {
                    guard files[Int(found - 1)] == nil else {
                        throw UnsafePath(path: whole, reason: .isTwoThings)
                    }
                    number = found
                } else {
                    number = try make(String(part), below: number, file: nil, for: whole)
                }
            }
            return number
        }

        private mutating func make(
            _ name: String,
            below parent: UInt64,
            file: (size: Int, object: Int)?,
            for path: String
        ) throws(UnsafePath) -> UInt64 {
            let number = UInt64(names.count + 1)
            guard directories[Int(parent - 1)].numbers.updateValue(number, forKey: name) == nil else {
                throw UnsafePath(path: path, reason: .isTwoThings)
            }
            names.append(name)
            files.append(file)
            directories.append(Directory())
            return number
        }

        func finish() -> [Node] {
            names.indices.map { index in
                if let file = files[index] {
                    return Node(name: names[index], content: .file(size: file.size, object: file.object))
                }
                var directory = directories[index]
                directory.children = directory.numbers.sorted { $0.key < $1.key }.map(\.value)
                return Node(name: names[index], content: .directory(directory))
            }
        }
    }
}
