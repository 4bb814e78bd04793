import AgentProtocol
import CLinux
import Engines
import Foundation
import Testing

@Suite(.enabled(if: Facilities.canRunInstances, "needs bubblewrap, user namespaces and the built binary"))
struct SandboxTests {
    @Test func `a container sees a root that it cannot change and nothing of the platform's`() async throws {
        try await Workshop.open { workshop in
            let assignment = workshop.training(
                "s-1",
                """
                touch /usr/x /etc/x /x 2>/dev/null && echo writable
                ls -d /home /srv \(workshop.directory) /var/lib /mnt 2>/dev/null
                env | grep -v -e '^PWD=' -e '^SHLVL=' -e '^_=' -e '^AWS_CONTAINER_' | sort
                hostname; cat /proc/1/comm; ls /tmp; ls /proc/self/fd | wc -l
                cat /proc/1/environ /proc/1/fd/3 2>/dev/null; touch /tmp/x /dev/shm/x /root/x /opt/ml/x && echo mine
                """
            )
            _ = try await workshop.start(assignment)
            try await workshop.waitForEnd(assignment.instance)
            #expect(
                workshop.plane.log(assignment.instance)
                    == ["HOME=/root", "PATH=/usr/bin:/bin", "algo-1", "clary", "4", "mine"]
            )
        }
    }

    @Test func `agents hold no descriptor of whoever started them and outlive it`() async throws {
        try await Workshop.open { workshop in
            let assignment = workshop.training("s-2", "sleep 60")
            let handle = try #require(try await workshop.start(assignment).first)
            try await workshop.waitForStart(assignment.instance)
            let agent = "/proc/\(handle.processID)"
            let ours = Set(try targets(of: "/proc/self"))
            // Inherited sockets and files would have the same target in both; what the kernel names alike does not count.
            let shared = try targets(of: agent).filter { ours.contains($0) && !$0.hasPrefix("anon_inode:") }
            #expect(shared.filter { $0 != "/dev/null" } == [])
            let fields = try String(contentsOfFile: "\(agent)/stat", encoding: .utf8).split(separator: " ")
            // Parent, process group, session: its own session, and no longer a child of this process.
            #expect(Int32(fields[3]) != getpid())
            #expect(fields[5] == "\(handle.processID)")
            try await workshop.engine.kill(handle)
            try await workshop.engine.release(handle)
            #expect(!(await workshop.engine.isAlive(handle)))
        }
    }

    @Test func `an agent that dies takes its container along`() async throws {
        try await Workshop.open { workshop in
            let marker = "\(UInt32.random(in: 1_000_000...9_999_999))"
            let assignment = workshop.training("s-3", "sleep \(marker)")
            let handle = try #require(try await workshop.start(assignment).first)
            try await workshop.waitForStart(assignment.instance)
            let sleeper = try #require(await process(running: marker, exists: true))
            try await workshop.engine.kill(handle)
            #expect(
                await process(running: marker, exists: false) == nil,
                "process \(sleeper) outlived its agent"
            )
        }
    }

    @Test func `the one-time token is in no argument, environment or file, and nothing reads it again`()
        async throws
    {
        try await Workshop.open { workshop in
            workshop.plane.loseAnswers(2)
            let assignment = workshop.training("s-5", "sleep 30")
            let handle = try #require(try await workshop.start(assignment).first)
            try await workshop.waitForStart(assignment.instance)
            // The answers that were lost were asked for again with the same secret, of which only the hash travels.
            let proposals = workshop.plane.proposals(assignment.instance)
            #expect(proposals.count == 3)
            #expect(Set(proposals).count == 1)
            let needle = Data("token-s-5".utf8)
            let names = try FileManager.default.contentsOfDirectory(atPath: "/proc")
            var looked = 0
            for pid in names.compactMap({ Int32($0) }) where pid != getpid() {
                for file in ["cmdline", "environ"] {
                    guard let content = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") else {
                        continue
                    }
                    looked += 1
                    #expect(content.firstRange(of: needle) == nil, "\(file) of process \(pid)")
                }
            }
            #expect(looked > 0)
            let bootstrap = "\(handle.directory)/agent.json"
            #expect(FileManager.default.fileExists(atPath: bootstrap))
            let files = try #require(FileManager.default.enumerator(atPath: workshop.directory))
            for case let path as String in files {
                let content = FileManager.default.contents(atPath: "\(workshop.directory)/\(path)")
                #expect(content?.firstRange(of: needle) == nil, "\(path)")
            }
            let input = "/proc/\(handle.processID)/fd/0"
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: input) == "/dev/null")
            try await workshop.engine.kill(handle)
            try await workshop.engine.release(handle)
        }
    }

    @Test func `an agent whose token somebody else has spent ends`() async throws {
        try await Workshop.open { workshop in
            let assignment = workshop.training("s-6", "sleep 30")
            let theirs = SessionProposal(sessionHash: AgentSecret.hash(of: "theirs"))
            _ = try workshop.plane.openSession(of: "s-6", theirs)
            let handle = try #require(try await workshop.start(assignment).first)
            for _ in 0..<2000 where await workshop.engine.isAlive(handle) {
                await Task.yield()
                usleep(5000)
            }
            #expect(!(await workshop.engine.isAlive(handle)))
            #expect(workshop.plane.events(assignment.instance).isEmpty)
        }
    }

    @Test func `an instance that the control plane does not know cleans up after itself`() async throws {
        try await Workshop.open { workshop in
            let handles = try await workshop.engine.start(
                FleetSpec(
                    owner: "test",
                    instances: [
                        InstanceSeat(id: InstanceID("s-4"), instanceType: "ml.m5.large", token: "token-s-4")
                    ],
                    network: .open
                )
            )
            let handle = try #require(handles.first)
            for _ in 0..<2000 where await workshop.engine.isAlive(handle) {
                await Task.yield()
                usleep(5000)
            }
            #expect(!(await workshop.engine.isAlive(handle)))
            #expect(!FileManager.default.fileExists(atPath: handle.directory))
        }
    }

    private func targets(of process: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(process)/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(process)/fd/\($0)")
        }
    }

    /// The process `sleep <marker>`, awaited for at most ten seconds to be there or to be gone.
    private func process(running marker: String, exists: Bool) async -> Int32? {
        for _ in 0..<2000 {
            let found = sleepers(marker).first
            if (found != nil) == exists { return found }
            usleep(5000)
        }
        return sleepers(marker).first
    }

    private func sleepers(_ marker: String) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { pid in
            FileManager.default.contents(atPath: "/proc/\(pid)/cmdline")
                == Data("sleep\u{0}\(marker)\u{0}".utf8)
        }
    }
}
