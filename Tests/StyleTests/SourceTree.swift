import Foundation

/// The package's Swift sources on disk.
struct SourceTree {
    /// Folder that holds `Package.swift`.
    let root: URL
    let files: [SourceFile]

    /// Reads `Sources` and `Tests` of the package that this file belongs to.
    init(filePath: String = #filePath) throws {
        root = URL(filePath: filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var files: [SourceFile] = []
        for folder in ["Sources", "Tests"] {
            let base = root.appending(path: folder)
            guard let paths = FileManager.default.enumerator(atPath: base.path) else { continue }
            for case let path as String in paths where path.hasSuffix(".swift") {
                let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
                files.append(SourceFile(path: "\(folder)/\(path)", text: text))
            }
        }
        self.files = files.sorted { $0.path < $1.path }
    }

    /// Folders below `Sources`: one per target.
    func targetFolders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path).sorted()
    }
}

/// One Swift file.
struct SourceFile {
    /// Path below the package's root, such as `Sources/Store/Database.swift`.
    let path: String
    /// Number of lines in the file.
    let lineCount: Int
    /// The code of each line: no comments, and string literals are emptied.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        lineCount = lines.count - (text.hasSuffix("\n") ? 1 : 0)
        var insideLiteral = false
        code = lines.map { SourceFile.code(of: $0, insideLiteral: &insideLiteral) }
    }

    /// Target that the file belongs to: the folder below `Sources` or `Tests`.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// Written by the generator.
    var isGenerated: Bool { path.contains("/Generated/") }

    /// Modules named by the file's import declarations.
    var imports: [String] {
        let declaration =
            /^(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
        return code.filter { $0.contains("import") }
            .compactMap { line in line.firstMatch(of: declaration).map { String($0.1) } }
    }

    /// Strips one line; multi-line literals carry over to the next through `insideLiteral`.
    private static func code(of line: Substring, insideLiteral: inout Bool) -> String {
        let parts = line.split(separator: "\"\"\"", omittingEmptySubsequences: false)
        var outside = ""
        for (index, part) in parts.enumerated() {
            if index > 0 { insideLiteral.toggle() }
            if !insideLiteral { outside += part }
        }
        // Regular expressions are slow, and most lines have no literal.
        let unquoted =
            outside.utf8.contains(UInt8(ascii: "\""))
            ? outside.replacing(/#".*?"#/, with: "\"\"").replacing(/"(?:\\.|[^"\\])*"/, with: "\"\"")
            : outside
        guard let comment = unquoted.firstRange(of: "//") else { return unquoted }
        return String(unquoted[..<comment.lowerBound])
    }
}
