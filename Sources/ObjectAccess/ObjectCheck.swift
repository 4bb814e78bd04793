import Checksums
import Foundation
import NIOCore
import NIOHTTP1

/// The check of a whole object, as a store announces it (`x-amz-checksum-…` of a reply).
///
/// Only the cyclic ones: they can be computed from ranges that arrive in any order. The check of an object that was
/// uploaded in parts may be one of its parts' checks (it ends in `-` and their number), which says nothing about ranges.
struct ObjectCheck: Sendable, Equatable {
    let algorithm: Algorithm
    /// In base64, as announced.
    let value: String

    enum Algorithm: String, Sendable, CaseIterable {
        case crc64nvme = "x-amz-checksum-crc64nvme"
        case crc32c = "x-amz-checksum-crc32c"
        case crc32 = "x-amz-checksum-crc32"
    }

    /// `nil` if the reply announces none that can be compared.
    init?(_ headers: HTTPHeaders) {
        for algorithm in Algorithm.allCases {
            guard let value = headers.first(name: algorithm.rawValue), !value.contains("-") else { continue }
            self.algorithm = algorithm
            self.value = value
            return
        }
        return nil
    }

    /// The check of what has been read of one range.
    struct Running: Sendable {
        private var state: State
        private var length = 0

        private enum State: Sendable {
            case nothing
            case crc64nvme(CRC64NVME)
            case crc32c(CRC32C)
            case crc32(CRC32)
        }

        /// Computes what is to be compared; nothing for `nil`.
        init(_ algorithm: Algorithm?) {
            state =
                switch algorithm {
                case nil: .nothing
                case .crc64nvme: .crc64nvme(CRC64NVME())
                case .crc32c: .crc32c(CRC32C())
                case .crc32: .crc32(CRC32())
                }
        }

        mutating func update(_ buffer: ByteBuffer) {
            length += buffer.readableBytes
            buffer.withUnsafeReadableBytes { bytes in
                let bytes = RawSpan(_unsafeBytes: bytes)
                switch state {
                case .nothing: break
                case .crc64nvme(var check):
                    check.update(bytes)
                    state = .crc64nvme(check)
                case .crc32c(var check):
                    check.update(bytes)
                    state = .crc32c(check)
                case .crc32(var check):
                    check.update(bytes)
                    state = .crc32(check)
                }
            }
        }

        /// The range of the object, and its check as a number.
        fileprivate var part: (value: UInt64, length: Int) {
            let value: UInt64 =
                switch state {
                case .nothing: 0
                case .crc64nvme(let check): check.value
                case .crc32c(let check): UInt64(check.value)
                case .crc32(let check): UInt64(check.value)
                }
            return (value, length)
        }
    }

    /// Whether the ranges, in their order, make the object that was announced.
    func matches(_ ranges: [Running]) -> Bool {
        let parts = ranges.map(\.part)
        guard var whole = parts.first?.value else { return false }
        for part in parts.dropFirst() {
            whole =
                switch algorithm {
                case .crc64nvme: CRC64NVME.combine(whole, part.value, secondLength: part.length)
                case .crc32c:
                    UInt64(CRC32C.combine(UInt32(whole), UInt32(part.value), secondLength: part.length))
                case .crc32:
                    UInt64(CRC32.combine(UInt32(whole), UInt32(part.value), secondLength: part.length))
                }
        }
        let bytes = algorithm == .crc64nvme ? 8 : 4
        let digest = (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: whole >> (8 * UInt64($0))) }
        return Data(digest).base64EncodedString() == value
    }
}
