import Foundation
import Resources
import Testing

@Suite struct InstanceCatalogueTests {
    @Test func `every instance of the table is a type`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let table = try String(contentsOf: root.appending(path: "Catalogue/instances.csv"), encoding: .utf8)
        let rows = table.split(separator: "\n").dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        // Accelerators to attach and types whose size is not published are no machines.
        let names = rows.filter { !$0[2].isEmpty && !$0[3].isEmpty }.map { String($0[0]) }
        #expect(InstanceCatalogue.types.map(\.name) == names)
        #expect(names.count > 400)
    }

    @Test func `a type has its size`() throws {
        let m5 = try #require(InstanceCatalogue.type(named: "ml.m5.xlarge"))
        #expect(m5.vCPUs == 4)
        #expect(m5.memoryGiB == 16)
        #expect(m5.gpus == 0)
        #expect(m5.gpuModel == nil)
        #expect(m5.uses.isSuperset(of: [.training, .hosting, .notebook]))
        let g4 = try #require(InstanceCatalogue.type(named: "ml.g4dn.12xlarge"))
        #expect(g4.gpus == 4)
        #expect(g4.gpuModel == "NVIDIA T4")
        #expect(InstanceCatalogue.type(named: "ml.m5.huge") == nil)
    }
}
