import ControlPlane
import Testing

@Suite struct ChannelPathTests {
    @Test(arguments: [
        ("data/train/a.csv", "data/train", "a.csv"),
        ("data/train/a.csv", "data/train/", "a.csv"),
        ("data/train/deep/a.csv", "data/train", "deep/a.csv"),
        ("data/train-1/a.csv", "data/train", "train-1/a.csv"),
        ("data/train.csv", "data/train.csv", "train.csv"),
        ("a.csv", "", "a.csv"),
        ("a.csv", "a", "a.csv"),
    ])
    func `an object's path is its key without the prefix's folder`(
        key: String,
        prefix: String,
        path: String
    ) {
        #expect(TrainingAssignment.relativePath(of: key, below: prefix) == path)
    }

    @Test(arguments: ["a", "a/b.csv", "..a", "a..", ".hidden", String(repeating: "x", count: 255)])
    func `a path that stays below its root is safe`(path: String) {
        #expect(TrainingAssignment.isSafe(path))
    }

    @Test(arguments: [
        "", "/etc/passwd", "..", "../a", "a/../../b", "a/./b", "a//b", "a/", "a\0b",
        String(repeating: "x", count: 256),
    ])
    func `a path that leads elsewhere or names no file is not`(path: String) {
        #expect(!TrainingAssignment.isSafe(path))
    }
}
