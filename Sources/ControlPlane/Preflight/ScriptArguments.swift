import AWSWire

/// Hyperparameters as a script gets them: `--name value` on its command line.
package enum ScriptArguments {
    /// What cannot reach a script, one sentence each, by name.
    package static func problems(of hyperparameters: [String: String]) -> [String] {
        hyperparameters.sorted { $0.key < $1.key }.flatMap { name, value in
            // Those are the container's own and no arguments.
            name.hasPrefix("sagemaker_") ? [] : problems(name, text(of: value))
        }
    }

    /// In the order and the words of the job itself (`training/arguments.py`).
    private static func problems(_ name: String, _ value: String) -> [String] {
        let shown = "'\(name.replacing("\0", with: "\\x00"))'"
        let head = "The hyperparameter \(shown) cannot be passed to the script:"
        var problems: [String] = []
        if name.contains("=") {
            problems.append(
                "\(head) the name of its variable, 'SM_HP_\(shown.dropFirst().uppercased()), would have a '='. Give it a name without one."
            )
        }
        for (what, text) in [("name", name), ("value", value)] where text.contains("\0") {
            problems.append(
                """
                \(head) its \(what) has the character NUL, at which arguments and variables end. Leave it out, or put the \
                value into a file of a channel.
                """
            )
        }
        return problems
    }

    /// What a hyperparameter says: a text that is JSON where an SDK has written it.
    static func text(of value: String) -> String {
        // Text that is no JSON stands for itself, and so does a number.
        guard case .string(let text)? = try? JSONCodec.parse(Array(value.utf8)) else { return value }
        return text
    }
}
