/// Finds the model inside a Python pickle of an `xgboost.core.Booster`.
///
/// A pickle is a program for a stack machine that may call any function. This reader follows the program only as far
/// as needed to see which bytes end up as the Booster's `handle`: nothing is imported, called or built. Whatever is
/// neither text, bytes, a name nor the Booster's attributes becomes `opaque`, so values never nest and the memory
/// taken is bounded by the file and by `operationLimit`.
package struct PickleReader {
    /// Operations that a pickle may have; Boosters have some hundreds, and one per feature name.
    package static let operationLimit = 4_000_000

    /// Why no model was found.
    package enum Failure: Error, Equatable, Sendable {
        /// The bytes end, or go astray, at `offset`.
        case malformed(offset: Int)
        case unknownOperation(UInt8, offset: Int)
        case tooManyOperations
        /// The pickle is sound but holds no Booster with a model in it.
        case noBooster
    }

    private enum Value {
        case opaque
        case mark
        /// Bytes of UTF-8.
        case text(Range<Int>)
        case bytes(Content)
        case tuple([Value])
        /// `module.name`
        case global(String)
        case attributes(handle: Content?)
        case object(String)
    }

    private enum Content {
        case slice(Range<Int>)
        /// Text that stands for bytes, one per character.
        case latin1(Range<Int>)
    }

    private let pickle: [UInt8]
    private var position = 0
    private var stack: [Value] = []
    private var memo: [Int: Value] = [:]
    private var model: Content?

    private init(_ pickle: [UInt8]) { self.pickle = pickle }

    /// Whether the bytes start as a pickle does: with the protocol's mark, or as the text protocols do.
    package static func isPickle(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, bytes.count > 2 else { return false }
        if first == 0x80 { return bytes[1] <= 5 }
        return bytes.starts(with: "ccopy_reg\n".utf8) || bytes.starts(with: "cxgboost.".utf8)
    }

    /// The bytes of the Booster's `handle` attribute.
    ///
    /// - Throws: `Failure`.
    package static func boosterHandle(in pickle: [UInt8]) throws(Failure) -> [UInt8] {
        var reader = PickleReader(pickle)
        try reader.run()
        guard let model = reader.model else { throw .noBooster }
        return try reader.materialise(model)
    }

    private mutating func run() throws(Failure) {
        for _ in 0..<Self.operationLimit {
            let offset = position
            let operation = try byte()
            if operation == 0x2E { return }  // STOP
            guard try step(operation) else { throw .unknownOperation(operation, offset: offset) }
        }
        throw .tooManyOperations
    }

    /// - Returns: Whether the operation exists.
    private mutating func step(_ operation: UInt8) throws(Failure) -> Bool {
        if try pushText(operation) { return true }
        if try pushOpaque(operation) { return true }
        if try useMemo(operation) { return true }
        return try combine(operation)
    }

    // MARK: Operations that push something out of the file

    private mutating func pushText(_ operation: UInt8) throws(Failure) -> Bool {
        switch operation {
        case 0x8C: stack.append(.text(try take(Int(byte()))))  // SHORT_BINUNICODE
        case 0x58: stack.append(.text(try take(number(bytes: 4))))  // BINUNICODE
        case 0x8D: stack.append(.text(try take(number(bytes: 8))))  // BINUNICODE8
        case 0x56: stack.append(.text(try lineRange()))  // UNICODE, whose escapes no model uses
        case 0x55: stack.append(.bytes(.slice(try take(Int(byte())))))  // SHORT_BINSTRING
        case 0x54: stack.append(.bytes(.slice(try take(number(bytes: 4)))))  // BINSTRING
        case 0x43: stack.append(.bytes(.slice(try take(Int(byte())))))  // SHORT_BINBYTES
        case 0x42: stack.append(.bytes(.slice(try take(number(bytes: 4)))))  // BINBYTES
        case 0x8E, 0x96: stack.append(.bytes(.slice(try take(number(bytes: 8)))))  // BINBYTES8, BYTEARRAY8
        case 0x63:  // GLOBAL
            let module = try lineRange()
            stack.append(.global("\(text(module)).\(text(try lineRange()))"))
        case 0x93:  // STACK_GLOBAL
            guard case .text(let name)? = stack.popLast(), case .text(let module)? = stack.popLast() else {
                throw .malformed(offset: position)
            }
            stack.append(.global("\(text(module)).\(text(name))"))
        default: return false
        }
        return true
    }

    private mutating func pushOpaque(_ operation: UInt8) throws(Failure) -> Bool {
        switch operation {
        case 0x80:
            _ = try byte()  // PROTO
            return true
        case 0x95:
            _ = try take(8)  // FRAME
            return true
        case 0x4E, 0x88, 0x89, 0x5D, 0x8F: break  // NONE, NEWTRUE, NEWFALSE, EMPTY_LIST, EMPTY_SET
        case 0x4B: _ = try take(1)  // BININT1
        case 0x4D: _ = try take(2)  // BININT2
        case 0x4A: _ = try take(4)  // BININT
        case 0x47: _ = try take(8)  // BINFLOAT
        case 0x8A: _ = try take(Int(byte()))  // LONG1
        case 0x8B: _ = try take(number(bytes: 4))  // LONG4
        case 0x49, 0x4C, 0x46, 0x53: _ = try lineRange()  // INT, LONG, FLOAT, STRING
        case 0x29:  // EMPTY_TUPLE
            stack.append(.tuple([]))
            return true
        case 0x7D:  // EMPTY_DICT
            stack.append(.attributes(handle: nil))
            return true
        case 0x28:  // MARK
            stack.append(.mark)
            return true
        default: return false
        }
        stack.append(.opaque)
        return true
    }

    private mutating func useMemo(_ operation: UInt8) throws(Failure) -> Bool {
        switch operation {
        case 0x94: memo[memo.count] = try top()  // MEMOIZE
        case 0x71: memo[Int(try byte())] = try top()  // BINPUT
        case 0x72: memo[try number(bytes: 4)] = try top()  // LONG_BINPUT
        case 0x70: memo[try lineNumber()] = try top()  // PUT
        case 0x68: stack.append(try remembered(Int(byte())))  // BINGET
        case 0x6A: stack.append(try remembered(number(bytes: 4)))  // LONG_BINGET
        case 0x67: stack.append(try remembered(lineNumber()))  // GET
        default: return false
        }
        return true
    }

    // MARK: Operations on the stack

    private mutating func combine(_ operation: UInt8) throws(Failure) -> Bool {
        switch operation {
        case 0x30: _ = try pop()  // POP
        case 0x31: _ = try popToMark()  // POP_MARK
        case 0x32: stack.append(try top())  // DUP
        case 0x85: stack.append(tuple([try pop()]))  // TUPLE1
        case 0x86: stack.append(tuple(try pop(2)))  // TUPLE2
        case 0x87: stack.append(tuple(try pop(3)))  // TUPLE3
        case 0x74: stack.append(tuple(try popToMark()))  // TUPLE
        case 0x61: _ = try pop()  // APPEND
        case 0x65, 0x90: _ = try popToMark()  // APPENDS, ADDITEMS
        case 0x6C, 0x91:  // LIST, FROZENSET
            _ = try popToMark()
            stack.append(.opaque)
        case 0x64:  // DICT
            let items = try popToMark()
            stack.append(.attributes(handle: handle(among: items)))
        case 0x73: try setItems(pop(2))  // SETITEM
        case 0x75: try setItems(popToMark())  // SETITEMS
        case 0x52:  // REDUCE
            let arguments = try pop()
            stack.append(result(of: try pop(), arguments))
        case 0x81:  // NEWOBJ
            _ = try pop()
            stack.append(instance(of: try pop()))
        case 0x92:  // NEWOBJ_EX
            _ = try pop(2)
            stack.append(instance(of: try pop()))
        case 0x62: try build(state: pop())  // BUILD
        // NEXT_BUFFER, READONLY_BUFFER: out-of-band data is not in the file.
        case 0x97, 0x98: stack.append(.opaque)
        default: return false
        }
        return true
    }

    private mutating func setItems(_ items: [Value]) throws(Failure) {
        // Items of anything but the attributes' dictionary are of no interest.
        guard case .attributes(let present) = try top() else { return }
        stack[stack.count - 1] = .attributes(handle: handle(among: items) ?? present)
    }

    private func handle(among items: [Value]) -> Content? {
        for index in stride(from: 0, to: items.count - 1, by: 2) {
            guard isText(items[index], "handle"), case .bytes(let content) = items[index + 1] else {
                continue
            }
            return content
        }
        return nil
    }

    /// What a call would give, as far as it matters: byte strings are made by calls in the older protocols.
    private func result(of function: Value, _ arguments: Value) -> Value {
        guard case .global(let name) = function, case .tuple(let items) = arguments else { return .opaque }
        switch name {
        case "builtins.bytearray", "__builtin__.bytearray", "builtins.bytes", "__builtin__.bytes",
            "_codecs.encode":
            switch items.first {
            case .bytes(let content): return .bytes(content)
            case .text(let range): return .bytes(.latin1(range))
            default: return .opaque
            }
        case "copy_reg._reconstructor", "copyreg._reconstructor", "copyreg.__newobj__", "copy_reg.__newobj__":
            return items.first.map(instance) ?? .opaque
        default: return .opaque
        }
    }

    private func instance(of type: Value) -> Value {
        guard case .global(let name) = type else { return .opaque }
        return .object(name)
    }

    private mutating func build(state: Value) throws(Failure) {
        guard case .object(let name) = try top(), name == "xgboost.core.Booster" else { return }
        if case .attributes(.some(let handle)) = state, model == nil { model = handle }
    }

    /// Keeps what calls need; anything else in a tuple is forgotten, so that tuples hold no tuples.
    private func tuple(_ items: [Value]) -> Value {
        .tuple(
            items.prefix(4).map { item in
                switch item {
                case .text, .bytes, .global: item
                default: .opaque
                }
            }
        )
    }

    // MARK: Reading

    private mutating func byte() throws(Failure) -> UInt8 {
        guard position < pickle.count else { throw .malformed(offset: position) }
        position += 1
        return pickle[position - 1]
    }

    /// A little-endian count.
    private mutating func number(bytes count: Int) throws(Failure) -> Int {
        var value: UInt64 = 0
        for shift in 0..<count { value |= UInt64(try byte()) << UInt64(8 * shift) }
        guard let number = Int(exactly: value) else { throw .malformed(offset: position) }
        return number
    }

    private mutating func take(_ count: Int) throws(Failure) -> Range<Int> {
        guard count <= pickle.count - position else { throw .malformed(offset: position) }
        position += count
        return position - count..<position
    }

    private mutating func lineRange() throws(Failure) -> Range<Int> {
        guard let end = pickle[position...].firstIndex(of: 0x0A) else { throw .malformed(offset: position) }
        defer { position = end + 1 }
        return position..<end
    }

    private mutating func lineNumber() throws(Failure) -> Int {
        guard let number = Int(text(try lineRange())), number >= 0 else { throw .malformed(offset: position) }
        return number
    }

    private mutating func pop() throws(Failure) -> Value {
        guard let value = stack.popLast() else { throw .malformed(offset: position) }
        return value
    }

    private mutating func pop(_ count: Int) throws(Failure) -> [Value] {
        guard stack.count >= count else { throw .malformed(offset: position) }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(Failure) -> [Value] {
        let mark = stack.lastIndex { if case .mark = $0 { true } else { false } }
        guard let mark else { throw .malformed(offset: position) }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[(mark + 1)...])
    }

    private func top() throws(Failure) -> Value {
        guard let value = stack.last else { throw .malformed(offset: position) }
        return value
    }

    private func remembered(_ index: Int) throws(Failure) -> Value {
        guard let value = memo[index] else { throw .malformed(offset: position) }
        return value
    }

    private func isText(_ value: Value, _ expected: String) -> Bool {
        switch value {
        // Python 2 writes attribute names as byte strings.
        case .text(let range), .bytes(.slice(let range)): pickle[range].elementsEqual(expected.utf8)
        default: false
        }
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: pickle[range].prefix(200), as: UTF8.self)
    }

    private func materialise(_ content: Content) throws(Failure) -> [UInt8] {
        switch content {
        case .slice(let range): return Array(pickle[range])
        case .latin1(let range):
            var bytes: [UInt8] = []
            bytes.reserveCapacity(range.count)
            for scalar in String(decoding: pickle[range], as: UTF8.self).unicodeScalars {
                guard let byte = UInt8(exactly: scalar.value) else {
                    throw .malformed(offset: range.lowerBound)
                }
                bytes.append(byte)
            }
            return bytes
        }
    }
}
