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

    @Test(arguments: [
        "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.0-cpu-py310", "own",
        "localhost:5000/team/own.x__y-z:Dev_1.2-3", "own@sha256:\(String(repeating: "0a", count: 32))",
    ])
    func `what a registry could have is left alone`(uri: String) {
        #expect(ImageReference(uri).objection == nil)
    }

    @Test(arguments: [
        ("", "it is empty"),
        ("https://example.com/own:1", "leave out 'https://', and give REGISTRY/REPOSITORY:TAG"),
        ("Own:1", "the repository 'Own' has capital letters, which no registry allows"),
        ("example.com/team/Own", "the repository 'team/Own' has capital letters"),
        ("own image", "white space"),
        (":1", "it names no repository"), ("own:", "the tag ''"), ("own:a/b", "no name of a registry"),
        ("own@sha256:0123", "'sha256:0123' is no digest"), ("-own", "is not made of small letters"),
        ("a//b", "is not made of small letters"),
        ("ex_ample.com:x/own", "'ex_ample.com:x' is no name of a registry"),
        ("own:ä", "the tag 'ä'"),
    ])
    func `what no registry could have is told why`(uri: String, words: String) {
        let objection = ImageReference(uri).objection ?? ""
        #expect(objection.contains(words), "\(uri): \(objection)")
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
