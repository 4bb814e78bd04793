import AgentProtocol
import CLinux
import Glibc

/// The directories of an instance and the few files of its `/etc`.
struct SandboxLayout {
    let paths: InstancePaths

    /// Makes what is missing; an instance that starts again keeps what it has.
    ///
    /// - Throws: `SystemError` if the disk refuses.
    func prepare(
        host: String,
        hosts: [String],
        firstIndex: Int,
        machine: RootFileSystem,
        nameServer: String?
    ) throws(SystemError) {
        for directory in [
            "ml", "ml/input", "ml/input/config", "ml/input/data", "ml/model", "ml/output", "ml/output/data",
            "ml/output/metrics", "ml/output/metrics/sagemaker", "ml/output/profiler", "ml/output/tensorboard",
            "ml/code", "tmp", "etc", "lower", "upper", "work", "staging", "spool", "credentials", "line",
        ] {
            try Self.makeDirectory(paths.root + "/" + directory)
        }
        chmod(paths.temporary, 0o1777)
        for path in machine.configuration { try makeMountPoint(path) }
        try writeConfiguration(host: host, hosts: hosts, firstIndex: firstIndex, nameServer: nameServer)
    }

    private func writeConfiguration(
        host: String,
        hosts: [String],
        firstIndex: Int,
        nameServer: String?
    ) throws(SystemError) {
        var names = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
        for (position, name) in hosts.enumerated() {
            names += "\(InstanceAddress.text(firstIndex + position)) \(name)\n"
        }
        for (name, content) in [
            ("hosts", names), ("hostname", host + "\n"),
            ("resolv.conf", nameServer.map { "nameserver \($0)\n" } ?? ""),
            ("nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"),
            (
                "passwd",
                "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
            ),
            ("group", "root:x:0:\nnogroup:x:65534:\n"),
        ] {
            try Self.write(content, to: paths.etc + "/" + name)
        }
    }

    /// Views of what the container shares with others and may change for itself: its changes stay in the instance.
    ///
    /// - Returns: An overlay for each directory whose access is `.layered`, in their order.
    /// - Throws: `SystemError` if the disk refuses.
    func prepareLayers(of mounts: [ContainerSpec.Mount]) throws(SystemError) -> [LaunchRequest.Overlay] {
        var layers: [LaunchRequest.Overlay] = []
        for mount in mounts where mount.access == .layered {
            let place = "\(paths.layers)/\(layers.count)"
            let layer = LaunchRequest.Overlay(
                lower: mount.source,
                upper: "\(place)/upper",
                work: "\(place)/work",
                target: "\(place)/view"
            )
            for directory in [layer.upper, layer.work, layer.target] {
                try Self.makeDirectories(directory)
            }
            layers.append(layer)
        }
        return layers
    }

    /// An empty file or directory in our `/etc` where something of this machine's will be mounted.
    private func makeMountPoint(_ path: String) throws(SystemError) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return }
        let place = paths.etc + path.dropFirst("/etc".count)
        if facts.st_mode & S_IFMT == S_IFDIR {
            try Self.makeDirectories(place)
        } else {
            try Self.makeDirectories(String(place[..<(place.lastIndex(of: "/") ?? place.endIndex)]))
            try Self.write("", to: place)
        }
    }

    /// - Throws: `SystemError` unless the directory is there afterwards.
    static func makeDirectory(_ path: String) throws(SystemError) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw SystemError("make the directory \(path)", code: errno)
    }

    /// Whether anything is at `path`.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Makes a directory and those above it.
    static func makeDirectories(_ path: String) throws(SystemError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw SystemError("make the directory \(path)", code: errno)
        }
        try makeDirectories(String(path[..<slash]))
        try makeDirectory(path)
    }

    /// Writes a file of mode 0644.
    static func write(_ content: String, to path: String) throws(SystemError) {
        let number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw SystemError("write \(path)", code: errno) }
        let file = Descriptor(owning: number)
        try write(content, to: file.number, path: path)
    }

    /// Writes to an open file, which `path` names in errors.
    static func write(_ content: String, to file: Int32, path: String) throws(SystemError) {
        var bytes = Array(content.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard written > 0 else { throw SystemError("write \(path)", code: errno) }
            bytes = bytes.dropFirst(written)
        }
    }
}

extension RootFileSystem {
    /// This machine's.
    static func current() -> RootFileSystem {
        var entries: [Entry] = []
        for path in ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"] {
            var facts = stat()
            guard lstat(path, &facts) == 0 else { continue }
            if facts.st_mode & S_IFMT == S_IFLNK {
                var target = [CChar](repeating: 0, count: Int(PATH_MAX))
                let length = readlink(path, &target, target.count - 1)
                guard length > 0 else { continue }
                let bytes = target.prefix(length).map { UInt8(bitPattern: $0) }
                entries.append(.link(path, target: String(decoding: bytes, as: UTF8.self)))
            } else if facts.st_mode & S_IFMT == S_IFDIR {
                entries.append(.directory(path))
            }
        }
        let candidates: [String] = [
            "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ssl", "/etc/ca-certificates",
            "/etc/pki",
            "/etc/alternatives", "/etc/localtime", "/etc/mime.types", "/etc/fonts", "/etc/OpenCL",
        ]
        return RootFileSystem(entries: entries, configuration: candidates.filter { access($0, R_OK) == 0 })
    }
}
