import Archive
import Foundation
import Testing

struct GunzipTests {
    /// `printf abc | gzip -n`.
    private static let abc: [UInt8] = [
        0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B, 0x4C, 0x4A, 6, 0, 0xC2, 0x41, 0x24, 0x35, 3, 0, 0, 0,
    ]

    private static func decompress(_ bytes: [UInt8], by step: Int) throws -> String {
        let gunzip = try Gunzip()
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            gunzip.push(Array(bytes[start..<min(bytes.count, start + step)]))
            while case let out = try gunzip.pull(2), !out.isEmpty { result += out }
        }
        try gunzip.finish()
        return String(decoding: result, as: UTF8.self)
    }

    @Test(arguments: [1, 2, 5, 1000])
    func `members follow each other, and padding is ignored`(step: Int) throws {
        #expect(try Self.decompress(Self.abc, by: step) == "abc")
        #expect(try Self.decompress(Self.abc + Self.abc, by: step) == "abcabc")
        #expect(try Self.decompress(Self.abc + [0, 0, 0], by: step) == "abc")
        #expect(try Self.decompress([], by: step).isEmpty)
    }

    @Test func `what is cut off, damaged or no gzip at all is refused`() {
        #expect(throws: ArchiveError.self) { try Self.decompress(Array(Self.abc.dropLast()), by: 4) }
        #expect(throws: ArchiveError.self) { try Self.decompress(Array("plain text".utf8), by: 4) }
        var damaged = Self.abc
        damaged[16] ^= 1
        #expect(throws: ArchiveError.self) { try Self.decompress(damaged, by: 100) }
    }
}
