import Images
import Testing

@Suite struct EngineNamesTests {
    @Test(arguments: [
        ("ubuntu", "", "ubuntu:latest"),
        ("team/own:3", "", "team/own:3"),
        ("localhost/own", "localhost", "own:latest"),
        ("localhost:5000/own:1", "localhost:5000", "own:1"),
        ("registry.example.com/a/b@sha256:00", "registry.example.com", "a/b@sha256:00"),
    ])
    func `names are split as engines split them`(text: String, registry: String, name: String) {
        let reference = ImageReference(text)
        #expect(reference.registry ?? "" == registry)
        #expect(reference.name == name)
        #expect(reference.localNames == [registry.isEmpty ? name : "\(registry)/\(name)"])
    }

    @Test func `what was built for Amazon's registry is found under its short name`() {
        let uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/trees"
        let reference = ImageReference(uri)
        #expect(reference.isOfECR)
        #expect(reference.localNames == [uri + ":latest", "trees:latest"])
        #expect(!ImageReference("123.dkr.ecr.eu-west-1.amazonaws.com/trees").isOfECR)
        #expect(!ImageReference("example.com/dkr/ecr:1").isOfECR)
    }
}
