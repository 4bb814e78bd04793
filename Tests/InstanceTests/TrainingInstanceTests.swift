import AgentProtocol
import Archive
import CLinux
import Engines
import Foundation
import Resources
import Testing

@Suite(.enabled(if: Facilities.canRunInstances, "needs bubblewrap, user namespaces and the built binary"))
struct TrainingInstanceTests {
    @Test func `a job goes from its assignment to its artifacts, with logs, metrics and events in order`()
        async throws
    {
        try await Workshop.open { workshop in
            var assignment = workshop.training(
                "t-1",
                "printf '[3]\\ttrain-rmse:0.25\\n'; echo weights > /opt/ml/model/m; echo out > /opt/ml/output/data/o"
            )
            assignment.metricDefinitions = [
                MetricDefinition(name: "rmse", regex: #".*\[[0-9]+\].*#011train-rmse:(\S+)"#)
            ]
            assignment.notices = ["limits were clamped"]
            let handle = try #require(try await workshop.start(assignment).first)
            try await workshop.waitForEnd(assignment.instance)
            let words = workshop.plane.events(assignment.instance).map(\.word)
            #expect(words == ["downloading", "started", "exited", "uploading", "finished"])
            #expect(workshop.plane.sequences(assignment.instance) == [1, 2, 3, 4, 5])
            #expect(
                workshop.plane.log(assignment.instance)
                    == ["[clary] limits were clamped", "[3]#011train-rmse:0.25"]
            )
            #expect(workshop.plane.samples(assignment.instance).map(\.value) == [0.25])
            let out = "\(workshop.directory)/out"
            for (name, file, content) in [("model", "m", "weights\n"), ("output", "o", "out\n")] {
                let archive = try #require(workshop.plane.object("/b/t-1/output/\(name).tar.gz"))
                try FileManager.default.createDirectory(
                    atPath: "\(out)/\(name)",
                    withIntermediateDirectories: true
                )
                try archive.write(to: URL(fileURLWithPath: "\(out)/archive"))
                _ = try ArchiveUnpacker.unpack("\(out)/archive", into: "\(out)/\(name)")
                #expect(try String(contentsOfFile: "\(out)/\(name)/\(file)", encoding: .utf8) == content)
            }
            try await workshop.engine.release(handle)
            #expect(!FileManager.default.fileExists(atPath: handle.directory))
        }
    }

    @Test func `what a job does to its channel never reaches the store's file`() async throws {
        try await Workshop.open { workshop in
            let store = "\(workshop.directory)/object"
            try "1,2\n".write(toFile: store, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: store)
            var assignment = workshop.training(
                "t-2",
                """
                cd /opt/ml/input/data/train; chmod 755 a/x.csv && echo more >> a/x.csv && cat a/x.csv && rm y.csv && ls
                """
            )
            let location = S3Location(bucket: "b", key: "k")
            assignment.channels = [
                try workshop.channel(
                    "train",
                    ["a/x.csv", "y.csv"].map {
                        .object(DataObject(location: location, relativePath: $0, size: 4, nearPath: store))
                    }
                )
            ]
            _ = try await workshop.start(assignment)
            try await workshop.waitForEnd(assignment.instance)
            #expect(workshop.exit(assignment.instance)?.code == 0)
            #expect(workshop.plane.log(assignment.instance) == ["1,2", "more", "a"])
            #expect(try String(contentsOfFile: store, encoding: .utf8) == "1,2\n")
            let mode = try FileManager.default.attributesOfItem(atPath: store)[.posixPermissions]
            #expect(mode as? Int == 0o444)
        }
    }

