import Environments
import Foundation
import Testing

@Suite struct RuntimeProgramsTests {
    @Test func `a place that somebody has damaged is no place, and nothing is left beside it`() throws {
        let folder = URL.temporaryDirectory.appending(path: "clary-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = try RuntimePrograms.install(in: folder)
        let before = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(before.count == 1)
        try FileManager.default.removeItem(atPath: "\(place)/clary_runtime/training/requirements.py")
        #expect(throws: EnvironmentError.self) { try RuntimePrograms.install(in: folder) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == before)
        try FileManager.default.removeItem(atPath: place)
        try Data().write(to: URL(filePath: place))
        #expect(throws: EnvironmentError.self) { try RuntimePrograms.install(in: folder) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == before)
    }

    @Test func `the programs are those of the Python package`() throws {
        let folder = URL.temporaryDirectory.appending(path: "clary-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = try RuntimePrograms.install(in: folder)
        #expect(try RuntimePrograms.install(in: folder) == place)
        let source = #filePath.components(separatedBy: "/Tests/")[0] + "/Python/clary_runtime"
        let there = FileManager.default.enumerator(atPath: source)?.compactMap { $0 as? String } ?? []
        let programs = there.filter { $0.hasSuffix(".py") && !$0.hasSuffix("parquet.py") }
        #expect(programs.count > 10)
        for path in programs {
            let own = try String(contentsOfFile: "\(place)/\(path)", encoding: .utf8)
            let theirs = try String(contentsOfFile: "\(source)/\(path)", encoding: .utf8)
            #expect(own == theirs || own + "\n" == theirs, "run `make generate`: \(path) differs")
        }
    }
}
