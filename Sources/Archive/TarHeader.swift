/// One 512-byte block that opens a tar entry (POSIX ustar; GNU base-256 numbers are read).
struct TarHeader: Equatable {
    var name: String
    var kind: Kind
    /// Bytes of content.
    var size: Int
    /// Permission bits.
    var mode: Int
    /// Seconds since the epoch.
    var modified: Int
    /// Target of a link.
    var link = ""

    static let blockSize = 512

    enum Kind: UInt8 {
        case file = 0x30
        case hardLink = 0x31
        case symbolicLink = 0x32
        case directory = 0x35
        /// The next entry's name is this one's content (GNU).
        case longName = 0x4C
        /// The next entry's link target is this one's content (GNU).
        case longLink = 0x4B
        /// The next entry's attributes are this one's content (PAX).
        case extended = 0x78
        /// Attributes of all entries that follow (PAX); nothing in them matters here.
        case global = 0x67
    }

    /// The blocks of this entry's header: one, or three if the name is too long for one (PAX).
    var blocks: [UInt8] {
        let needsExtension = name.utf8.count > 100 || size > 0o77_777_777_777
        guard needsExtension else { return block }
        var records = Self.record("path", name)
        if size > 0o77_777_777_777 { records += Self.record("size", String(size)) }
        let head = TarHeader(
            name: "PaxHeader",
            kind: .extended,
            size: records.count,
            mode: 0o644,
            modified: modified
        )
        let padding = [UInt8](
            repeating: 0,
            count: (Self.blockSize - records.count % Self.blockSize) % Self.blockSize
        )
        var short = self
        short.name = String(decoding: name.utf8.suffix(100), as: UTF8.self)
        return head.block + records + padding + short.block
    }

    /// `<length> <key>=<value>\n`, where the length counts itself.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count + 1
        while String(length).utf8.count + rest.utf8.count != length { length += 1 }
        return Array("\(length)\(rest)".utf8)
    }

    private var block: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ text: some Sequence<UInt8>, at offset: Int, room: Int) {
            for (position, byte) in text.prefix(room).enumerated() { bytes[offset + position] = byte }
        }
        func put(_ number: Int, at offset: Int, digits: Int) {
            let text = String(number, radix: 8)
            let padded = String(repeating: "0", count: max(0, digits - text.count)) + text
            put(padded.utf8.suffix(digits), at: offset, room: digits)
        }
        put(name.utf8, at: 0, room: 100)
        put(mode & 0o7777, at: 100, digits: 7)
        put(0, at: 108, digits: 7)
        put(0, at: 116, digits: 7)
        put(min(size, 0o77_777_777_777), at: 124, digits: 11)
        put(max(0, modified), at: 136, digits: 11)
        bytes[156] = kind.rawValue
        put(link.utf8, at: 157, room: 100)
        put("ustar\u{0}00".utf8, at: 257, room: 8)
        put("root".utf8, at: 265, room: 32)
        put("root".utf8, at: 297, room: 32)
        put(Self.checksum(bytes), at: 148, digits: 6)
        bytes[154] = 0
        bytes[155] = 0x20
        return bytes
    }

    /// The sum of all bytes, the checksum's own eight counted as spaces.
    private static func checksum(_ bytes: [UInt8]) -> Int {
        bytes.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
    }

    init(name: String, kind: Kind, size: Int, mode: Int, modified: Int) {
        self.name = name
        self.kind = kind
        self.size = size
        self.mode = mode
        self.modified = modified
    }

    /// Reads a block that is not all zeros.
    ///
    /// - Throws: `ArchiveError.malformed` for a wrong checksum or number, `.refused` for an entry of another kind.
    init(_ bytes: [UInt8]) throws(ArchiveError) {
        precondition(bytes.count == Self.blockSize)
        guard try Self.number(bytes[148..<156]) == Self.checksum(bytes) else {
            throw .malformed("a header's checksum is wrong")
        }
        let prefix =
            Array(bytes[257..<262]) == Array("ustar".utf8) && bytes[262] == 0
            ? Self.text(bytes[345..<500]) : ""
        let short = Self.text(bytes[0..<100])
        name = prefix.isEmpty ? short : "\(prefix)/\(short)"
        size = try Self.number(bytes[124..<136])
        mode = try Self.number(bytes[100..<108]) & 0o7777
        modified = try Self.number(bytes[136..<148])
        link = Self.text(bytes[157..<257])
        switch bytes[156] {
        case 0, 0x37: kind = name.hasSuffix("/") ? .directory : .file  // Old tar; contiguous file.
        case let flag:
            guard let known = Kind(rawValue: flag) else {
                throw .refused(entry: name, reason: "it is neither a file nor a directory nor a link")
            }
            kind = known
        }
        guard size >= 0 else { throw .malformed("a negative size") }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Octal digits between spaces and NULs, or base 256 if the first bit is set.
    private static func number(_ field: ArraySlice<UInt8>) throws(ArchiveError) -> Int {
        guard let first = field.first else { return 0 }
        if first & 0x80 != 0 {
            var value = Int(first & 0x3F)
            for byte in field.dropFirst() {
                guard value < 1 << 54 else { throw .malformed("a number beyond all bounds") }
                value = value << 8 | Int(byte)
            }
            return first & 0x40 != 0 ? -1 : value
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
        guard !digits.isEmpty else { return 0 }
        guard let value = Int(String(decoding: digits, as: UTF8.self), radix: 8) else {
            throw .malformed("a number is not octal")
        }
        return value
    }

    /// The attributes in a PAX header's content.
    static func attributes(_ content: [UInt8]) throws(ArchiveError) -> [String: String] {
        var result: [String: String] = [:]
        var rest = content[...]
        while let space = rest.firstIndex(of: 0x20) {
            guard let length = Int(String(decoding: rest[..<space], as: UTF8.self)), length > 0,
                length <= rest.count,
                let equals = rest[space...].firstIndex(of: 0x3D), equals < rest.startIndex + length
            else { throw .malformed("an extended header") }
            let end = rest.startIndex + length - 1
            guard equals < end else { throw .malformed("an extended header") }
            let key = String(decoding: rest[(space + 1)..<equals], as: UTF8.self)
            result[key] = String(decoding: rest[(equals + 1)..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
        }
        return result
    }
}
