/// The scalars of every container become leaves; what stands here is the shape of the `Codable` protocols.
extension WireEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { node.content = .leaf(.null) }
    func encode(_ value: Bool) throws { node.content = .leaf(.bool(value)) }
    func encode(_ value: String) throws { node.content = .leaf(.string(value)) }
    func encode(_ value: Double) throws { node.content = .leaf(.number(value)) }
    func encode(_ value: Float) throws { node.content = .leaf(.number(Double(value))) }
    func encode(_ value: Int) throws { node.content = .leaf(.integer(value)) }
    func encode(_ value: Int8) throws { node.content = .leaf(.integer(Int(value))) }
    func encode(_ value: Int16) throws { node.content = .leaf(.integer(Int(value))) }
    func encode(_ value: Int32) throws { node.content = .leaf(.integer(Int(value))) }
    func encode(_ value: Int64) throws { node.content = .leaf(.integer(Int(value))) }
    func encode(_ value: UInt) throws { node.content = .leaf(.integer(Int(clamping: value))) }
    func encode(_ value: UInt8) throws { node.content = .leaf(.integer(Int(value))) }
    func encode(_ value: UInt16) throws { node.content = .leaf(.integer(Int(value))) }
    func encode(_ value: UInt32) throws { node.content = .leaf(.integer(Int(value))) }
    func encode(_ value: UInt64) throws { node.content = .leaf(.integer(Int(clamping: value))) }
}

/// Members of a structure or map.
struct WireKeyedEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: WireEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    private func place(_ key: Key) -> WireEncoder.Node { encoder.node.member(key.stringValue) }
    private func child(_ key: Key) -> WireEncoder { WireEncoder(place(key), codingPath: codingPath + [key]) }

    func encodeNil(forKey key: Key) throws { place(key).content = .leaf(.null) }
    func encode(_ value: Bool, forKey key: Key) throws { place(key).content = .leaf(.bool(value)) }
    func encode(_ value: String, forKey key: Key) throws { place(key).content = .leaf(.string(value)) }
    func encode(_ value: Double, forKey key: Key) throws { place(key).content = .leaf(.number(value)) }
    func encode(_ value: Float, forKey key: Key) throws { place(key).content = .leaf(.number(Double(value))) }
    func encode(_ value: Int, forKey key: Key) throws { place(key).content = .leaf(.integer(value)) }
    func encode(_ value: Int8, forKey key: Key) throws { place(key).content = .leaf(.integer(Int(value))) }
    func encode(_ value: Int16, forKey key: Key) throws { place(key).content = .leaf(.integer(Int(value))) }
    func encode(_ value: Int32, forKey key: Key) throws { place(key).content = .leaf(.integer(Int(value))) }
    func encode(_ value: Int64, forKey key: Key) throws { place(key).content = .leaf(.integer(Int(value))) }
    func encode(_ value: UInt, forKey key: Key) throws {
        place(key).content = .leaf(.integer(Int(clamping: value)))
    }
    func encode(_ value: UInt8, forKey key: Key) throws { place(key).content = .leaf(.integer(Int(value))) }
    func encode(_ value: UInt16, forKey key: Key) throws { place(key).content = .leaf(.integer(Int(value))) }
    func encode(_ value: UInt32, forKey key: Key) throws { place(key).content = .leaf(.integer(Int(value))) }
    func encode(_ value: UInt64, forKey key: Key) throws {
        place(key).content = .leaf(.integer(Int(clamping: value)))
    }
    func encode(_ value: some Encodable, forKey key: Key) throws { try child(key).encode(value) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        child(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        child(key).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { encoder }
    func superEncoder(forKey key: Key) -> any Encoder { child(key) }
}

/// Items of a list.
struct WireUnkeyedEncoder: UnkeyedEncodingContainer {
    let encoder: WireEncoder
    private(set) var count = 0

    init(encoder: WireEncoder) { self.encoder = encoder }

    var codingPath: [any CodingKey] { encoder.codingPath }

    private mutating func place() -> WireEncoder.Node {
        count += 1
        return encoder.node.item()
    }

    private mutating func child() -> WireEncoder {
        WireEncoder(place(), codingPath: codingPath + [WireIndex(count - 1)])
    }

    mutating func encodeNil() throws { place().content = .leaf(.null) }
    mutating func encode(_ value: Bool) throws { place().content = .leaf(.bool(value)) }
    mutating func encode(_ value: String) throws { place().content = .leaf(.string(value)) }
    mutating func encode(_ value: Double) throws { place().content = .leaf(.number(value)) }
    mutating func encode(_ value: Float) throws { place().content = .leaf(.number(Double(value))) }
    mutating func encode(_ value: Int) throws { place().content = .leaf(.integer(value)) }
    mutating func encode(_ value: Int8) throws { place().content = .leaf(.integer(Int(value))) }
    mutating func encode(_ value: Int16) throws { place().content = .leaf(.integer(Int(value))) }
    mutating func encode(_ value: Int32) throws { place().content = .leaf(.integer(Int(value))) }
    mutating func encode(_ value: Int64) throws { place().content = .leaf(.integer(Int(value))) }
    mutating func encode(_ value: UInt) throws { place().content = .leaf(.integer(Int(clamping: value))) }
    mutating func encode(_ value: UInt8) throws { place().content = .leaf(.integer(Int(value))) }
    mutating func encode(_ value: UInt16) throws { place().content = .leaf(.integer(Int(value))) }
    mutating func encode(_ value: UInt32) throws { place().content = .leaf(.integer(Int(value))) }
    mutating func encode(_ value: UInt64) throws { place().content = .leaf(.integer(Int(clamping: value))) }
    mutating func encode(_ value: some Encodable) throws { try child().encode(value) }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        child().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { child().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { child() }
}