    @Test func `what a job does to files that it shares with others is its own`() async throws {
        try await Workshop.open { workshop in
            let shared = "\(workshop.directory)/shared"
            try FileManager.default.createDirectory(
                atPath: "\(shared)/packages",
                withIntermediateDirectories: true,
                attributes: nil
            )
            for name in ["a", "packages/b"] {
                try name.write(toFile: "\(shared)/\(name)", atomically: true, encoding: .utf8)
            }
            let assignments = ["t-layers-1", "t-layers-2"].map { name in
                var assignment = workshop.training(
                    name,
                    "cd /opt/python; echo -n more >> a; rm -r packages; mkdir new; cat a; ls"
                )
                assignment.container.mounts = [
                    .init(source: shared, target: "/opt/python", access: .layered)
                ]
                return assignment
            }
            for assignment in assignments {
                _ = try await workshop.start(assignment)
                try await workshop.waitForEnd(assignment.instance)
                #expect(workshop.exit(assignment.instance)?.code == 0)
                #expect(workshop.plane.log(assignment.instance) == ["amorea", "new"])
            }
            #expect(try String(contentsOfFile: "\(shared)/a", encoding: .utf8) == "a")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: shared).sorted() == ["a", "packages"]
            )
        }
    }

    @Test func `instances of a job both listen on one port, reach each other by name, and nobody else`()
        async throws
    {
        try await Workshop.open { workshop in
            let listen = "python3 -m http.server 8080 >/dev/null 2>&1 & "
            func script(_ peer: String) -> String {
                listen + """
                    cd /opt/ml/model; echo $(hostname) > $(hostname)
                    for i in $(seq 200); do
                        python3 -c "import urllib.request as r; print(r.urlopen('http://\(peer):8080/').status)" 2>/dev/null && break
                    done
                    python3 -c "import socket; socket.create_connection(('1.1.1.1', 53), 1)" 2>&1 | tail -1
                    touch /opt/ml/output/data/$(hostname); while [ ! -e /opt/ml/input/end ]; do read -t 0.05 <> <(:); done
                    """
            }
            let hosts = ["algo-1", "algo-2"]
            var first = workshop.training("p-1", script("algo-2"), hosts: hosts)
            var second = workshop.training("p-2", script("algo-1"), host: "algo-2", hosts: hosts)
            first.network = .isolated
            second.network = .isolated
            let handles = try await workshop.start(first, second)
            for instance in [first.instance, second.instance] {
                try await workshop.plane.wait("the peers' answers") { [plane = workshop.plane] in
                    plane.log(instance).count >= 2
                }
                #expect(
                    workshop.plane.log(instance) == ["200", "OSError: [Errno 101] Network is unreachable"]
                )
            }
            for handle in handles {
                try "".write(
                    toFile: "\(handle.containerDirectory)/input/end",
                    atomically: false,
                    encoding: .utf8
                )
            }
            for instance in [first.instance, second.instance] {
                try await workshop.plane.wait("exits") { [plane = workshop.plane] in
                    plane.events(instance).contains { if case .exited = $0 { true } else { false } }
                }
            }
            workshop.plane.command(
                first.instance,
                .collect(peerDirectories: handles.map(\.containerDirectory))
            )
            try await workshop.waitForEnd(first.instance)
            workshop.plane.command(second.instance, .release)
            try await workshop.waitForEnd(second.instance)
            let archive = try #require(workshop.plane.object("/b/p-1/output/model.tar.gz"))
            try archive.write(to: URL(fileURLWithPath: "\(workshop.directory)/a"))
            let out = "\(workshop.directory)/out"
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
            #expect(try ArchiveUnpacker.unpack("\(workshop.directory)/a", into: out).files == 2)
        }
    }

    @Test func `SIGTERM reaches the entry process, which may end in its own way`() async throws {
        try await Workshop.open { workshop in
            let assignment = workshop.training(
                "t-3",
                "trap 'echo saved > /opt/ml/model/m; exit 7' TERM; echo ready; while :; do sleep 0.05; done"
            )
            _ = try await workshop.start(assignment)
            try await workshop.plane.wait("the trap") { [plane = workshop.plane, id = assignment.instance] in
                plane.log(id) == ["ready"]
            }
            workshop.plane.command(assignment.instance, .stop(cause: .stopRequested, graceSeconds: 30))
            try await workshop.waitForEnd(assignment.instance)
            let exit = try #require(workshop.exit(assignment.instance))
            #expect((exit.code, exit.cause) == (7, .stopRequested))
            #expect(workshop.plane.object("/b/t-3/output/model.tar.gz") != nil)
        }
    }

    typealias Ending = (script: String, code: Int?, signal: Int?, cause: ContainerExit.Cause)

    @Test(
        arguments: [
            ("exit 42", 42, nil, .itself), ("kill -SEGV $$", nil, 11, .itself),
            ("trap '' TERM; while :; do sleep 0.05; done", nil, 9, .maxRuntime),
            (
                "python3 -c 'x = bytearray(300 << 20); import time; time.sleep(30)' & wait", nil, 9,
                .outOfMemory
            ),
        ] as [Ending]
    )
    func `the end of a container is told with its raw status and its cause`(
        row: Ending
    ) async throws {
        try await Workshop.open { workshop in
            var assignment = workshop.training("t-4", row.script)
            assignment.limits.memory = 100 << 20
            if row.cause == .maxRuntime {
                assignment.maxRuntimeSeconds = 1
                assignment.stopGraceSeconds = 1
            }
            _ = try await workshop.start(assignment)
            try await workshop.waitForEnd(assignment.instance)
            let exit = try #require(workshop.exit(assignment.instance))
            #expect((exit.code, exit.signal, exit.cause) == (row.code, row.signal, row.cause))
        }
    }

    @Test func `a failure file and the last lines are told`() async throws {
        try await Workshop.open { workshop in
            let assignment = workshop.training(
                "t-5",
                "echo because > /opt/ml/output/failure; echo 'it broke' >&2; exit 1"
            )
            _ = try await workshop.start(assignment)
            try await workshop.waitForEnd(assignment.instance)
            let exit = try #require(workshop.exit(assignment.instance))
            #expect(exit.failureText == "because")
            #expect(exit.lastLines == ["it broke"])
        }
    }

    @Test func `nothing is lost while the control plane is away`() async throws {
        try await Workshop.open { workshop in
            let assignment = workshop.training(
                "t-6",
                "echo one; mkfifo /opt/ml/input/go 2>/dev/null; read -r < /opt/ml/input/go; echo two"
            )
            let handle = try #require(try await workshop.start(assignment).first)
            try await workshop.waitForStart(assignment.instance)
            let fifo = "\(handle.containerDirectory)/input/go"
            #expect(mkfifo(fifo, 0o600) == 0 || errno == EEXIST)
            workshop.plane.setAway(true)
            try "go\n".write(toFile: fifo, atomically: false, encoding: .utf8)
            // The container ends while nobody listens; its agent goes on trying.
            #expect(await workshop.engine.isAlive(handle))
            workshop.plane.setAway(false)
            try await workshop.waitForEnd(assignment.instance)
            #expect(workshop.plane.log(assignment.instance) == ["one", "two"])
            #expect(Set(workshop.plane.sequences(assignment.instance)) == [1, 2, 3, 4, 5])
        }
    }

    @Test func `a missing object ends the instance with the store's words`() async throws {
        try await Workshop.open { workshop in
            var assignment = workshop.training("t-7", "true")
            assignment.channels = [
                try workshop.channel(
                    "train",
                    [
                        .object(
                            DataObject(
                                location: S3Location(bucket: "b", key: "absent"),
                                relativePath: "x",
                                size: 1,
                                nearPath: nil
                            )
                        )
                    ]
                )
            ]
            _ = try await workshop.start(assignment)
            try await workshop.waitForEnd(assignment.instance)
            guard case .failed(let failure)? = workshop.plane.events(assignment.instance).last else {
                Issue.record("\(workshop.plane.events(assignment.instance))")
                return
            }
            #expect(failure.blame == .client)
            #expect(failure.message == "s3://b/absent: NoSuchKey: The specified key does not exist.")
        }
    }
}
