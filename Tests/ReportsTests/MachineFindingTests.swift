import Reports
import Testing

@Suite struct MachineFindingTests {
    /// A machine that has everything.
    private func good() -> MachineFacts {
        var facts = MachineFacts()
        (facts.namespaces, facts.network, facts.overlay, facts.sandbox) = (.worked, .worked, .worked, .worked)
        facts.bubblewrap = .init(path: "/usr/bin/bwrap", version: "bubblewrap 0.8.0")
        facts.controlGroups = .v2(isDelegated: true)
        (facts.cpus, facts.memory, facts.gpus) = (8, 32 << 30, ["/dev/nvidia0"])
        facts.networkProgram = "/usr/bin/slirp4netns"
        facts.engineSockets = ["/run/podman/podman.sock"]
        facts.uv = .init(path: "/usr/bin/uv", version: "uv 0.13.9")
        facts.xgboost = .found(path: "/opt/libxgboost.so", version: "3.0.5")
        (facts.parquet, facts.fuse) = ("/opt/parquet", .worked)
        (facts.dataDirectory, facts.dataDirectoryIsWritable, facts.freeDisk) = ("/data", .worked, 50 << 30)
        facts.server = "http://127.0.0.1:9000, process 7, on /data."
        return facts
    }

    private func finding(_ subject: String, _ facts: MachineFacts) throws -> Finding {
        try #require(facts.findings.first { $0.subject == subject })
    }

    @Test func `a good machine lacks nothing`() {
        let findings = good().findings
        #expect(findings.filter { $0.verdict != .ok }.map(\.subject).isEmpty)
        #expect(!findings.contains(where: { $0.isFatal }))
    }

    @Test func `refused namespaces are fatal, and what depends on them was not tried`() throws {
        var facts = good()
        facts.namespaces = .failed("unshare: Operation not permitted")
        (facts.network, facts.overlay, facts.sandbox) = (.untried, .untried, .untried)
        let fatal = facts.findings.filter(\.isFatal).map(\.subject)
        #expect(fatal == ["namespaces", "job networks", "sandbox"])
        #expect(try finding("namespaces", facts).text.contains("Operation not permitted"))
        #expect(try finding("overlay", facts).verdict == .limited)
    }

    @Test func `each cause of refused namespaces has its own fix`() throws {
        var facts = good()
        facts.namespaces = .failed("unshare: Operation not permitted")
        #expect(try finding("namespaces", facts).fix.joined().contains("Ask whoever"))
        facts.isContainer = true
        #expect(try finding("namespaces", facts).fix.joined().contains("seccomp=unconfined"))
        facts.mostUserNamespaces = 0
        #expect(try finding("namespaces", facts).fix.joined().contains("user.max_user_namespaces = 15000"))
        facts.mayCloneUnprivileged = false
        #expect(
            try finding("namespaces", facts).fix.joined().contains("kernel.unprivileged_userns_clone = 1")
        )
        facts.appArmorRestricts = true
        #expect(
            try finding("namespaces", facts).fix.joined()
                .contains("sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0")
        )
    }

    @Test func `AppArmor's limit is no matter where namespaces work all the same`() throws {
        var facts = good()
        facts.appArmorRestricts = true
        #expect(try finding("namespaces", facts).verdict == .ok)
    }

    @Test func `what Parquet and FastFile need is said, and indispensable for nothing`() throws {
        var facts = good()
        (facts.parquet, facts.fuse) = (nil, .failed("No such file or directory"))
        #expect(try finding("Parquet", facts).verdict == .limited)
        #expect(try finding("FUSE", facts).text.contains("No such file or directory"))
        facts.uv = nil
        #expect(try finding("Parquet", facts).verdict == .missing)
        #expect(!facts.findings.contains(where: { $0.isFatal }))
    }

    @Test func `without overlays Clary works and copies`() throws {
        var facts = good()
        facts.overlay = .failed("mount: Invalid argument")
        #expect(try finding("overlay", facts).verdict == .limited)
        #expect(!facts.findings.contains(where: { $0.isFatal }))
    }

    @Test func `without bubblewrap nothing runs, without XGBoost the rest does`() throws {
        var facts = good()
        facts.bubblewrap = nil
        #expect(try finding("bubblewrap", facts).isFatal)
        facts = good()
        facts.xgboost = .missing(searched: ["/a", "/b"])
        #expect(try finding("libxgboost", facts).verdict == .missing)
        #expect(!facts.findings.contains(where: { $0.isFatal }))
    }

    @Test func `a disk is fine, small or too small`() throws {
        var facts = good()
        facts.freeDisk = 2 << 30
        #expect(try finding("data directory", facts).verdict == .limited)
        facts.freeDisk = 1 << 20
        #expect(try finding("data directory", facts).isFatal)
        facts = good()
        facts.dataDirectoryIsWritable = .failed("/data: Permission denied")
        #expect(try finding("data directory", facts).isFatal)
    }

    @Test func `jobs without a way out or a user of their own are pointed out`() throws {
        var facts = good()
        (facts.networkProgram, facts.sharedUserReason) = (nil, "Clary does not run as root")
        #expect(try finding("open network", facts).text.contains("not the Internet"))
        #expect(try finding("users", facts).text.contains("Clary does not run as root"))
        #expect(!facts.findings.contains(where: { $0.isFatal }))
    }

    @Test func `what is optional is never fatal`() {
        var facts = good()
        (facts.uv, facts.server, facts.gpus, facts.engineSockets) = (nil, nil, [], [])
        facts.controlGroups = .none
        facts.memory = 1 << 30
        #expect(!facts.findings.contains(where: { $0.isFatal }))
        #expect(facts.findings.count { $0.verdict == .missing } == 4)
    }

    @Test func `lines are aligned and wrapped, fixes stand whole below`() {
        let findings = [
            Finding("overlay", .limited, "Overlays are refused here today.", fix: ["sudo mend --it"]),
            Finding("uv", .ok, "Here."),
        ]
        #expect(
            Finding.lines(findings, width: 40) == [
                "limited  overlay  Overlays are refused",
                "                  here today.",
                "                    sudo mend --it",
                "ok       uv       Here.",
            ]
        )
    }
}
