import AgentProtocol
import ControlPlane
import Testing

/// Each line is what the real program printed.
@Suite struct FailureHintTests {
    private func sentence(
        _ lines: [String],
        code: Int = 1,
        of work: FailureHint.Work = .training(isIsolated: false, hasPeers: false)
    ) -> String? {
        FailureHint.sentence(
            for: ContainerExit(code: code, signal: nil, failureText: nil, lastLines: lines, cause: .itself),
            of: work
        )
    }

    @Test(arguments: [
        ("ModuleNotFoundError: No module named 'lightgbm.sklearn'", "'lightgbm.sklearn' is not installed"),
        ("/opt/python/bin/python: No module named trainer", "'trainer' is not installed"),
        ("KeyError: 'SM_CHANNEL_VALIDATION'", "no channel named 'validation'"),
        ("OSError: [Errno 28] No space left on device", "VolumeSizeInGB"),
        ("tar: model.bin: Cannot write: No space left on device", "VolumeSizeInGB"),
        ("torch.OutOfMemoryError: CUDA out of memory.", "smaller batches or an instance type"),
        ("socket.gaierror: [Errno -2] Name or service not known", "look at its name"),
        ("OSError: [Errno 30] Read-only file system: '/usr/x'", "Only /opt/ml"),
        ("AssertionError: Torch not compiled with CUDA enabled", "wants a GPU"),
        ("AttributeError: module 'torch._C' has no attribute '_cuda_setDevice'", "wants a GPU"),
        ("RuntimeError: Distributed package doesn't have NCCL built in", "backend 'gloo'"),
        ("RuntimeError: Found no NVIDIA driver on your system. Please check that you", "wants a GPU"),
        (
            "RuntimeError: Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False.",
            "map_location='cpu'"
        ),
        ("bash: ./arm: cannot execute binary file: Exec format error", "another processor"),
        ("sh: 1: ./arm: Exec format error", "another processor"),
        ("OSError: [Errno 8] Exec format error: './arm'", "another processor"),
        ("'/opt/program' cannot be run: Exec format error.", "another processor"),
        ("PermissionError: [Errno 13] Permission denied: './noexec'", "chmod +x"),
        ("bash: ./noexec: Permission denied", "chmod +x"),
        ("bash: ./crlf: cannot execute: required file not found", "CRLF"),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/opt/ml/input/data/validation/a/x.csv'",
            "The channel 'validation' has no 'a/x.csv'"
        ),
        (
            "cat: /opt/ml/input/data/train/x.csv: No such file or directory",
            "The channel 'train' has no 'x.csv'"
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/opt/ml/input/data/trian'",
            "There is no 'trian' below /opt/ml/input/data"
        ),
        (
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
            "encoding="
        ),
        ("TimeoutError: timed out", "did not answer in time"),
    ])
    func `common causes are hinted at`(line: String, hint: String) {
        #expect(sentence([line])?.contains(hint) == true)
    }

    @Test(arguments: [
        "bash: train: command not found", "bash: line 1: train: command not found", "sh: 1: train: not found",
        "'train' cannot be run: No such file or directory.",
    ])
    func `an image without train is told what one has`(line: String) {
        #expect(sentence([line], code: 127)?.contains("an image has an executable `train`") == true)
    }

    @Test func `another command that is missing is named`() {
        let line = "/opt/ml/code/run.sh: line 3: jq: command not found"
        #expect(sentence([line], code: 127)?.hasPrefix("The command 'jq' was not found") == true)
    }

    @Test func `a file elsewhere is no channel's`() {
        #expect(sentence(["FileNotFoundError: [Errno 2] No such file or directory: 'nofile/x'"]) == nil)
    }

    @Test(arguments: [
        ("KeyError: 'SM_CHANNEL_TRAIN'", "put what trains below `if __name__ == \"__main__\":`"),
        ("KeyError: 'SM_OUTPUT_DATA_DIR'", "where the variable SM_OUTPUT_DATA_DIR does not exist"),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/opt/ml/input/data/train/x.csv'",
            "An endpoint has no channels"
        ),
        (
            "ModuleNotFoundError: No module named 'lightgbm'",
            "the requirements.txt beside the script that serves"
        ),
        (
            "botocore.exceptions.NoCredentialsError: Unable to locate credentials",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI"
        ),
        ("TimeoutError: timed out", "whether this machine can reach it"),
        (
            "The container c ended before it passed the ping health check (signal 9). /ping: never called.",
            "most often this machine had no memory left"
        ),
        (
            "The container c ended before it passed the ping health check (exit code 126). It wrote nothing.",
            "chmod +x"
        ),
        ("bash: serve: command not found", "an ENTRYPOINT that takes these words."),
    ])
    func `an endpoint is not told what only a job can do`(report: String, hint: String) {
        let sentence = FailureHint.sentence(in: report, of: .serving(isIsolated: false))
        #expect(sentence?.contains(hint) == true)
        #expect(sentence?.contains("InputDataConfig") != true)
        #expect(sentence?.contains("a job ") != true)
    }

    @Test(arguments: [
        "socket.gaierror: [Errno -2] Name or service not known", "TimeoutError: timed out",
        "botocore.exceptions.NoCredentialsError: Unable to locate credentials",
    ])
    func `only what is isolated is told of its isolation`(line: String) {
        for hasPeers in [true, false] {
            let open = sentence([line], of: .training(isIsolated: false, hasPeers: hasPeers))
            let closed = sentence([line], of: .training(isIsolated: true, hasPeers: hasPeers))
            #expect(open?.contains("Isolation") == false)
            #expect(closed?.contains("EnableNetworkIsolation") == true)
        }
        for isIsolated in [true, false] {
            let hint = FailureHint.sentence(in: line, of: .serving(isIsolated: isIsolated))
            #expect(hint?.contains("EnableNetworkIsolation") == isIsolated)
        }
    }

    @Test func `only a job of several instances is told of another one`() {
        let words = ["TimeoutError: timed out"]
        for isIsolated in [true, false] {
            let alone = sentence(words, of: .training(isIsolated: isIsolated, hasPeers: false))
            let several = sentence(words, of: .training(isIsolated: isIsolated, hasPeers: true))
            #expect(alone?.contains("instance") == false)
            #expect(several?.contains("instance") == true)
        }
    }

    @Test func `what the installer of requirements has explained is not explained again`() {
        let words = [
            "error: operation timed out",
            "The package index http://10.0.0.1/simple cannot be reached from the instance.",
        ]
        #expect(sentence(words) == nil)
    }

    @Test func `a log that is no UTF-8 is told of where nothing else is`() {
        #expect(sentence(["Fehler: Gr\u{FFFD}\u{FFFD}e"])?.contains("is not UTF-8") == true)
        #expect(sentence(["Gr\u{FFFD}e", "MemoryError"])?.contains("no memory left") == true)
    }

    @Test func `a variable that jobs have without a channel means no channel`() {
        #expect(sentence(["KeyError: 'SM_HP_EPOCHS'"]) == nil)
    }

    @Test func `of a program whose fault is told nothing is guessed`() {
        let exit = ContainerExit(
            code: 126,
            signal: nil,
            failureText: nil,
            lastLines: ["'train' cannot be run: its first line asks for '/bin/sh5', which is not there."],
            cause: .itself
        )
        #expect(FailureHint.sentence(for: exit, of: .serving(isIsolated: false)) == nil)
    }
}
