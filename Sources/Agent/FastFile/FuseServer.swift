import CLinux
import Foundation
import Glibc
import NIOCore

/// Answers the kernel's questions about one channel, until its mount is gone.
///
/// One thread reads the questions and answers at once what the tree knows; reading goes through the block cache and is
/// answered when the bytes are there, while the thread goes on.
package final class FuseServer: Sendable {
    private let device: Descriptor
    private let answers: FuseAnswers
    private let cache: BlockCache
    private let failed: @Sendable (_ object: Int, any Error) -> Void

    /// - Parameters:
    ///   - device: The server's end of the mount.
    ///   - tree: What there is.
    ///   - owner: Who owns the files, by this machine's numbers.
    ///   - cache: Brings their content.
    ///   - failed: Told of an object that could not be read; its reader gets an input/output error.
    package init(
        device: consuming Descriptor,
        tree: FastFileTree,
        owner: UInt32,
        cache: BlockCache,
        failed: @escaping @Sendable (_ object: Int, any Error) -> Void
    ) {
        self.device = device
        answers = FuseAnswers(tree: tree, owner: owner)
        self.cache = cache
        self.failed = failed
    }

    /// Answers on a thread of its own.
    package func start() { Thread.detachNewThread { [self] in serve() } }

    private func serve() {
        // The kernel wants room for the largest write, which is refused nevertheless.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 8)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(device.number, buffer.baseAddress, buffer.count)
            if count < 0 {
                // A question that was taken back, or a signal; anything else is the end of the mount.
                if errno == ENOENT || errno == EINTR || errno == EAGAIN { continue }
                return
            }
            guard let request = FuseRequest(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else {
                continue
            }
            answer(request)
        }
    }

    private func answer(_ request: FuseRequest) {
        switch request.question {
        case .initialise(let major, let minor, let flags):
            reply(request, answers.initialised(major: major, minor: minor, flags: flags), otherwise: EPROTO)
        case .lookUp(let name): reply(request, answers.entry(name, in: request.node), otherwise: ENOENT)
        case .attributes: reply(request, answers.attributes(of: request.node), otherwise: ENOENT)
        case .list(let offset, let size, let withAttributes):
            reply(
                request,
                answers.list(request.node, offset: offset, size: size, withAttributes: withAttributes),
                otherwise: ENOTDIR
            )
        case .statistics: reply(request, answers.statistics(), otherwise: EIO)
        case .access: reply(request, [], otherwise: EIO)
        case .read(let offset, let size): read(request, offset: offset, size: size)
        case .noReply: break
        case .change: send(request.unique, error: EROFS, [])
        case .unknown: send(request.unique, error: ENOSYS, [])
        }
    }

    private func read(_ request: FuseRequest, offset: Int, size: Int) {
        guard case .file(let end, let object) = answers.tree[request.node]?.content else {
            send(request.unique, error: EISDIR, [])
            return
        }
        let range = min(offset, end)..<min(end, offset + size)
        let unique = request.unique
        // The kernel bounds how many of them there are (`max_background`), and waits for each.
        Task { [self] in
            do {
                let pieces = try await cache.read(range, of: object, size: end)
                send(unique, error: 0, pieces)
            } catch {
                failed(object, error)
                send(unique, error: EIO, [])
            }
        }
    }

    private func reply(_ request: FuseRequest, _ bytes: [UInt8]?, otherwise error: Int32) {
        if let bytes {
            send(request.unique, error: 0, [ByteBuffer(bytes: bytes)])
        } else {
            send(request.unique, error: error, [])
        }
    }

    /// One message in one call, as the kernel demands.
    private func send(_ unique: UInt64, error: Int32, _ pieces: [ByteBuffer]) {
        var header = fuse_out_header()
        let length = pieces.reduce(0) { $0 + $1.readableBytes }
        header.len = UInt32(MemoryLayout<fuse_out_header>.size + length)
        header.error = -error
        header.unique = unique
        withUnsafeMutableBytes(of: &header) { head in
            gather(pieces[...], [iovec(iov_base: head.baseAddress, iov_len: head.count)])
        }
    }

    private func gather(_ rest: ArraySlice<ByteBuffer>, _ vectors: [iovec]) {
        guard let piece = rest.first else {
            // A question that nobody asks any more is no error of ours.
            _ = writev(device.number, vectors, Int32(vectors.count))
            return
        }
        piece.withUnsafeReadableBytes { bytes in
            let vector = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                iov_len: bytes.count
            )
            gather(rest.dropFirst(), vectors + [vector])
        }
    }
}
