import Foundation
import Testing

@Suite struct StyleTests {
    /// Read once for all tests.
    private static let tree = Result { try SourceTree() }

    let tree: SourceTree
    let manifest: Manifest

    /// Modules of the toolchain and the system that any target may import.
    static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch",
    ]

    init() throws {
        tree = try Self.tree.get()
        manifest = Manifest(
            text: try String(contentsOf: tree.root.appending(path: "Package.swift"), encoding: .utf8)
        )
    }

    @Test func `a target imports only what its line in the manifest names`() throws {
        for file in tree.files {
            let declared = try #require(manifest.modulesByTarget[file.target], "\(file.path) has no target")
            var allowed = declared.union(StyleTests.system)
            if file.path.hasPrefix("Tests/") { allowed.insert("Testing") }
            for module in file.imports where !allowed.contains(module) {
                Issue.record("\(file.path) imports \(module), which '\(file.target)' does not declare")
            }
        }
    }

    @Test func `what a target declares it imports somewhere`() throws {
        var used: [String: Set<String>] = [:]
        for file in tree.files { used[file.target, default: []].formUnion(file.imports) }
        for (target, declared) in manifest.modulesByTarget {
            for module in declared.subtracting(used[target] ?? []).sorted() {
                Issue.record("'\(target)' declares \(module) in Package.swift and imports it nowhere")
            }
        }
    }

    @Test func `the vocabulary and the pure targets open no socket, file or process`() {
        let pure: Set<String> = [
            "Resources", "AgentProtocol", "AWSWire", "SageMakerAPI", "Checksums", "DataFormats",
        ]
        let forbidden: Set<String> = ["NIOPosix", "NIOCore", "GRDB", "AsyncHTTPClient", "Subprocess"]
        for file in tree.files where file.path.hasPrefix("Sources/") && pure.contains(file.target) {
            for module in file.imports where forbidden.contains(module) {
                Issue.record("\(file.path) imports \(module), but \(file.target) is values in, values out")
            }
        }
    }

    @Test func `each target folder has a README`() throws {
        for folder in try tree.targetFolders() {
            let readme = tree.root.appending(path: "Sources/\(folder)/README.md")
            #expect(
                FileManager.default.fileExists(atPath: readme.path),
                "Sources/\(folder)/README.md is missing"
            )
        }
    }

    @Test func `the files that a README names exist, and no merge left its marks`() throws {
        for folder in try tree.targetFolders() {
            let target = tree.root.appending(path: "Sources/\(folder)")
            let text = try String(contentsOf: target.appending(path: "README.md"), encoding: .utf8)
            #expect(!text.contains("<<<<<<<"), "Sources/\(folder)/README.md holds a merge conflict")
            let files =
                FileManager.default.enumerator(atPath: target.path)?.compactMap { $0 as? String } ?? []
            for match in text.matches(of: /`(?:\w+\/)*(\w+\.(?:swift|c|h))`/) {
                let name = String(match.1)
                let exists = files.contains { $0 == name || $0.hasSuffix("/" + name) }
                #expect(exists || Self.elsewhere.contains(name), "Sources/\(folder)/README.md names \(name)")
            }
        }
    }

    /// Files of other targets and of the system that READMEs speak of.
    private static let elsewhere: Set<String> = ["XGBoostLibrary.swift", "zlib.h"]

    @Test(arguments: ["try!", "as!", "@testable", "nonisolated(unsafe)"])
    func `words that hide a crash or a race are absent`(word: String) {
        for file in tree.files {
            for (index, line) in file.code.enumerated() where line.contains(word) {
                Issue.record("\(file.path):\(index + 1) uses \(word)")
            }
        }
    }

    @Test func `long files are pointed out`() {
        for file in tree.files where file.lineCount > 400 && !file.isGenerated {
            Issue.record(
                "\(file.path) has \(file.lineCount) lines: look whether a second concept moved in",
                severity: .warning
            )
        }
    }
}

@Suite struct ManifestTests {
    @Test func `own targets and products are read from the manifest's text`() {
        let manifest = Manifest(
            text: """
                let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
                .target(
                    name: "AWSWire",
                    dependencies: ["Checksums", crypto, other],
                    swiftSettings: settings),
                .target(name: "Checksums"),
                """
        )
        #expect(manifest.modulesByTarget == ["AWSWire": ["Checksums", "Crypto"], "Checksums": []])
    }
}

@Suite struct SourceFileTests {
    @Test func `imports are seen in every form and not inside literals or comments`() {
        let file = SourceFile(
            path: "Sources/A/B.swift",
            text: #"""
                import Foundation
                package import NIOCore
                @preconcurrency import Glibc
                import struct Dispatch.DispatchTime
                // import Comment
                let script = """
                import python
                """
                let text = "import word"
                """#
        )
        #expect(file.imports == ["Foundation", "NIOCore", "Glibc", "Dispatch"])
        #expect(file.target == "A")
        #expect(file.lineCount == 9)
    }

    @Test func `code is what is left without comments and literals`() {
        let file = SourceFile(path: "Sources/A/B.swift", text: #"let a = "try! \" x" + f() // as! no"#)
        #expect(file.code == [#"let a = "" + f() "#])
    }
}
