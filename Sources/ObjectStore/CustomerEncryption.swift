import Crypto
import CryptoExtras
package import Foundation
package import NIOCore

/// That the bytes of an object are encrypted with a key that only its clients have, and by what the right one is known.
///
/// The key itself is kept nowhere: whoever loses it has lost the object.
package struct CustomerEncryption: Sendable, Hashable, Codable {
    /// Random: two objects never have the same key for their bytes, even if their clients have.
    private let salt: Data
    /// What the right key derives beside the key of the bytes; neither can be found from it.
    private let proof: Data

    /// The mark of a new object.
    ///
    /// - Parameter key: The client's, 32 bytes.
    package init(key: Data) {
        salt = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        proof = Self.derive(key, salt).proof
    }

    /// What encrypts and decrypts the object's bytes.
    ///
    /// - Parameter key: The client's.
    /// - Returns: `nil` if the object has another one.
    package func cipher(_ key: Data) -> ObjectCipher? {
        let (derived, proof) = Self.derive(key, salt)
        // In a time that does not tell how much of it is right.
        let difference = zip(proof, self.proof).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        return difference == 0 && proof.count == self.proof.count ? ObjectCipher(key: derived) : nil
    }

    private static func derive(_ key: Data, _ salt: Data) -> (key: SymmetricKey, proof: Data) {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key),
            salt: salt,
            info: Data("clary object 1".utf8),
            outputByteCount: 64
        )
        return derived.withUnsafeBytes { bytes in
            (SymmetricKey(data: Data(bytes.prefix(32))), Data(bytes.dropFirst(32)))
        }
    }
}

/// AES-256 in counter mode over the bytes of one object: a file is as long as its object, and any range of it can be
/// read by itself.
///
/// Encrypting says nothing of who wrote the bytes: that the disk gives back what was written, the block digests see.
package struct ObjectCipher: Sendable {
    private let key: SymmetricKey
    /// Which of the streams that one key gives: 0 for an object put at once, a random one for each part of an upload.
    var stream: UInt64 = 0

    private static let blockSize = 16

    fileprivate init(key: SymmetricKey) { self.key = key }

    /// Encrypts or decrypts: both are the same.
    ///
    /// - Parameters:
    ///   - bytes: From anywhere in the stream.
    ///   - position: Where in the stream they begin.
    /// - Returns: As many bytes.
    /// - Throws: What the cipher throws, for which there is no occasion.
    func apply(_ bytes: ByteBuffer, at position: Int) throws -> ByteBuffer {
        let before = position % Self.blockSize
        var padded = Data(count: before)
        padded.append(contentsOf: bytes.readableBytesView)
        let counter = [stream, UInt64(position / Self.blockSize)].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
        let applied = try AES._CTR.encrypt(padded, using: key, nonce: .init(nonceBytes: counter))
        return ByteBuffer(bytes: applied.dropFirst(before))
    }

    /// Decrypts bytes of an object, which may have been made of parts.
    func apply(_ bytes: ByteBuffer, at position: Int, of parts: PartSizes?) throws -> ByteBuffer {
        guard let parts, let streams = parts.streams else { return try apply(bytes, at: position) }
        var rest = bytes
        var position = position
        var applied = ByteBuffer()
        while rest.readableBytes > 0, let part = parts.part(at: position) {
            let count = min(rest.readableBytes, part.range.upperBound - position)
            guard let piece = rest.readSlice(length: count), part.number <= streams.count else { break }
            var cipher = self
            cipher.stream = streams[part.number - 1]
            applied.writeImmutableBuffer(try cipher.apply(piece, at: position - part.range.lowerBound))
            position += count
        }
        return applied
    }

    /// What stands for the MD5 of bytes in an ETag: the MD5 itself would let anybody confirm a guess of them.
    func seal(_ md5: Data) -> Data { Data(HMAC<SHA256>.authenticationCode(for: md5, using: key)).prefix(16) }
}

extension PartSizes {
    /// The part that holds a byte, and all the bytes of that part.
    func part(at position: Int) -> (number: Int, range: Range<Int>)? {
        var start = 0
        var before = 0
        for run in runs {
            if run.size > 0, position < start + run.size * run.count {
                let index = (position - start) / run.size
                let begin = start + index * run.size
                return (before + index + 1, begin..<begin + run.size)
            }
            start += run.size * run.count
            before += run.count
        }
        return nil
    }
}

extension ObjectReader {
    /// As `read`, with the bytes as the client sent them.
    ///
    /// - Parameters:
    ///   - range: Within the object.
    ///   - cipher: Of the object; `nil` for bytes that are stored as they came.
    ///   - first: The first chunk, as `first(of:)` gave it.
    ///   - consume: Its suspension holds the reading back.
    /// - Throws: As `read`.
    package func read(
        _ range: Range<Int>,
        with cipher: ObjectCipher?,
        startingWith first: ByteBuffer? = nil,
        _ consume: (ByteBuffer) async throws -> Void
    ) async throws {
        guard let cipher else { return try await read(range, startingWith: first, consume) }
        var position = range.lowerBound
        try await read(range, startingWith: first) { chunk in
            let start = position
            let plain = try await BlockingWork.run { [record] in
                try cipher.apply(chunk, at: start, of: record.parts)
            }
            try await consume(plain)
            position += chunk.readableBytes
        }
    }
}
