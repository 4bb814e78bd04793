import ControlPlane
import Testing

@Suite struct RequirementLineTests {
    private func meaning(_ text: String) throws -> RequirementLine.Meaning {
        let lines = RequirementLine.lines(of: text)
        #expect(lines.count == 1)
        return try #require(lines.first).meaning
    }

    @Test(arguments: [
        "numpy", "numpy==1.26.4", "numpy == 1.26.*", "scikit-learn>=1.2,<2", "pandas[excel, s3]~=2.0",
        "torch (>=2.0)", "a===1.0", "x==1!2.0rc1.post2.dev3+local.1", "zope.interface>=5,",
        "importlib-metadata; python_version < '3.10' and extra == \"test\"",
        "numpy==1.26.4 --hash=sha256:00 --hash=sha256:11", "requests @ https://example.org/requests-2.tar.gz",
        "git+https://example.org/x.git@main#egg=x", "https://example.org/x-1.0-py3-none-any.whl",
        "${PACKAGE}==1",
        "--index-url https://example.org/simple", "-i https://example.org", "--extra-index-url=https://x",
        "--pre",
        "-f https://example.org/wheels", "-r https://example.org/more.txt",
        "-e git+https://example.org/x.git#egg=x",
    ])
    func `what installers read is not objected to`(line: String) throws {
        #expect(try meaning(line) == .nothing)
    }

    @Test(arguments: [
        ("numpy=1.2", "with ==, not with ="), ("numpy==", "no version stands behind the =="),
        ("numpy==1.x", "'1.x' is no version"), ("numpy pandas", "'pandas' is no version with a comparison"),
        ("pandas==2.0, 3.0", "'3.0' is no version with a comparison"),
        ("numpy>=1.*", ".* goes with == and !="),
        ("x~=1", "~= needs a version of two numbers"), ("-numpy", "is no option"),
        ("--no-deps", "is no option"),
        ("-r", "-r needs a value"), ("--pre yes", "--pre takes no value"),
        ("<<<<<<< HEAD", "it is no requirement"),
        ("numpy; python_verson<'3'", "'python_verson' is not known"), ("numpy; yes", "compares nothing"),
        ("numpy; python_version < '3", "is not closed"), ("a[b c]", "'b c' is no name of an extra"),
        ("name @", "nothing stands behind the @"), ("_x==1", "'_x' is no name of a package"),
        ("import numpy", "'numpy' is no version with a comparison"), ("a===b", "'b' is no version"),
        ("-rmore.txt", "a space is missing behind -r"), ("pkg==1.0;", "compares nothing"),
        ("numpy >= 1.2.3 < 2", "is no version with a comparison"), ("numpy[", "it is no requirement"),
        ("numpy,", "a version is missing beside a comma"), ("numpy>=1,,<2", "beside a comma"),
        ("--index https://x", "--index is no option"),
    ])
    func `what no installer reads is objected to`(line: String, words: String) throws {
        guard case .wrong(let objection) = try meaning(line) else {
            Issue.record("\(line) was read")
            return
        }
        #expect(objection.contains(words))
    }

    @Test(arguments: [
        ("./wheels/x-1.0-py3-none-any.whl", "./wheels/x-1.0-py3-none-any.whl"),
        ("x-1.0.tar.gz", "x-1.0.tar.gz"),
        ("./package[extra]", "./package"), ("x @ file:///opt/ml/code/x%20y", "/opt/ml/code/x y"),
        ("file:lib", "lib"), ("-e .", "."), ("--editable=../x", "../x"),
        ("lib/x ; python_version > '3'", "lib/x"),
    ])
    func `packages on the disk are found`(line: String, path: String) throws {
        #expect(try meaning(line) == .path(path))
    }

    @Test func `other files and folders are found`() throws {
        #expect(try meaning("-r more.txt") == .include("more.txt"))
        #expect(try meaning("-c\tmore.txt") == .include("more.txt"))
        #expect(try meaning("--constraint=c/d.txt") == .include("c/d.txt"))
        #expect(try meaning("--find-links wheels") == .folder("wheels"))
    }

    @Test func `lines keep their numbers beyond comments and lines that go on`() {
        let lines = RequirementLine.lines(of: "\u{FEFF}# all\r\n\r\nnumpy \\\r\n  ==1.0 # why\n#x\\\na#b\n")
        #expect(lines.map(\.number) == [3, 6])
        #expect(lines.map(\.text) == ["numpy ==1.0", "a#b"])
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [" ", "[", "]", "a", ".", ",", "'", "@", ";", "--a", "==1", "-", "/", "[]", " ["]
    )
    func `long lines are read in the time of their length`(piece: String) {
        let (short, long) = (quickest(piece, count: 2000), quickest(piece, count: 20_000))
        // Ten times as long; with the square of the length it would be a hundred times.
        #expect(long < short * 40 + .milliseconds(50), "\(short), then \(long)")
    }

    /// The shortest of some readings, which other work on the machine disturbs least.
    private func quickest(_ piece: String, count: Int) -> Duration {
        let long = String(repeating: piece, count: count)
        let lines = [long, "x\(long)", "x\(long);\(long)", "-e x\(long)", "x @ \(long)!"]
        let times = (0..<3).map { _ in
            ContinuousClock().measure {
                for text in lines {
                    for line in RequirementLine.lines(of: text) { _ = line.meaning }
                }
            }
        }
        return times.min() ?? .zero
    }
}
