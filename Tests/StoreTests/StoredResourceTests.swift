import Foundation
import Resources
import Store
import Testing

private struct Lamp: StoredResource, Equatable {
    static let kind = "lamp"
    var scope: Scope
    var name: String
    var status = "Off"
    var created = 1.0
    var modified = 1.0
    var text = ""
}

@Suite struct StoredResourceTests {
    private struct Refused: Error {}

    private func withDatabase(_ body: (StateDatabase, Lamp) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "clary-state-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try StateDatabase(file: folder + "/state.sqlite")
        let scope = Scope(account: .standard, region: .standard)
        try body(database, Lamp(scope: scope, name: "desk"))
        try database.close()
    }

    @Test func `a resource is read as it was written last, however often it was read before`() throws {
        try withDatabase { database, lamp in
            var lamp = lamp
            try database.commit { try $0.insert(lamp) }
            for round in 0..<5 {
                for _ in 0..<2 {
                    #expect(
                        try database.read { try $0.resource(Lamp.self, named: "desk", in: lamp.scope) }
                            == lamp
                    )
                }
                lamp.text = "\(round)"
                try database.commit { try $0.update(lamp) }
            }
            #expect(try database.read { try $0.resource(Lamp.self, named: "floor", in: lamp.scope) } == nil)
        }
    }

    @Test func `what a failed transaction wrote and read is forgotten`() throws {
        try withDatabase { database, lamp in
            try database.commit { try $0.insert(lamp) }
            #expect(throws: Refused.self) {
                try database.commit { transaction in
                    var bright = lamp
                    bright.status = "On"
                    try transaction.update(bright)
                    #expect(try transaction.resource(Lamp.self, named: "desk", in: lamp.scope) == bright)
                    throw Refused()
                }
            }
            #expect(try database.read { try $0.resource(Lamp.self, named: "desk", in: lamp.scope) } == lamp)
            try database.commit { try $0.delete(lamp) }
            #expect(try database.read { try $0.resource(Lamp.self, named: "desk", in: lamp.scope) } == nil)
        }
    }

    @Test func `more documents than are kept decoded are read all the same`() throws {
        try withDatabase { database, lamp in
            let lamps = (0..<5).map { index in
                var lamp = lamp
                lamp.name = "\(index)"
                lamp.text = String(repeating: "\(index)", count: 2 << 20)
                return lamp
            }
            for lamp in lamps { try database.commit { try $0.insert(lamp) } }
            for lamp in lamps + lamps {
                #expect(
                    try database.read { try $0.resource(Lamp.self, named: lamp.name, in: lamp.scope) } == lamp
                )
            }
        }
    }
}
