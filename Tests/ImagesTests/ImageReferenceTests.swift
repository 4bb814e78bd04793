import Images
import Testing

@Suite struct ImageReferenceTests {
    @Test(
        arguments: [
            (
                "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.0-cpu-py310",
                "pytorch-training", "2.0-cpu-py310"
            ),
            ("localhost:5000/team/own:1", "team/own", "1"), ("localhost/own", "own", nil),
            ("team/own:dev", "team/own", "dev"), ("own", "own", nil), ("own@sha256:0123", "own", nil),
        ] as [(String, String, String?)]
    )
    func `a name is taken apart`(uri: String, repository: String, tag: String?) {
        let reference = ImageReference(uri)
        #expect(reference.repository == repository)
        #expect(reference.tag == tag)
        #expect(reference.description == uri)
    }
}

@Suite struct ReleaseVersionTests {
    @Test func `versions are in the order of their releases`() throws {
        let texts = ["0.90", "1.0.0", "1.2", "1.2.1", "1.4.1", "1.4.1.post1", "1.10.0", "2.0"]
        let versions = try texts.map { try #require(ReleaseVersion($0)) }
        #expect(versions.shuffled().sorted() == versions)
    }

    @Test(arguments: ["", "v1", "1.x", "1.0rc1", "latest", "1..2", "1.-2"])
    func `what is no final release has no version`(text: String) {
        #expect(ReleaseVersion(text) == nil)
    }

    @Test(arguments: [
        ("2.12.1", "2.12", true), ("2.12.1", "2.12.1", true), ("2.12.1", "2.1", false),
        ("1.0", "1.0.0", true),
    ])
    func `a patch is a release of what leaves it open`(version: String, wanted: String, answer: Bool) throws {
        let (version, wanted) = (try #require(ReleaseVersion(version)), try #require(ReleaseVersion(wanted)))
        #expect(version.isRelease(of: wanted) == answer)
    }
}
