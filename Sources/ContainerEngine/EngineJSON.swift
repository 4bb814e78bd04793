import Foundation

/// Documents of the Docker Engine API, whose names begin with a capital letter where ours do not.
///
/// Keys of dictionaries (labels, names of networks) stay as they are.
enum EngineJSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .custom { Key(theirs(of: $0.last?.stringValue ?? "")) }
        return try encoder.encode(value)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { Key(ours(of: $0.last?.stringValue ?? "")) }
        return try decoder.decode(type, from: data)
    }

    /// `hostConfig` → `HostConfig`, `ipamConfig` → `IPAMConfig`.
    static func theirs(of name: String) -> String {
        for (ours, theirs) in abbreviations where name.hasPrefix(ours) {
            return theirs + name.dropFirst(ours.count)
        }
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    static func ours(of name: String) -> String {
        for (ours, theirs) in abbreviations where name.hasPrefix(theirs) {
            return ours + name.dropFirst(theirs.count)
        }
        return name.prefix(1).lowercased() + name.dropFirst()
    }

    private static let abbreviations = [("ipam", "IPAM"), ("ipv4", "IPv4")]

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}
