import Agent
import AgentProtocol
import Foundation
import Resources
import Testing

struct ObjectListingTests {
    private static func withFile<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("listing-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    private static func file(_ number: Int) -> ListedFile {
        ListedFile(
            relativePath: "ö/\(number)",
            size: number,
            version: .init(inode: .max - UInt64(number), modified: -number)
        )
    }

    @Test func `what is written is read back, at any position`() throws {
        try Self.withFile { path in
            var writer = try ObjectListingWriter(path: path)
            for number in 0..<20_000 {
                if number % 3 == 0 {
                    try writer.append(.literal(Array("\(number)".utf8)))
                } else if number % 7 == 0 {
                    try writer.append(.file(Self.file(number)))
                } else {
                    let location = S3Location(bucket: "b", key: "é/\(number)")
                    try writer.append(
                        .object(
                            DataObject(
                                location: location,
                                relativePath: "\(number)",
                                size: number,
                                nearPath: number % 3 == 1 ? "/store/\(number)" : nil,
                                eTag: number % 2 == 0 ? "tag" : nil
                            )
                        )
                    )
                }
            }
            try writer.finish()
            let listing = try ObjectListing(path: path)
            #expect(listing.count == 20_000 && !listing.isNear)
            #expect(listing.bytes == (0..<20_000).filter { $0 % 3 != 0 }.reduce(0, +))
            for number in [19_999, 0, 10_000, 1, 2, 7, 14_000] {
                switch try listing.item(number) {
                case .literal(let bytes): #expect(number % 3 == 0 && bytes == Array("\(number)".utf8))
                case .file(let file): #expect(number % 7 == 0 && file == Self.file(number))
                case .object(let object):
                    #expect(number % 7 != 0)
                    #expect(object.location == S3Location(bucket: "b", key: "é/\(number)"))
                    #expect(object.size == number && object.relativePath == "\(number)")
                    #expect(object.nearPath == (number % 3 == 1 ? "/store/\(number)" : nil))
                    #expect(object.eTag == (number % 2 == 0 ? "tag" : nil))
                }
            }
        }
    }

    @Test func `a listing that is cut off is refused`() throws {
        try Self.withFile { path in
            var writer = try ObjectListingWriter(path: path)
            try writer.append(.literal(Array("abc".utf8)))
            try writer.append(.literal(Array("def".utf8)))
            try writer.finish()
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for length in 1..<whole.count where length != whole.count / 2 {
                try whole.prefix(length).write(to: URL(fileURLWithPath: path))
                #expect(throws: ListingError.self) { try ObjectListing(path: path) }
            }
        }
    }

    @Test func `channels of older records can still be read`() throws {
        let old = #"{"name":"train","objects":[],"manifest":"p\n"}"#
        let channel = try JSONDecoder().decode(Channel.self, from: Data(old.utf8))
        #expect(channel.name == "train" && channel.mode == .file)
    }
}

struct FramesTests {
    @Test(arguments: [0, 1, 4, 7])
    func `a record has its length before it and zeros behind it`(length: Int) throws {
        let pipe = Pipe()
        let content = [UInt8](repeating: 9, count: length)
        var frames = Frames(
            isRecordIO: true,
            length: length,
            output: pipe.fileHandleForWriting.fileDescriptor
        )
        try frames.write(content)
        try frames.finish()
        try pipe.fileHandleForWriting.close()
        let zeros = [UInt8](repeating: 0, count: (4 - length % 4) % 4)
        let expected = [0x0A, 0x23, 0xD7, 0xCE, UInt8(length), 0, 0, 0] + content + zeros
        #expect(try Array(pipe.fileHandleForReading.readToEnd() ?? Data()) == expected)
    }

    @Test func `an object that is shorter than announced is no record`() throws {
        let pipe = Pipe()
        var frames = Frames(isRecordIO: true, length: 5, output: pipe.fileHandleForWriting.fileDescriptor)
        try frames.write([1, 2])
        #expect(throws: ShortObject.self) { try frames.finish() }
    }
}
