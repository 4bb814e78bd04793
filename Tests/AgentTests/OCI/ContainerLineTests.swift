import Agent
import CLinux
import Foundation
import Testing

@Suite struct ContainerLineTests {
    @Test func `a connection that nobody takes is closed`() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "line-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { clx_remove_tree(directory) }
        let line = try ContainerLine(in: directory)
        let kind = Int32(SOCK_SEQPACKET.rawValue)
        let inside = Descriptor(owning: clx_unix_connect("\(directory)/\(ContainerLine.socketName)", kind))
        #expect(inside.number >= 0)
        do {
            let arrived = try line.accept(within: 1000, handing: [])
            #expect(arrived != nil)
        }
        // The greeting, then the end.
        var byte: UInt8 = 0
        #expect(read(inside.number, &byte, 1) == 1)
        #expect(read(inside.number, &byte, 1) == 0)
    }

    @Test func `a parcel is taken once`() {
        var ends: [Int32] = [-1, -1]
        #expect(clx_pipe(&ends, 4096) >= 0)
        let other = Descriptor(owning: ends[1])
        let parcel = Parcel(Descriptor(owning: ends[0]))
        let first = parcel.take() != nil
        let second = parcel.take() != nil
        #expect(first && !second)
        _ = consume other
    }
}
