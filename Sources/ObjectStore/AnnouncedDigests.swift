import Crypto
package import Foundation
package import NIOCore

/// What a client says about the bytes it sends; each is checked if it is there.
package struct AnnouncedDigests: Sendable {
    package var length: Int?
    /// The 16 bytes of `Content-MD5`.
    package var md5: Data?
    /// Base64 of the big-endian digest of the upload's checksum algorithm.
    package var checksum: String?

    package init(length: Int? = nil, md5: Data? = nil, checksum: String? = nil) {
        self.length = length
        self.md5 = md5
        self.checksum = checksum
    }

    /// Compares with bytes that are not stored, such as a request's document.
    ///
    /// - Parameters:
    ///   - bytes: All of them.
    ///   - algorithm: What `checksum` is a digest of.
    /// - Throws: `ObjectStoreError.digestMismatch` or `.wrongLength`.
    package func verify(_ bytes: ByteBuffer, _ algorithm: ChecksumAlgorithm?) throws(ObjectStoreError) {
        var check = algorithm.map(RunningChecksum.init)
        check?.update(bytes)
        let md5 = Data(Insecure.MD5.hash(data: Data(bytes.readableBytesView)))
        try Digests(size: bytes.readableBytes, md5: md5, checksum: check?.digest).verify(self, algorithm)
    }
}
