import CLinux
import Glibc

/// What this machine has to offer.
package struct Machine: Sendable, Equatable {
    package var cpus: Int
    /// Bytes.
    package var memory: Int
    /// Indices of its GPUs, ascending.
    package var gpus: [Int]

    package init(cpus: Int, memory: Int, gpus: [Int] = []) {
        self.cpus = cpus
        self.memory = memory
        self.gpus = gpus
    }

    /// The machine that this process runs on, as far as it may use it.
    package static func current() -> Machine {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let memory = pages * sysconf(Int32(_SC_PAGESIZE))
        // A container or a batch system may have given this process less than the machine has.
        let limit =
            ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
            .compactMap { number(inFile: $0) }.min() ?? .max
        return Machine(cpus: max(1, Int(clx_cpu_count())), memory: min(memory, limit), gpus: gpuIndices())
    }

    private static func number(inFile path: String) -> Int? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = max(0, read(file, &bytes, bytes.count))
        return Int(String(decoding: bytes.prefix(count).prefix { $0 != 10 }, as: UTF8.self))
    }

    /// The `N` of every `/dev/nvidiaN`.
    private static func gpuIndices() -> [Int] { (0..<64).filter { access("/dev/nvidia\($0)", F_OK) == 0 } }
}
