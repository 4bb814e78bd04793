package import AgentProtocol
import Foundation

/// What most often lies behind a failure, and what to do about it: one sentence, or nothing where guessing would mislead.
package enum FailureHint {
    /// What the program was there for, and what it could reach: the same words mean different things.
    package struct Work: Sendable {
        package enum Kind: Sendable {
            case training
            case serving
        }

        package let kind: Kind
        /// `EnableNetworkIsolation`.
        package let isIsolated: Bool
        /// Whether its job has other instances.
        package let hasPeers: Bool

        package static func training(isIsolated: Bool, hasPeers: Bool) -> Work {
            Work(kind: .training, isIsolated: isIsolated, hasPeers: hasPeers)
        }

        package static func serving(isIsolated: Bool) -> Work {
            Work(kind: .serving, isIsolated: isIsolated, hasPeers: false)
        }
    }

    /// The first that fits, from the most telling sign to the least: what the program said, then how it ended.
    package static func sentence(for exit: ContainerExit, of work: Work) -> String? {
        let words = ([exit.failureText ?? ""] + exit.lastLines).joined(separator: "\n")
        // What is wrong with the program's file has been looked up where it stands.
        guard !["cannot be run: it", "cannot be run: '"].contains(where: { words.contains($0) }) else {
            return nil
        }
        return sign(in: words, work) ?? exit.signal.flatMap(hint(signal:)) ?? exit.code.flatMap(hint(code:))
            ?? strangeBytes(in: words)
    }

    /// The first that fits a report of a failure: the program's last words, perhaps with `(exit code 1)` or `(signal 9)`.
    package static func sentence(in report: String, of work: Work) -> String? {
        sign(in: report, work) ?? ending(in: report) ?? strangeBytes(in: report)
    }

    private static func sign(in words: String, _ work: Work) -> String? {
        // The installer of requirements.txt has said already what to do.
        if words.contains("package index") && words.contains("be reached") { return nil }
        return named(in: words, work)
            ?? signs.first { sign in sign.words.contains { words.contains($0) } }?.hint(work)
    }

    private static func ending(in report: String) -> String? {
        if let match = report.firstMatch(of: /\(signal (\d+)\)/) {
            return Int(match.1).flatMap(hint(signal:))
        }
        if let match = report.firstMatch(of: /\(exit code (\d+)\)/) {
            return Int(match.1).flatMap(hint(code:))
        }
        return nil
    }

    /// Logs are texts: what is none was replaced, and may be the very word that matters.
    private static func strangeBytes(in words: String) -> String? {
        guard words.contains("\u{FFFD}") else { return nil }
        return """
            Some of its log is not UTF-8 and shown as \u{FFFD}: have it write UTF-8 (PYTHONIOENCODING=utf-8, LANG=C.UTF-8) \
            to read what it says.
            """
    }

    /// The hints that name what is missing.
    private static func named(in words: String, _ work: Work) -> String? {
        if let module = words.firstMatch(of: /No module named '?([\w.]+)'?/) {
            let place =
                switch work.kind {
                case .training: "requirements.txt"
                case .serving: "the requirements.txt beside the script that serves"
                }
            return "The Python package '\(module.1)' is not installed there: add it to \(place)."
        }
        if let variable = words.firstMatch(of: /KeyError: '(SM_[A-Z0-9_]+)'/) {
            let name = variable.1
            switch work.kind {
            case .serving:
                return """
                    The script trains when it is imported, as it is to serve, where the variable \(name) does not exist: \
                    put what trains below `if __name__ == "__main__":`, which is not run then.
                    """
            case .training where name.hasPrefix("SM_CHANNEL_"):
                let channel = name.dropFirst("SM_CHANNEL_".count).lowercased()
                return "The job has no channel named '\(channel)' in its InputDataConfig."
            case .training: break
            }
        }
        // `required file not found` is bash 5.2's word for an interpreter that is not there.
        if words.contains("bad interpreter") || words.contains("required file not found") {
            return """
                The program named in a script's first line (#!) is not there; with Windows line ends (CRLF) its name has \
                an invisible character more.
                """
        }
        return channelFile(in: words, work) ?? command(in: words, work)
    }

    /// Python says `No such file or directory: '/opt/ml/…'`, programs of the system `/opt/ml/…: No such file or directory`.
    private static func channelFile(in words: String, _ work: Work) -> String? {
        let path: Substring
        if let match = words.firstMatch(
            of: /No such file or directory: '\/opt\/ml\/input\/data\/([^'\n]+)'/
        ) {
            path = match.1
        } else if let match = words.firstMatch(
            of: /\/opt\/ml\/input\/data\/([^'\n:]+)'?: No such file or directory/
        ) {
            path = match.1
        } else {
            return nil
        }
        guard work.kind == .training else {
            return """
                An endpoint has no channels: what it needs besides the model is packed with it (/opt/ml/model), and \
                '/opt/ml/input/data/\(path)' belongs below `if __name__ == '__main__':`.
                """
        }
        let parts = path.split(separator: "/", maxSplits: 1)
        guard let channel = parts.first else { return nil }
        guard parts.count > 1 else {
            return
                "There is no '\(channel)' below /opt/ml/input/data: is it the name of a channel in InputDataConfig?"
        }
        return """
            The channel '\(channel)' has no '\(parts[1])': a file's path there is the part of its key behind the S3Uri's \
            prefix. Compare the channel's name and its S3Uri with what is stored (`aws s3 ls`).
            """
    }

    /// A command that is not there: what PID 1 says, what bash says, what dash says.
    private static func command(in words: String, _ work: Work) -> String? {
        let name: Substring
        if let match = words.firstMatch(of: /'([^'\n]+)' cannot be run: No such file or directory/) {
            name = match.1
        } else if let match = words.firstMatch(of: /: ([^\s:]+): command not found/) {
            name = match.1
        } else if let match = words.firstMatch(of: /sh: (?:\d+: )?([^\s:]+): not found/) {
            name = match.1
        } else {
            return nil
        }
        guard name == "train" || name == "serve" else {
            return "The command '\(name)' was not found: check the entry point and PATH."
        }
        return """
            The command '\(name)' was not found: an image has an executable `train` for jobs and `serve` for endpoints \
            on its PATH (chmod +x), or an ENTRYPOINT that takes these words\
            \(work.kind == .training ? "; a job can also bring a ContainerEntrypoint" : "").
            """
    }

    private struct Sign {
        let words: [String]
        let hint: @Sendable (Work) -> String

        init(words: [String], hint: String) { self.init(words: words) { _ in hint } }

        init(words: [String], hint: @escaping @Sendable (Work) -> String) {
            self.words = words
            self.hint = hint
        }
    }

    private static let signs = [
        Sign(
            words: ["CUDA out of memory", "CUDA_ERROR_OUT_OF_MEMORY"],
            hint: "The GPU's memory is full: use smaller batches or an instance type with larger GPUs."
        ),
        Sign(
            words: [
                "Torch not compiled with CUDA enabled", "Found no NVIDIA driver",
                "No CUDA GPUs are available",
                "on a CUDA device but torch.cuda.is_available() is False", "CUDA_ERROR_NO_DEVICE",
                "no CUDA-capable device is detected", "doesn't have NCCL built in", "_cuda_setDevice",
                "libcuda.so.1: cannot open shared object file",
            ],
            hint: """
                The program wants a GPU and the instance has none: use the CPU where torch.cuda.is_available() is False \
                (map_location='cpu', backend 'gloo'), or an instance type with GPUs on a machine that has them.
                """
        ),
        Sign(
            words: [
                "CUDA driver version is insufficient", "no kernel image is available for execution",
            ],
            hint: """
                The program's CUDA does not fit this machine's GPU or driver: take a version that was built for it \
                (`nvidia-smi` names both).
                """
        ),
        Sign(
            words: ["MemoryError", "std::bad_alloc", "Cannot allocate memory"],
            hint: "There was no memory left: use a larger instance type or smaller batches."
        ),
        Sign(
            words: ["No space left on device", "Disk quota exceeded"],
            hint: "A disk was full: write less, or ask for a larger VolumeSizeInGB."
        ),
        Sign(
            words: ["Read-only file system"],
            hint:
                "Only /opt/ml, /tmp and /root can be written in a container, and a serving one's /opt/ml/model cannot."
        ),
        Sign(
            words: ["Exec format error"],
            hint: """
                A program was built for another processor or system (`uname -m` and `file` tell), or is a script without \
                a first line such as #!/bin/sh.
                """
        ),
        Sign(
            words: ["UnicodeDecodeError", "codec can't decode"],
            hint: """
                A file is not in the encoding that it was read with: open it with its own (encoding='latin-1'), or as \
                bytes if it is no text.
                """
        ),
        Sign(
            words: ["Unable to locate credentials", "NoCredentialsError"],
            hint: { work in
                guard work.isIsolated else {
                    return """
                        The role's credentials come by the variable AWS_CONTAINER_CREDENTIALS_FULL_URI: hand it on to what calls \
                        the service (sudo and `env -i` do not).
                        """
                }
                let subject = work.kind == .training ? "job" : "model"
                return "A \(subject) with EnableNetworkIsolation has no credentials and reaches no service."
            }
        ),
        Sign(
            words: ["AccessDenied", "is not authorized to perform"],
            hint: { work in
                work.kind == .training
                    ? "The role of the job may not do that: look at its policies."
                    : "The role of the model (ExecutionRoleArn) may not do that: look at its policies."
            }
        ),
        Sign(
            words: ["PermissionError", "Permission denied", "EACCES"],
            hint: """
                The file's rights forbid it: write below /opt/ml or /tmp, and give programs the right to run (chmod +x) \
                before they are packed.
                """
        ),
        Sign(
            words: [
                "Temporary failure in name resolution", "Name or service not known", "Network is unreachable",
                "EAI_AGAIN",
            ],
            hint: { work in
                work.isIsolated
                    ? "The container cannot reach that host: EnableNetworkIsolation closes the network."
                    : """
                    The container cannot reach that host: look at its name, and `clary doctor` tells whether this machine \
                    has an open network.
                    """
            }
        ),
        Sign(
            words: ["Address already in use"],
            hint: "Two processes of the container want the same port."
        ),
        Sign(
            words: ["TimeoutError", "timed out", "Read timeout", "ReadTimeout", "ConnectTimeout"],
            hint: { work in
                let place =
                    switch (work.isIsolated, work.hasPeers) {
                    case (true, false): "EnableNetworkIsolation closes the network"
                    case (true, true):
                        "EnableNetworkIsolation closes the network to all but the job's instances, and one of them may have ended"
                    case (false, true):
                        "another instance that had ended, or a service that this machine cannot reach (`clary doctor`)"
                    case (false, false):
                        "look at its address, and whether this machine can reach it (`clary doctor`)"
                    }
                return "Something that the program waited for did not answer in time: \(place)."
            }
        ),
    ]

    private static func hint(signal: Int) -> String? {
        switch signal {
        case 4: "The program uses instructions that this processor lacks: it was built for another one."
        case 6: "The program gave up by itself (abort): its last lines say why."
        case 9: "Something killed it: most often this machine had no memory left (see `dmesg`)."
        case 11: "Native code crashed: often libraries whose versions do not fit together."
        default: nil
        }
    }

    /// Shells give 128 and the signal's number for a program that a signal ended, 126 and 127 for one they cannot run.
    private static func hint(code: Int) -> String? {
        switch code {
        case 126:
            "The command cannot be executed: it lacks the right (chmod +x) or is made for another system."
        case 127: "The command was not found: check the entry point and PATH."
        case 129...160: hint(signal: code - 128)
        default: nil
        }
    }
}
