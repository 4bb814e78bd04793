import Foundation

/// What is linted, and with what.
struct LintSubject: Sendable {
    let image: String
    /// Channel → file or directory of this machine; none for a small table of our own.
    let channels: [String: String]
    let hyperparameters: [String: String]
    /// What a framework image runs.
    let script: Script?
    let payload: Payload
    let instanceType: String
    /// ARN; `nil` for the standard role.
    let role: String?
    /// Whether training is left out.
    let isServingOnly: Bool
    /// Absolute path of an archive to serve in the place of what training leaves; none for that.
    let model: String?
    /// Whether to train once more without a network.
    let isIsolatedToo: Bool
    /// Seconds: how long training may take.
    let trainingLimit: Int
    /// Seconds: how long a serving container may take to answer `/ping`.
    let startLimit: Int

    /// Looks for the files that it names.
    ///
    /// - Throws: `CleanFailure` with a sentence for each that is not there.
    func check() throws(CleanFailure) {
        let files = FileManager.default
        var problems: [String] = []
        for (channel, path) in channels.sorted(by: { $0.key < $1.key }) {
            if channel.wholeMatch(of: /[A-Za-z0-9._-]{1,64}/) == nil {
                problems.append(
                    "--channel \(channel)=…: a channel's name has 1 to 64 letters, digits, '.', '-' or '_'."
                )
            }
            if channel == Self.codeChannel, script != nil, isIsolatedToo {
                problems.append(
                    "--channel \(channel)=…: without a network the script comes by a channel of this name. Give it another one."
                )
            }
            if !files.isReadableFile(atPath: path) {
                problems.append(
                    files.fileExists(atPath: path)
                        ? "--channel \(channel): \(path) cannot be read."
                        : "--channel \(channel): there is no file or directory \(path)."
                )
            }
        }
        if let script { problems += script.problems }
        if let model, !files.isReadableFile(atPath: model) {
            problems.append("--model: there is no file \(model) that can be read.")
        }
        guard problems.isEmpty else { throw CleanFailure(message: problems.joined(separator: "\n")) }
    }

    struct Script: Sendable {
        /// Absolute path.
        let directory: String
        let entryPoint: String
        let servingEntryPoint: String

        fileprivate var problems: [String] {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else {
                return ["--script: there is no directory \(directory)."]
            }
            guard isDirectory.boolValue else {
                return [
                    "--script: \(directory) is a file. Give its directory, and the file as --entry-point."
                ]
            }
            let missing = { (file: String) in
                !FileManager.default.isReadableFile(atPath: "\(directory)/\(file)")
            }
            var problems: [String] = []
            if missing(entryPoint) {
                problems.append("--entry-point: \(directory) has no file '\(entryPoint)' that can be read.")
            }
            if servingEntryPoint != entryPoint, missing(servingEntryPoint) {
                problems.append(
                    "--serving-entry-point: \(directory) has no file '\(servingEntryPoint)' that can be read."
                )
            }
            return problems
        }
    }

    struct Payload: Sendable {
        let bytes: [UInt8]
        let contentType: String
    }

    /// The channel by which the script comes to a job without a network.
    static let codeChannel = "code"
    /// Twelve rows: the label, which is 1 where the first of two features exceeds 5.
    static let table = (0..<12).map { "\($0 > 5 ? 1 : 0),\($0),\($0 * 7 % 5)\n" }.joined()
    /// A row of it without its label.
    static let row = "6,2\n"
    /// What the built-in XGBoost needs to be told.
    static let boosting = ["num_round": "5", "objective": "reg:squarederror"]
}
