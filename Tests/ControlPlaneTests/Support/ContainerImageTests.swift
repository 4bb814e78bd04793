import ControlPlane
import Testing

@Suite struct ContainerImageTests {
    @Test(arguments: [
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1", "1.7-1"),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1-cpu-py3", "1.7-1"),
        ("sagemaker-xgboost:1.5-1@sha256:0123", "1.5-1"),
        ("localhost:5000/sagemaker-xgboost:3.0-5", "3.0-5"),
        ("811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:latest", "0.72"),
        ("xgboost:1", "0.72"),
    ])
    func `repository and tag alone say what an image is`(uri: String, version: String) throws {
        #expect(try ContainerImage.resolve(uri) == .xgboost(version: version))
    }

    @Test(arguments: [("1.6-1", "1.5-1"), ("1.3-9", "1.3-1"), ("9.0-1", "3.0-5"), ("0.80-1", "0.90-1")])
    func `an unknown version is the newest that is not newer, or the oldest`(
        tag: String,
        version: String
    ) throws {
        #expect(try ContainerImage.resolve("sagemaker-xgboost:\(tag)") == .xgboost(version: version))
    }

    @Test(arguments: ["sagemaker-xgboost", "sagemaker-xgboost:latest", "sagemaker-xgboost:v1-1"])
    func `a tag without a version is refused with one that works`(uri: String) {
        let error = #expect(throws: UnknownImage.self) { try ContainerImage.resolve(uri) }
        #expect(error?.message.contains("names no version. Use a tag such as 3.0-5.") == true)
    }

    @Test func `an unknown repository is for a container engine`() throws {
        let uri = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.3"
        #expect(try ContainerImage.resolve(uri) == .oci(reference: uri))
    }

    @Test func `a sandbox cannot be had for an unknown repository`() async throws {
        let runtimes = ContainerRuntimes(engine: nil, choice: .sandbox)
        let error = await #expect(throws: UnknownImage.self) {
            try await runtimes.image("own:1", environment: nil)
        }
        #expect(error?.message.contains("own:1") == true)
        #expect(error?.message.contains("sagemaker-xgboost (0.90-1") == true)
        let known = "sagemaker-xgboost:1.7-1"
        #expect(try await runtimes.image(known, environment: nil) == .xgboost(version: "1.7-1"))
        let own = try await runtimes.image(known, environment: ["CLARY_RUNTIME": "oci"])
        #expect(own == .oci(reference: known))
        await #expect(throws: UnknownImage.self) {
            try await runtimes.image(known, environment: ["CLARY_RUNTIME": "docker"])
        }
    }
}
