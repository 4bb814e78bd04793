package import AgentProtocol
import Foundation

/// What most often lies behind a failure, and what to do about it: one sentence, or nothing where guessing would mislead.
package enum FailureHint {
    /// The first that fits, from the most telling sign to the least: what the program said, then how it ended.
    package static func sentence(for exit: ContainerExit) -> String? {
        let words = ([exit.failureText ?? ""] + exit.lastLines).joined(separator: "\n")
        if let module = words.firstMatch(of: /No module named '([\w.]+)'/) {
            return "The Python package '\(module.1)' is not installed there: add it to requirements.txt."
        }
        if let channel = words.firstMatch(of: /KeyError: 'SM_CHANNEL_([A-Z0-9_]+)'/) {
            return "The job has no channel named '\(channel.1.lowercased())' in its InputDataConfig."
        }
        for sign in signs where sign.words.contains(where: { words.contains($0) }) { return sign.hint }
        return exit.signal.flatMap(hint(signal:)) ?? exit.code.flatMap(hint(code:))
    }

    private struct Sign {
        let words: [String]
        let hint: String
    }

    private static let signs = [
        Sign(
            words: ["CUDA out of memory", "CUDA_ERROR_OUT_OF_MEMORY"],
            hint: "The GPU's memory is full: use smaller batches or an instance type with larger GPUs."
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
            hint: "Only /opt/ml, /tmp and /root can be written in a container."
        ),
        Sign(
            words: ["Unable to locate credentials", "NoCredentialsError"],
            hint: "A job with EnableNetworkIsolation has no credentials and reaches no service."
        ),
        Sign(
            words: ["AccessDenied", "is not authorized to perform"],
            hint: "The role of the job may not do that: look at its policies."
        ),
        Sign(
            words: [
                "Temporary failure in name resolution", "Name or service not known", "Network is unreachable",
                "EAI_AGAIN",
            ],
            hint: """
                The container cannot reach that host: EnableNetworkIsolation closes the network, and `clary doctor` \
                tells whether this machine has an open one.
                """
        ),
        Sign(words: ["Address already in use"], hint: "Two processes of the container want the same port."),
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
