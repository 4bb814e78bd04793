import CLinux
import Glibc

/// A question of the kernel (linux/fuse.h); only those that a read-only file system has to answer.
struct FuseRequest {
    let unique: UInt64
    let node: UInt64
    let question: Question

    enum Question: Equatable {
        case initialise(major: UInt32, minor: UInt32, flags: UInt32)
        case lookUp(String)
        case attributes
        case read(offset: Int, size: Int)
        /// With the entries' attributes, or without.
        case list(offset: Int, size: Int, withAttributes: Bool)
        case statistics
        case access
        /// The kernel forgets, interrupts or says goodbye: nobody waits for an answer.
        case noReply
        /// It would write.
        case change
        case unknown
    }

    /// Reads a message; `nil` for one that is none.
    init?(_ message: UnsafeRawBufferPointer) {
        let headerSize = MemoryLayout<fuse_in_header>.size
        guard message.count >= headerSize else { return nil }
        let header = message.loadUnaligned(as: fuse_in_header.self)
        unique = header.unique
        node = header.nodeid
        question = Self.question(
            fuse_opcode(header.opcode),
            UnsafeRawBufferPointer(rebasing: message[headerSize...])
        )
    }

    private static func question(_ code: fuse_opcode, _ body: UnsafeRawBufferPointer) -> Question {
        switch code {
        case FUSE_INIT:
            // Older kernels send less than the structure has; these three words are always there.
            guard body.count >= 16 else { return .unknown }
            return .initialise(
                major: body.loadUnaligned(as: UInt32.self),
                minor: body.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
                flags: body.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
            )
        case FUSE_LOOKUP: return .lookUp(String(decoding: body.prefix { $0 != 0 }, as: UTF8.self))
        case FUSE_GETATTR: return .attributes
        case FUSE_READ, FUSE_READDIR, FUSE_READDIRPLUS:
            guard body.count >= MemoryLayout<fuse_read_in>.size else { return .unknown }
            let range = body.loadUnaligned(as: fuse_read_in.self)
            let (offset, size) = (Int(range.offset), Int(range.size))
            return code == FUSE_READ
                ? .read(offset: offset, size: size)
                : .list(offset: offset, size: size, withAttributes: code == FUSE_READDIRPLUS)
        case FUSE_STATFS: return .statistics
        case FUSE_ACCESS: return .access
        case FUSE_FORGET, FUSE_BATCH_FORGET, FUSE_INTERRUPT, FUSE_DESTROY: return .noReply
        case FUSE_SETATTR, FUSE_SYMLINK, FUSE_MKNOD, FUSE_MKDIR, FUSE_UNLINK, FUSE_RMDIR, FUSE_RENAME,
            FUSE_LINK,
            FUSE_WRITE, FUSE_CREATE, FUSE_RENAME2, FUSE_SETXATTR, FUSE_REMOVEXATTR, FUSE_FALLOCATE,
            FUSE_TMPFILE:
            return .change
        default: return .unknown
        }
    }
}

/// The answers of a file system that never changes, as bytes.
struct FuseAnswers: Sendable {
    let tree: FastFileTree
    /// Who owns the files, by this machine's numbers.
    let owner: UInt32

    /// Seconds for which the kernel may believe what it has heard.
    private static let validity: UInt64 = 1 << 30
    /// What a large read is cut into.
    private static let mostPages: UInt16 = 256

    /// Bits of FUSE_INIT, whose names in C are expressions that Swift does not see.
    private enum Flag {
        static let asyncRead: UInt32 = 1 << 0
        static let listWithAttributes: UInt32 = 1 << 13
        static let listWithAttributesIfUseful: UInt32 = 1 << 14
        static let noOpen: UInt32 = 1 << 17
        static let parallelDirectories: UInt32 = 1 << 18
        static let maxPages: UInt32 = 1 << 22
        static let noOpenDirectory: UInt32 = 1 << 24
    }

