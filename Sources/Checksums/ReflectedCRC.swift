/// The parameters and tables of one reflected cyclic redundancy check whose register starts as all ones and is inverted
/// at the end, as with every check in this module.
///
/// Sixteen bytes are taken per step ("slicing", Kounavis and Berry 2005): each has a table of its own, so that the
/// look-ups of one step do not wait for each other.
struct ReflectedCRC<Word: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    /// The polynomial with its lowest power in the highest bit.
    private let polynomial: Word
    /// 16 tables of 256 words: table `k` advances a byte that is followed by `k` zero bytes.
    private let tables: [Word]

    init(polynomial: Word) {
        self.polynomial = polynomial
        tables = Self.makeTables(polynomial)
    }

    private static func makeTables(_ polynomial: Word) -> [Word] {
        var tables = [Word](repeating: 0, count: 16 * 256)
        for byte in 0..<256 {
            var word = Word(byte)
            for _ in 0..<8 { word = word & 1 == 0 ? word >> 1 : (word >> 1) ^ polynomial }
            tables[byte] = word
        }
        for index in 256..<tables.count {
            let shorter = tables[index - 256]
            tables[index] = (shorter >> 8) ^ tables[Int(truncatingIfNeeded: shorter & 0xFF)]
        }
        return tables
    }

    /// The register after `bytes`, given the register before them.
    @inline(__always)
    func advance(_ register: Word, over bytes: RawSpan) -> Word {
        let tables = tables.span
        let count = bytes.byteCount
        let end = count & ~15
        var register = register
        var offset = 0
        while offset < end {
            let low = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
            let high = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset + 8, as: UInt64.self)
            // The register comes in last: the look-ups that do without it are done by the time it is known.
            let tail = entries(tables, 0, UInt64(littleEndian: high))
            register =
                tail ^ entries(tables, 8, UInt64(littleEndian: low) ^ UInt64(truncatingIfNeeded: register))
            offset += 16
        }
        while offset < count {
            let byte = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt8.self)
            let index = Int(truncatingIfNeeded: (register ^ Word(byte)) & 0xFF)
            register = (register >> 8) ^ tables[index]
            offset += 1
        }
        return register
    }

    /// The entries of eight bytes, of which the last is followed by `table` more bytes in this step.
    @inline(__always)
    private func entries(_ tables: Span<Word>, _ table: Int, _ bytes: UInt64) -> Word {
        // The index is at most 15 × 256 + 255, the last of the table; checking it costs a fifth of the speed.
        @inline(__always) func entry(_ position: Int) -> Word {
            let byte = Int(truncatingIfNeeded: (bytes >> UInt64(8 * position)) & 0xFF)
            return tables[unchecked: (table + 7 - position) << 8 | byte]
        }
        let late = (entry(7) ^ entry(6)) ^ (entry(5) ^ entry(4))
        return late ^ ((entry(3) ^ entry(2)) ^ (entry(1) ^ entry(0)))
    }

    /// The check of two parts put together, from the checks of the parts: the first is multiplied by `x` to the power of
    /// the bits that follow it, modulo the polynomial.
    func combine(_ first: Word, _ second: Word, secondLength: Int) -> Word {
        precondition(secondLength >= 0, "a length cannot be negative")
        let one: Word = 1 << (Word.bitWidth - 1)
        var power = one
        var square = one >> 8  // x⁸: one byte.
        var rest = secondLength
        while rest > 0 {
            if rest & 1 == 1 { power = multiply(power, square) }
            square = multiply(square, square)
            rest >>= 1
        }
        return multiply(first, power) ^ second
    }

    private func multiply(_ left: Word, _ right: Word) -> Word {
        var product: Word = 0
        var shifted = right
        for bit in stride(from: Word.bitWidth - 1, through: 0, by: -1) {
            if left >> bit & 1 == 1 { product ^= shifted }
            shifted = shifted & 1 == 0 ? shifted >> 1 : (shifted >> 1) ^ polynomial
        }
        return product
    }
}

extension FixedWidthInteger {
    /// The bytes of the value, most significant first: the form in which checksums travel (base64 of these).
    var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }
}
