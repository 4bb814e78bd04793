/// The scalars of every container; what stands here is the shape of the `Codable` protocols.
extension WireEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { document.write(.null) }
    func encode(_ value: Bool) throws { document.write(.bool(value)) }
    func encode(_ value: String) throws { document.write(.string(value)) }
    func encode(_ value: Double) throws { document.write(.number(value)) }
    func encode(_ value: Float) throws { document.write(.number(Double(value))) }
    func encode(_ value: Int) throws { document.write(.integer(value)) }
    func encode(_ value: Int8) throws { document.write(.integer(Int(value))) }
    func encode(_ value: Int16) throws { document.write(.integer(Int(value))) }
    func encode(_ value: Int32) throws { document.write(.integer(Int(value))) }
    func encode(_ value: Int64) throws { document.write(.integer(Int(value))) }
    func encode(_ value: UInt) throws { document.write(.integer(Int(clamping: value))) }
    func encode(_ value: UInt8) throws { document.write(.integer(Int(value))) }
    func encode(_ value: UInt16) throws { document.write(.integer(Int(value))) }
    func encode(_ value: UInt32) throws { document.write(.integer(Int(value))) }
    func encode(_ value: UInt64) throws { document.write(.integer(Int(clamping: value))) }
    func encode(_ value: some Encodable) throws { try document.write(value) }
}

/// Members of a structure.
struct WireKeyedEncoder<Writer: WireWriter, Key: CodingKey>: KeyedEncodingContainerProtocol {
    let document: WireDocument<Writer>
    /// How many containers stand open while this one is written: itself and those around it.
    let depth: Int

    var codingPath: [any CodingKey] { [] }

    /// The place of a member.
    private func place(_ key: Key) -> WireDocument<Writer> {
        document.close(to: depth)
        document.name(key.stringValue)
        return document
    }

    func encodeNil(forKey key: Key) throws { place(key).write(.null) }
    func encode(_ value: Bool, forKey key: Key) throws { place(key).write(.bool(value)) }
    func encode(_ value: String, forKey key: Key) throws { place(key).write(.string(value)) }
    func encode(_ value: Double, forKey key: Key) throws { place(key).write(.number(value)) }
    func encode(_ value: Float, forKey key: Key) throws { place(key).write(.number(Double(value))) }
    func encode(_ value: Int, forKey key: Key) throws { place(key).write(.integer(value)) }
    func encode(_ value: Int8, forKey key: Key) throws { place(key).write(.integer(Int(value))) }
    func encode(_ value: Int16, forKey key: Key) throws { place(key).write(.integer(Int(value))) }
    func encode(_ value: Int32, forKey key: Key) throws { place(key).write(.integer(Int(value))) }
    func encode(_ value: Int64, forKey key: Key) throws { place(key).write(.integer(Int(value))) }
    func encode(_ value: UInt, forKey key: Key) throws { place(key).write(.integer(Int(clamping: value))) }
    func encode(_ value: UInt8, forKey key: Key) throws { place(key).write(.integer(Int(value))) }
    func encode(_ value: UInt16, forKey key: Key) throws { place(key).write(.integer(Int(value))) }
    func encode(_ value: UInt32, forKey key: Key) throws { place(key).write(.integer(Int(value))) }
    func encode(_ value: UInt64, forKey key: Key) throws { place(key).write(.integer(Int(clamping: value))) }
    func encode(_ value: some Encodable, forKey key: Key) throws { try place(key).write(value) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        WireEncoder(document: place(key)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        WireEncoder(document: place(key)).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { WireEncoder(document: document) }
    func superEncoder(forKey key: Key) -> any Encoder { WireEncoder(document: place(key)) }
}

/// Items of a list.
struct WireUnkeyedEncoder<Writer: WireWriter>: UnkeyedEncodingContainer {
    let document: WireDocument<Writer>
    /// How many containers stand open while this one is written: itself and those around it.
    let depth: Int
    private(set) var count = 0

    init(document: WireDocument<Writer>, depth: Int) {
        self.document = document
        self.depth = depth
    }

    var codingPath: [any CodingKey] { [] }

    /// The place after the last item.
    private mutating func place() -> WireDocument<Writer> {
        count += 1
        document.close(to: depth)
        return document
    }

    mutating func encodeNil() throws { place().write(.null) }
    mutating func encode(_ value: Bool) throws { place().write(.bool(value)) }
    mutating func encode(_ value: String) throws { place().write(.string(value)) }
    mutating func encode(_ value: Double) throws { place().write(.number(value)) }
    mutating func encode(_ value: Float) throws { place().write(.number(Double(value))) }
    mutating func encode(_ value: Int) throws { place().write(.integer(value)) }
    mutating func encode(_ value: Int8) throws { place().write(.integer(Int(value))) }
    mutating func encode(_ value: Int16) throws { place().write(.integer(Int(value))) }
    mutating func encode(_ value: Int32) throws { place().write(.integer(Int(value))) }
    mutating func encode(_ value: Int64) throws { place().write(.integer(Int(value))) }
    mutating func encode(_ value: UInt) throws { place().write(.integer(Int(clamping: value))) }
    mutating func encode(_ value: UInt8) throws { place().write(.integer(Int(value))) }
    mutating func encode(_ value: UInt16) throws { place().write(.integer(Int(value))) }
    mutating func encode(_ value: UInt32) throws { place().write(.integer(Int(value))) }
    mutating func encode(_ value: UInt64) throws { place().write(.integer(Int(clamping: value))) }
    mutating func encode(_ value: some Encodable) throws { try place().write(value) }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        WireEncoder(document: place()).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        WireEncoder(document: place()).unkeyedContainer()
    }
    mutating func superEncoder() -> any Encoder { WireEncoder(document: place()) }
}
