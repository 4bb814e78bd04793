package import Checksums
package import Crypto
package import Foundation
package import NIOCore

/// A checksum that clients may ask for beside the MD5.
package enum ChecksumAlgorithm: String, Sendable, Hashable, Codable, CaseIterable {
    case crc32 = "CRC32"
    case crc32c = "CRC32C"
    case crc64nvme = "CRC64NVME"
    case sha1 = "SHA1"
    case sha256 = "SHA256"

    /// Bytes of a digest.
    package var byteCount: Int {
        switch self {
        case .crc32, .crc32c: 4
        case .crc64nvme: 8
        case .sha1: 20
        case .sha256: 32
        }
    }

    /// The form that a multipart upload gets which asks for none.
    package var defaultForm: ChecksumForm { self == .crc64nvme ? .fullObject : .composite }

    /// Whether checksums of this algorithm can have a form in a multipart upload.
    package func allows(_ form: ChecksumForm) -> Bool {
        switch self {
        case .crc32, .crc32c: true
        case .crc64nvme: form == .fullObject
        case .sha1, .sha256: form == .composite
        }
    }
}

/// What a checksum of a multipart object covers.
package enum ChecksumForm: String, Sendable, Hashable, Codable {
    /// The object's bytes.
    case fullObject = "FULL_OBJECT"
    /// The parts' checksums.
    case composite = "COMPOSITE"
}

/// The checksum stored with an object.
package struct ObjectChecksum: Sendable, Hashable {
    package let algorithm: ChecksumAlgorithm
    package let form: ChecksumForm
    /// Base64 of the big-endian digest; a composite one ends with `-<parts>`.
    package let value: String

    package init(algorithm: ChecksumAlgorithm, form: ChecksumForm, value: String) {
        self.algorithm = algorithm
        self.form = form
        self.value = value
    }

    /// How the index stores it: three words, since a listing reads a thousand of them.
    var stored: String { "\(algorithm.rawValue) \(form.rawValue) \(value)" }

    init?(stored text: String) {
        let words = text.split(separator: " ")
        guard words.count == 3, let algorithm = ChecksumAlgorithm(rawValue: String(words[0])),
            let form = ChecksumForm(rawValue: String(words[1]))
        else { return nil }
        self.init(algorithm: algorithm, form: form, value: String(words[2]))
    }
}

/// A checksum under way: bytes in, digest out.
package enum RunningChecksum: Sendable {
    case crc32(CRC32)
    case crc32c(CRC32C)
    case crc64nvme(CRC64NVME)
    case sha1(Insecure.SHA1)
    case sha256(SHA256)

    package init(_ algorithm: ChecksumAlgorithm) {
        self =
            switch algorithm {
            case .crc32: .crc32(CRC32())
            case .crc32c: .crc32c(CRC32C())
            case .crc64nvme: .crc64nvme(CRC64NVME())
            case .sha1: .sha1(Insecure.SHA1())
            case .sha256: .sha256(SHA256())
            }
    }

    /// Takes the next bytes in.
    package mutating func update(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { bytes in
            let span = RawSpan(_unsafeBytes: bytes)
            switch self {
            case .crc32(var check):
                check.update(span)
                self = .crc32(check)
            case .crc32c(var check):
                check.update(span)
                self = .crc32c(check)
            case .crc64nvme(var check):
                check.update(span)
                self = .crc64nvme(check)
            case .sha1(var hash):
                hash.update(bufferPointer: bytes)
                self = .sha1(hash)
            case .sha256(var hash):
                hash.update(bufferPointer: bytes)
                self = .sha256(hash)
            }
        }
    }

    /// The big-endian digest of all bytes so far.
    package var digest: Data {
        switch self {
        case .crc32(let check): Data(check.digest)
        case .crc32c(let check): Data(check.digest)
        case .crc64nvme(let check): Data(check.digest)
        case .sha1(let hash): Data(hash.finalize())
        case .sha256(let hash): Data(hash.finalize())
        }
    }
}
