/// Where packages come from: what pip is told on this machine, in the words of uv, which reads none of pip's settings.
package struct PackageIndexes: Sendable, Equatable {
    /// Settings for uv's environment.
    package let settings: [String: String]
    /// Folders on this machine with wheels.
    package let folders: [String]
    /// Whether packages come from folders alone (`--no-index`, for which uv has no variable).
    package let ignoresIndexes: Bool

    /// - Parameters:
    ///   - environment: Of the server: `PIP_…` go before files, and uv's own `UV_…` before both.
    ///   - files: Texts of pip's configuration files, the weakest first.
    package init(environment: [String: String], files: [String]) {
        var pip: [String: String] = [:]
        for file in files { pip.merge(Self.read(file)) { _, later in later } }
        for (name, value) in environment where name.hasPrefix("PIP_") {
            pip[name.dropFirst(4).lowercased().replacing("_", with: "-")] = value
        }
        var settings: [String: String] = [:]
        for (option, variable, separator) in Self.counterparts {
            guard let value = pip[option] else { continue }
            let words = value.split(whereSeparator: \.isWhitespace).map(String.init)
            if !words.isEmpty { settings[variable] = words.joined(separator: separator) }
        }
        ignoresIndexes = pip["no-index"].map(Self.isTrue) ?? false
        for (name, value) in environment where name.hasPrefix("UV_") || Self.trust.contains(name) {
            settings[name] = value
        }
        // The authorities that the machine trusts, not only those that uv brings: companies have their own.
        if settings["UV_SYSTEM_CERTS"] == nil { settings["UV_SYSTEM_CERTS"] = "1" }
        self.settings = settings
        folders = (settings["UV_FIND_LINKS"] ?? "").split(separator: ",").map(String.init)
            .filter { $0.hasPrefix("/") }
    }

    /// The hosts that are asked for packages.
    package var hosts: [String] {
        guard !ignoresIndexes, settings["UV_OFFLINE"].map(Self.isTrue) != true else { return [] }
        let indexes =
            (settings["UV_DEFAULT_INDEX"] ?? "https://pypi.org/simple") + " " + (settings["UV_INDEX"] ?? "")
        let links = (settings["UV_FIND_LINKS"] ?? "").split(separator: ",")
        var hosts: [String] = []
        for address in indexes.split(separator: " ").map(Self.address) + links.map(String.init) {
            guard let host = Self.host(of: address), !hosts.contains(host) else { continue }
            hosts.append(host)
        }
        return hosts
    }

    /// `https://user:secret@host:8080/path` → `host:8080`; `nil` for what is no address of another machine.
    private static func host(of address: String) -> String? {
        let parts = address.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 2, parts[0].hasPrefix("http"), parts[1].isEmpty else { return nil }
        return parts[2].split(separator: "@").last.map(String.init)
    }

    /// The same in the words of pip, for programs that call it.
    package var pipSettings: [String: String] {
        var result: [String: String] = [:]
        for (option, variable, separator) in Self.counterparts where variable != "HTTPS_PROXY" {
            guard let value = settings[variable], !value.isEmpty else { continue }
            let words = value.split { separator.contains($0) }
                // uv may call an index by a name.
                .map { variable.hasSuffix("_INDEX") ? Self.address(of: $0) : String($0) }
            result["PIP_" + option.uppercased().replacing("-", with: "_")] = words.joined(separator: " ")
        }
        if ignoresIndexes { result["PIP_NO_INDEX"] = "1" }
        return result
    }

    /// `name=https://…` without the name.
    private static func address(of index: Substring) -> String {
        guard let sign = index.firstIndex(of: "="), !index[..<sign].contains(":") else {
            return String(index)
        }
        return String(index[index.index(after: sign)...])
    }

    /// Sections that hold for `pip install` of an INI file (pip, user guide: configuration).
    private static func read(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        var section = ""
        var option: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.trimmed
            if words.isEmpty || words.hasPrefix("#") || words.hasPrefix(";") { continue }
            if words.hasPrefix("["), words.hasSuffix("]") {
                section = String(words.dropFirst().dropLast())
                option = nil
            } else if line.first?.isWhitespace == true, let option {
                values[option, default: ""] += "\n" + words
            } else if ["global", "install"].contains(section), let sign = words.firstIndex(of: "=") {
                let name = words[..<sign].trimmed.lowercased().replacing("_", with: "-")
                values[name] = String(words[words.index(after: sign)...].trimmed)
                option = name
            } else {
                option = nil
            }
        }
        return values
    }

    private static func isTrue(_ text: String) -> Bool {
        ["1", "true", "yes", "on"].contains(text.lowercased())
    }

    /// pip's option, uv's variable, and what separates several values there.
    private static let counterparts = [
        ("index-url", "UV_DEFAULT_INDEX", " "), ("extra-index-url", "UV_INDEX", " "),
        ("find-links", "UV_FIND_LINKS", ","), ("trusted-host", "UV_INSECURE_HOST", " "),
        ("cert", "SSL_CERT_FILE", " "), ("proxy", "HTTPS_PROXY", " "), ("timeout", "UV_HTTP_TIMEOUT", " "),
    ]

    /// What the server's own connections trust and go through.
    private static let trust: Set<String> = [
        "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY",
        "no_proxy",
        "ALL_PROXY", "all_proxy",
    ]
}

extension StringProtocol {
    fileprivate var trimmed: SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
