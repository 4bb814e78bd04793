import Checksums
import Testing

@Suite struct ChecksumTests {
    private let digits = Array("123456789".utf8)

    @Test func `the check values of the specifications come out`() {
        #expect(CRC32(digits.span.bytes).value == 0xCBF4_3926)
        #expect(CRC32C(digits.span.bytes).value == 0xE306_9283)
        #expect(CRC64NVME(digits.span.bytes).value == 0xAE8B_1486_0A79_9888)
    }

    @Test func `a digest is the value with its most significant byte first`() {
        #expect(CRC32(digits.span.bytes).digest == [0xCB, 0xF4, 0x39, 0x26])
        #expect(CRC64NVME(digits.span.bytes).digest == [0xAE, 0x8B, 0x14, 0x86, 0x0A, 0x79, 0x98, 0x88])
    }

    @Test func `no bytes have the check zero`() {
        #expect(CRC32().value == 0)
        #expect(CRC32C().value == 0)
        #expect(CRC64NVME().value == 0)
    }

    @Test func `every length agrees with the definition bit by bit`() {
        for length in 0..<100 {
            let bytes = noise(length, seed: UInt64(length))
            #expect(CRC32(bytes.span.bytes).value == bitwise(bytes, polynomial: UInt32(0xEDB8_8320)))
            #expect(CRC32C(bytes.span.bytes).value == bitwise(bytes, polynomial: UInt32(0x82F6_3B78)))
            #expect(
                CRC64NVME(bytes.span.bytes).value == bitwise(bytes, polynomial: UInt64(0x9A6C_9329_AC4B_C9B5))
            )
        }
    }

    @Test func `long pieces agree with the definition bit by bit`() {
        // Around the lengths from which three stretches are checked side by side.
        for length in [2047, 6143, 6144, 6145, 6151, 12_288, 20_000] {
            let bytes = noise(length, seed: UInt64(length))
            #expect(CRC32C(bytes.span.bytes).value == bitwise(bytes, polynomial: UInt32(0x82F6_3B78)))
        }
    }

    @Test(arguments: [1, 3, 15, 16, 17, 64, 1000])
    func `bytes may come in pieces of any size`(size: Int) {
        let bytes = noise(4099, seed: 7)
        var (crc32, crc32c, crc64) = (CRC32(), CRC32C(), CRC64NVME())
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            crc32.update(piece.span)
            crc32c.update(piece.span)
            crc64.update(piece.span)
        }
        #expect(crc32.value == CRC32(bytes.span.bytes).value)
        #expect(crc32c.value == CRC32C(bytes.span.bytes).value)
        #expect(crc64.value == CRC64NVME(bytes.span.bytes).value)
    }

    @Test(arguments: [0, 1, 5, 1024, 4999, 5000])
    func `the checks of two parts combine into the check of both`(cut: Int) {
        let whole = noise(5000, seed: 11)
        let (first, second) = (Array(whole[..<cut]), Array(whole[cut...]))
        #expect(
            CRC32.combine(
                CRC32(first.span.bytes).value,
                CRC32(second.span.bytes).value,
                secondLength: second.count
            )
                == CRC32(whole.span.bytes).value
        )
        #expect(
            CRC32C.combine(
                CRC32C(first.span.bytes).value,
                CRC32C(second.span.bytes).value,
                secondLength: second.count
            )
                == CRC32C(whole.span.bytes).value
        )
        #expect(
            CRC64NVME.combine(
                CRC64NVME(first.span.bytes).value,
                CRC64NVME(second.span.bytes).value,
                secondLength: second.count
            )
                == CRC64NVME(whole.span.bytes).value
        )
    }

    private func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }

    private func bitwise<Word: FixedWidthInteger & UnsignedInteger>(
        _ bytes: [UInt8],
        polynomial: Word
    ) -> Word {
        var register = Word.max
        for byte in bytes {
            register ^= Word(byte)
            for _ in 0..<8 { register = register & 1 == 0 ? register >> 1 : (register >> 1) ^ polynomial }
        }
        return ~register
    }
}
