import ArgumentParser
import ObjectStore

/// `--bucket-directory`: other places, on other disks perhaps, for the objects of some buckets.
struct BucketDirectoryOptions: ParsableArguments {
    @Option(
        name: .customLong("bucket-directory"),
        help: ArgumentHelp(
            """
            Directory for new objects of this bucket, or of all buckets that a pattern with * and ? fits; may be repeated, \
            the first that fits counts. Objects that are there already stay where they are.
            """,
            valueName: "bucket=path"
        )
    )
    var assignments: [String] = []

    func validate() throws { _ = try directories }

    /// What was asked for.
    var directories: [BucketDirectory] {
        get throws {
            try assignments.map { text in
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2, parts[0].wholeMatch(of: /[a-z0-9.*?-]{1,63}/) != nil,
                    parts[1].hasPrefix("/")
                else { throw ValidationError("--bucket-directory \(text): write bucket=/absolute/path.") }
                return BucketDirectory(buckets: parts[0], path: parts[1])
            }
        }
    }
}
