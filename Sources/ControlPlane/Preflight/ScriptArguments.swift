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

    private static func problems(_ name: String, _ value: String) -> [String] {
        var problems: [String] = []
        if name.isEmpty {
            problems.append(
                "A hyperparameter has an empty name: the script gets '--', which ends its options."
            )
        }
        if name.contains("=") {
            problems.append(
                """
                The name '\(name)' has a '=': the script gets '--\(name)' and takes what follows it for the value. \
                Give the name without it and the value by itself.
                """
            )
        }
        let shown = name.replacing("\0", with: "\\0")
        if name.contains("\0") {
            problems.append("The name '\(shown)' has a NUL character, which no command line can have.")
        }
        if value.contains("\0") {
            problems.append("The value of '\(shown)' has a NUL character, which no command line can have.")
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