    /// What is agreed on; `nil` for a kernel whose protocol is another one.
    func initialised(major: UInt32, minor: UInt32, flags: UInt32) -> [UInt8]? {
        guard major == 7, minor >= 27 else { return nil }
        var out = fuse_init_out()
        out.major = 7
        out.minor = min(minor, UInt32(FUSE_KERNEL_MINOR_VERSION))
        out.max_readahead = 4 << 20
        // Opening needs no answer of ours: there is nothing to remember about an open file.
        let wanted: UInt32 =
            Flag.asyncRead | Flag.listWithAttributes | Flag.listWithAttributesIfUseful | Flag.noOpen
            | Flag.parallelDirectories | Flag.maxPages | Flag.noOpenDirectory
        out.flags = flags & wanted
        out.max_background = 64
        out.congestion_threshold = 48
        out.max_write = 4096
        out.time_gran = 1
        out.max_pages = Self.mostPages
        return bytes(of: out)
    }

    /// A directory entry and what is behind it; `nil` if there is none.
    func entry(_ name: String, in directory: UInt64) -> [UInt8]? {
        tree.child(name, of: directory).flatMap { number in
            entry(number).map { bytes(of: $0) }
        }
    }

    /// Attributes of a node; `nil` if there is none.
    func attributes(of number: UInt64) -> [UInt8]? {
        facts(number).map { facts in
            var out = fuse_attr_out()
            out.attr_valid = Self.validity
            out.attr = facts
            return bytes(of: out)
        }
    }

    /// What fits of a directory's entries from an offset on; `nil` if it is none.
    func list(_ number: UInt64, offset: Int, size: Int, withAttributes: Bool) -> [UInt8]? {
        guard case .directory(let directory) = tree[number]?.content else { return nil }
        let count = directory.children.count + 2
        var result: [UInt8] = []
        for position in max(0, offset)..<max(count, offset) {
            let child = position < 2 ? number : directory.children[position - 2]
            guard let node = tree[child] else { break }
            let name = position == 0 ? "." : position == 1 ? ".." : node.name
            var record: [UInt8] = []
            if withAttributes {
                // The kernel looks the dots up by itself.
                record += bytes(of: position < 2 ? fuse_entry_out() : entry(child) ?? fuse_entry_out())
            }
            var isDirectory = false
            if case .directory = node.content { isDirectory = true }
            record += bytes(of: child) + bytes(of: UInt64(position + 1))
            record += bytes(of: UInt32(name.utf8.count)) + bytes(of: UInt32(isDirectory ? DT_DIR : DT_REG))
            record += name.utf8
            record += [UInt8](repeating: 0, count: (8 - record.count % 8) % 8)
            guard result.count + record.count <= size else { break }
            result += record
        }
        return result
    }

    func statistics() -> [UInt8] {
        var out = fuse_statfs_out()
        out.st.files = UInt64(tree.count)
        out.st.bsize = 4096
        out.st.frsize = 4096
        out.st.namelen = 1024
        return bytes(of: out)
    }

    private func entry(_ number: UInt64) -> fuse_entry_out? {
        facts(number).map { facts in
            var out = fuse_entry_out()
            out.nodeid = number
            out.entry_valid = Self.validity
            out.attr_valid = Self.validity
            out.attr = facts
            return out
        }
    }

    private func facts(_ number: UInt64) -> fuse_attr? {
        guard let node = tree[number] else { return nil }
        var facts = fuse_attr()
        facts.ino = number
        facts.nlink = 1
        facts.uid = owner
        facts.gid = owner
        facts.blksize = 1 << 20
        switch node.content {
        case .directory: facts.mode = S_IFDIR | 0o555
        case .file(let size, _):
            facts.mode = S_IFREG | 0o444
            facts.size = UInt64(size)
            facts.blocks = UInt64((size + 511) / 512)
        }
        return facts
    }
}

/// The memory of a C value.
private func bytes<Value: BitwiseCopyable>(of value: Value) -> [UInt8] {
    withUnsafeBytes(of: value) { Array($0) }
}
