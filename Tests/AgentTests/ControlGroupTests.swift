import Agent
import AgentProtocol
import Foundation
import Testing

/// A hierarchy of version 2 as files: what the kernel would make of writes is for the tests to say.
@Suite struct ControlGroupTests {
    private let limits = InstanceLimits(cpus: 2, memory: 1 << 30)

    private func withTree(
        controllers: String = "cpuset cpu io memory pids",
        members: String = "10\n11\n",
        _ body: (_ root: String, _ service: String) throws -> Void
    ) throws {
        let root = NSTemporaryDirectory() + "clary-groups-\(UUID().uuidString)"
        let service = root + "/system.slice/clary.service"
        try FileManager.default.createDirectory(atPath: service, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        try controllers.write(toFile: root + "/cgroup.controllers", atomically: false, encoding: .utf8)
        try controllers.write(toFile: service + "/cgroup.controllers", atomically: false, encoding: .utf8)
        try members.write(toFile: service + "/cgroup.procs", atomically: false, encoding: .utf8)
        try "".write(toFile: service + "/cgroup.subtree_control", atomically: false, encoding: .utf8)
        try body(root, service)
    }

    private func tree(_ root: String, in group: String = "/system.slice/clary.service") -> ControlGroupTree {
        ControlGroupTree(root: root, membership: "1:name=systemd:/x\n0::\(group)\n")
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func `a delegated group is made ready and then has room for instances`() throws {
        try withTree { root, service in
            #expect(tree(root).parent == nil)
            tree(root).prepare(processes: [10, 11, 12])
            #expect(try text(service + "/cgroup.subtree_control") == "+cpu +memory +pids")
            #expect(try text(service + "/clary-platform/cgroup.procs") == "11")
            // An agent finds itself in the platform's group.
            let inner = tree(root, in: "/system.slice/clary.service/clary-platform")
            let parent = try #require(inner.parent)
            #expect(parent == service)
            let group = try ControlGroup(named: "t-1", under: parent, limits: limits, processes: 4096)
            #expect(try text(group.directory + "/memory.max") == String((1 << 30) + (64 << 20)))
            #expect(try text(group.directory + "/pids.max") == "4096")
            #expect(try text(group.directory + "/cpu.max") == "200000 100000")
        }
    }

    @Test func `a group with somebody else's processes is left alone`() throws {
        try withTree(members: "10\n99\n") { root, service in
            tree(root).prepare(processes: [10])
            let control = try text(service + "/cgroup.subtree_control")
            #expect(control.isEmpty)
            #expect(tree(root).parent == nil)
        }
    }

    @Test func `a group without the memory controller is of no use`() throws {
        try withTree(controllers: "cpu pids") { root, service in
            tree(root).prepare(processes: [10, 11])
            #expect(tree(root).parent == nil)
            let control = try text(service + "/cgroup.subtree_control")
            #expect(control.isEmpty)
        }
    }

    @Test func `version 1 has none`() {
        #expect(ControlGroupTree(root: "/nonexistent", membership: "4:memory:/x\n0::/\n").parent == nil)
    }

    @Test(arguments: [("low 0\noom 1\noom_kill 2\n", true), ("oom 1\noom_kill 0\n", false), ("", false)])
    func `the kernel's kills are seen`(events: String, expected: Bool) throws {
        try withTree { _, service in
            let group = try ControlGroup(named: "t-1", under: service, limits: limits, processes: 9)
            try events.write(toFile: group.directory + "/memory.events", atomically: false, encoding: .utf8)
            #expect(group.hasRunOutOfMemory == expected)
        }
    }

    /// Visibly skipped on machines that delegate no group.
    @Test(
        .enabled(if: ControlGroupTree().parent != nil, "this machine delegates no control group of version 2")
    )
    func `the kernel takes the limits`() throws {
        let parent = try #require(ControlGroupTree().parent)
        let group = try ControlGroup(
            named: "test-\(UUID().uuidString)",
            under: parent,
            limits: limits,
            processes: 64
        )
        defer { group.remove() }
        #expect(try text(group.directory + "/pids.max") == "64\n")
        #expect(!group.hasRunOutOfMemory)
    }
}
