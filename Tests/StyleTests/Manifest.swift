/// What `Package.swift` says about targets, read from its text: the manifest is data here, not a program.
struct Manifest {
    /// Names of the modules that a target may import: own targets and products of packages.
    let modulesByTarget: [String: Set<String>]

    /// Reads the manifest's `let name: Target.Dependency = .product(…)` lines and the targets' calls.
    init(text: String) {
        var products: [String: String] = [:]
        let alias = /let (\w+): Target\.Dependency = \.product\(\s*name: "(\w+)"/
        for match in text.matches(of: alias) { products[String(match.1)] = String(match.2) }

        var modules: [String: Set<String>] = [:]
        let target = /\.(?:target|executableTarget|testTarget|systemLibrary)\(\s*name: "(\w+)"/
        for match in text.matches(of: target) {
            let call = Manifest.balanced(text[match.range.lowerBound...], open: "(", close: ")")
            var allowed: Set<String> = []
            if let start = call.firstRange(of: "dependencies: [") {
                let list = Manifest.balanced(call[start.lowerBound...], open: "[", close: "]")
                for name in list.matches(of: /"(\w+)"/) { allowed.insert(String(name.1)) }
                for name in list.replacing(/"\w+"/, with: "").matches(of: /\w+/) {
                    if let product = products[String(name.0)] { allowed.insert(product) }
                }
            }
            modules[String(match.1)] = allowed
        }
        modulesByTarget = modules
    }

    /// The part of the text from its first opening bracket to the bracket that closes it.
    private static func balanced(_ text: Substring, open: Character, close: Character) -> Substring {
        guard let start = text.firstIndex(of: open) else { return "" }
        var depth = 0
        for index in text.indices[start...] {
            if text[index] == open { depth += 1 }
            if text[index] == close { depth -= 1 }
            if depth == 0 { return text[start...index] }
        }
        return text[start...]
    }
}
