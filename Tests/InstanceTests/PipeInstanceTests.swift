import AgentProtocol
import Foundation
import Resources
import Testing

@Suite(.enabled(if: Facilities.canRunInstances, "needs bubblewrap, user namespaces and the built binary"))
struct PipeInstanceTests {
    /// A near object with this content.
    private func object(_ workshop: Workshop, _ name: String, _ content: Data) throws -> ObjectListing.Item {
        let path = "\(workshop.directory)/store-\(name)"
        try content.write(to: URL(fileURLWithPath: path))
        return .object(
            DataObject(
                location: S3Location(bucket: "b", key: name),
                relativePath: name,
                size: content.count,
                nearPath: path
            )
        )
    }

    @Test func `every epoch has a FIFO of its own with all objects, also after a reader that stops early`()
        async throws
    {
        try await Workshop.open { workshop in
            var assignment = workshop.training(
                "pipe-1",
                """
                cd /opt/ml/input/data; next() { while [ ! -p $1 ]; do sleep 0.01; done; }
                cat train_0; next train_1; head -c 3 train_1; echo; next train_2; cat train_2; ls | grep _
                """
            )
            assignment.channels = [
                try workshop.channel(
                    "train",
                    [object(workshop, "a", Data("one\n".utf8)), object(workshop, "b", Data("two\n".utf8))],
                    mode: .pipe
                ),
                try workshop.channel("unread", [object(workshop, "c", Data("x".utf8))], mode: .pipe),
            ]
            _ = try await workshop.start(assignment)
            try await workshop.waitForEnd(assignment.instance)
            #expect(workshop.exit(assignment.instance)?.code == 0)
            let log = workshop.plane.log(assignment.instance)
            #expect(log.prefix(5) == ["one", "two", "one", "one", "two"])
            #expect(log.last == "unread_0")
        }
    }

    @Test func `records are framed, and attributes stay together when lines are shuffled`() async throws {
        try await Workshop.open { workshop in
            var assignment = workshop.training(
                "pipe-2",
                """
                cd /opt/ml/input/data; od -An -v -tx1 -w12 train_0; cat plain_0; echo
                until [ -p plain_1 ]; do sleep 0.01; done; cat plain_1
                """
            )
            let lines = (0..<8).flatMap { [ObjectListing.Item.literal([65 + $0]), .literal([97 + $0])] }
            assignment.channels = [
                try workshop.channel("train", [object(workshop, "a", Data("abc".utf8))], mode: .pipe) {
                    $0.isRecordIO = true
                },
                try workshop.channel("plain", lines, mode: .pipe) {
                    $0.groupSize = 2
                    $0.seed = 7
                },
            ]
            _ = try await workshop.start(assignment)
            try await workshop.waitForEnd(assignment.instance)
            let log = workshop.plane.log(assignment.instance)
            #expect(log.first == " 0a 23 d7 ce 03 00 00 00 61 62 63 00")
            let epochs = log.dropFirst()
            #expect(epochs.count == 2 && Set(epochs).count == 2)
            for epoch in epochs {
                let pairs = stride(from: 0, to: 16, by: 2).map { String(Array(epoch)[$0...$0 + 1]) }
                #expect(pairs.sorted() == ["Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg", "Hh"])
            }
        }
    }

    @Test func `far objects stream in order, and one that is gone ends the job with the store's words`()
        async throws
    {
        try await Workshop.open { workshop in
            func far(_ key: String) -> ObjectListing.Item {
                let location = S3Location(bucket: "b", key: key)
                return .object(DataObject(location: location, relativePath: key, size: 5, nearPath: nil))
            }
            let writing = workshop.training("pipe-w", "echo -n first > /opt/ml/model/m")
            _ = try await workshop.start(writing)
            try await workshop.waitForEnd(writing.instance)
            let stored = "pipe-w/output/model.tar.gz"
            let size = try #require(workshop.plane.object("/b/\(stored)")).count
            var assignment = workshop.training(
                "pipe-3",
                "cat /opt/ml/input/data/train_0 | wc -c; cat /opt/ml/input/data/gone_0; echo never"
            )
            assignment.channels = [
                try workshop.channel("train", (0..<6).map { _ in far(stored) }, mode: .pipe),
                try workshop.channel("gone", [far("absent")], mode: .pipe),
            ]
            _ = try await workshop.start(assignment)
            try await workshop.waitForEnd(assignment.instance)
            #expect(workshop.plane.log(assignment.instance) == ["\(6 * size)"])
            guard case .failed(let failure)? = workshop.plane.events(assignment.instance).last else {
                Issue.record("\(workshop.plane.events(assignment.instance))")
                return
            }
            #expect(failure.blame == .client)
            #expect(failure.message.hasSuffix("s3://b/absent: NoSuchKey: The specified key does not exist."))
        }
    }
}
