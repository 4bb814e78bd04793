import Glibc

/// Why a program that is there was not started: what `exec` says of it in one number is the same for a missing interpreter,
/// a Windows line end and a missing file.
package struct ExecutableFault {
    /// A clause such as `its first line asks for '/bin/sh5', which is not there`.
    package let why: String

    /// Looks at the first bytes of a program, where it stands; `nil` if it is not there or nothing is seen to be wrong.
    ///
    /// - Parameters:
    ///   - command: The program as it was called: a path, or a name that `PATH` finds.
    ///   - environment: `NAME=value`, with the `PATH` that the program was looked for in.
    ///   - directory: Where a relative path begins.
    package init?(_ command: String, environment: [String], directory: String) {
        let path =
            environment.first { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) } ?? "/bin:/usr/bin"
        let places =
            command.contains("/")
            ? [command.hasPrefix("/") ? command : "\(directory)/\(command)"]
            : path.split(separator: ":").map { "\($0)/\(command)" }
        guard let place = places.first(where: { access($0, F_OK) == 0 }) else { return nil }
        let head = Self.head(of: place)
        if access(place, X_OK) != 0 {
            why = "'\(place)' is no executable file: `chmod +x` it in the image"
        } else if let found = Self.faultOfScript(head) ?? Self.faultOfProgram(head) {
            why = found
        } else if !head.starts(with: Self.elf), !head.starts(with: "#!".utf8) {
            why = "'\(place)' has no first line such as #!/bin/sh, and is no program for this system"
        } else {
            return nil
        }
    }

    /// A script's interpreter must be there, by its very name.
    private static func faultOfScript(_ head: [UInt8]) -> String? {
        guard head.starts(with: "#!".utf8) else { return nil }
        let line = head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let first = words.first else { return "its first line names no interpreter behind #!" }
        if line.last == UInt8(ascii: "\r") {
            return """
                its first line ends like a line of Windows (CR LF), so an interpreter of that name is looked for: \
                convert the file (`sed -i 's/\\r$//' FILE`) and build the image again
                """
        }
        let interpreter = String(decoding: first, as: UTF8.self)
        guard access(interpreter, F_OK) != 0 else { return nil }
        return "its first line asks for '\(interpreter)', which is not there"
    }

    private static let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

    /// A program must be for this processor, and its loader be there.
    private static func faultOfProgram(_ head: [UInt8]) -> String? {
        // ELF, Object File Format: e_machine is the half-word at 18, little endian on all that are known here.
        guard head.starts(with: elf), head.count > 19 else { return nil }
        let machine = Int(head[18]) | Int(head[19]) << 8
        if machine != Self.host, let name = names[machine], let here = names[Self.host] {
            return """
                it is a program for \(name), and this machine is \(here): build the image for it \
                (`docker build --platform linux/\(here)`)
                """
        }
        guard let loader = loader(head), access(loader, F_OK) != 0 else { return nil }
        return "it is a program whose loader '\(loader)' is not there: was it built on another system?"
    }

    /// The program header PT_INTERP of a 64-bit file; `nil` for a program that is linked statically.
    private static func loader(_ head: [UInt8]) -> String? {
        func number(at place: Int, bytes: Int) -> Int {
            guard place >= 0, place + bytes <= head.count else { return 0 }
            return head[place..<place + bytes].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        // e_phoff, e_phentsize, e_phnum; then p_type, p_offset, p_filesz. What lies beyond the head counts as nothing.
        let (table, size) = (number(at: 32, bytes: 4), number(at: 54, bytes: 2))
        for index in 0..<number(at: 56, bytes: 2) {
            let entry = table + index * size
            guard number(at: entry, bytes: 4) == 3 else { continue }
            let (begin, length) = (number(at: entry + 8, bytes: 4), number(at: entry + 32, bytes: 4))
            guard length > 1, begin + length <= head.count else { return nil }
            return String(decoding: head[begin..<begin + length - 1], as: UTF8.self)
        }
        return nil
    }

    /// Processors by `e_machine`, as images call them.
    private static let names = [3: "386", 40: "arm", 62: "amd64", 183: "arm64", 243: "riscv64"]

    #if arch(arm64)
    private static let host = 183
    #else
    private static let host = 62
    #endif

    private static func head(of path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(file, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }
}
