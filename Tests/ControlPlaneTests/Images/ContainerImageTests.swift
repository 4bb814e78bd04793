import ControlPlane
import Images
import SageMakerAPI
import Testing

@Suite struct ContainerImageTests {
    @Test(arguments: [
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1", "1.7-1"),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1-cpu-py3", "1.7-1"),
        ("sagemaker-xgboost:1.5-1@sha256:0123", "1.5-1"),
        ("localhost:5000/sagemaker-xgboost:3.0-5", "3.0-5"), ("sagemaker-xgboost:3.2-0", "3.2-0"),
        ("811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:latest", "0.72"),
        ("xgboost:1", "0.72"),
    ])
    func `repository and tag alone say what an image is`(uri: String, version: String) throws {
        #expect(try ContainerImage.resolve(uri, for: .itself) == .xgboost(version: version))
    }

    @Test(arguments: [
        ("1.6-1", "1.5-1"), ("1.3-9", "1.3-1"), ("3.1-1", "3.0-5"), ("9.0-1", "3.2-0"), ("0.80-1", "0.90-1"),
    ])
    func `an unknown version is the newest that is not newer, or the oldest`(
        tag: String,
        version: String
    ) throws {
        #expect(
            try ContainerImage.resolve("sagemaker-xgboost:\(tag)", for: .itself) == .xgboost(version: version)
        )
    }

    @Test func `a script makes the algorithm's image a framework`() throws {
        let image = try ContainerImage.resolve("sagemaker-xgboost:1.7-1", for: .script)
        guard case .framework(let framework) = image else {
            Issue.record("it is \(image)")
            return
        }
        #expect(framework.framework == .xgboost)
        #expect(framework.wanted.description == "1.7.4")
    }

    @Test(arguments: [("3.27.0", "3.27.0"), ("3.0.0.dev0", nil)] as [(String, String?)])
    func `a function of the SDK's runs beside its client's SDK and on its Python`(
        said: String,
        sdk: String?
    ) throws {
        var request = SageMaker.CreateTrainingJobRequest()
        request.algorithmSpecification = .init(
            trainingImage: "sagemaker-scikit-learn:1.2-1-cpu-py3",
            containerEntrypoint: [
                "/bin/bash", "/opt/ml/input/data/sagemaker_remote_function_bootstrap/job_driver.sh",
            ],
            containerArguments: [
                "--client_python_version", "3.11", "--client_sagemaker_pysdk_version", said,
            ]
        )
        #expect(try framework(of: request).sdk?.description == sdk)
        #expect(try framework(of: request).python?.description == sdk.map { _ in "3.11" })
        request.algorithmSpecification?.containerEntrypoint = ["/bin/bash"]
        #expect(try framework(of: request).sdk == nil)
    }

    private func framework(of request: SageMaker.CreateTrainingJobRequest) throws -> FrameworkImage {
        let resolved = try ContainerImage.resolve(
            request.algorithmSpecification?.trainingImage ?? "",
            for: .script
        )
        guard case .framework(let image) = request.refined(resolved) else {
            throw ImageRefusal("it is \(resolved)")
        }
        return image
    }

    @Test func `the algorithm of old runs no scripts`() throws {
        #expect(try ContainerImage.resolve("xgboost:1", for: .script) == .xgboost(version: "0.72"))
    }

    @Test(arguments: ["sagemaker-xgboost", "sagemaker-xgboost:latest", "sagemaker-xgboost:v1-1"])
    func `a tag without a version is refused with one that works`(uri: String) {
        let error = #expect(throws: UnknownImage.self) { try ContainerImage.resolve(uri, for: .itself) }
        #expect(error?.message.contains("names no version of XGBoost, as '1.7-1' does") == true)
    }

    @Test func `an unknown repository is for a container engine`() throws {
        let uri = "example.com/own/image:1"
        #expect(try ContainerImage.resolve(uri, for: .itself) == .oci(reference: uri))
    }

    @Test func `a sandbox cannot be had for an unknown repository`() async throws {
        let runtimes = ContainerRuntimes(engine: nil, choice: .sandbox)
        let error = await #expect(throws: UnknownImage.self) {
            try await runtimes.image("own:1", for: .itself, environment: nil)
        }
        #expect(error?.message.contains("own:1") == true)
        #expect(error?.message.contains("sagemaker-xgboost") == true)
        let known = "sagemaker-xgboost:1.7-1"
        #expect(
            try await runtimes.image(known, for: .itself, environment: nil) == .xgboost(version: "1.7-1")
        )
        let own = try await runtimes.image(known, for: .itself, environment: ["CLARY_RUNTIME": "oci"])
        #expect(own == .oci(reference: known))
        await #expect(throws: UnknownImage.self) {
            try await runtimes.image(known, for: .itself, environment: ["CLARY_RUNTIME": "docker"])
        }
    }

    @Test func `a known image that Clary lacks is refused with its name`() {
        let error = #expect(throws: UnknownImage.self) {
            try ContainerImage.resolve("kmeans:1", for: .itself)
        }
        #expect(error?.message.contains("'kmeans' is not offered yet") == true)
    }
}
