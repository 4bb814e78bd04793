import Images
import Testing

@Suite struct RecipeBookTests {
    private let machine = HostMachine(
        interpreters: [ReleaseVersion("3.11")].compactMap(\.self)
            .map { .init(version: $0, path: "/usr/bin/python3.11") },
        processor: "x86_64",
        hasGPU: false,
        wheels: []
    )

    private func recipes(
        _ uri: String,
        _ change: (inout HostMachine) -> Void = { _ in }
    ) throws -> [EnvironmentRecipe] {
        var machine = machine
        change(&machine)
        guard case .framework(let image) = ImageCatalogue.entry(for: ImageReference(uri)) else {
            throw ImageRefusal("\(uri) is no framework")
        }
        return try RecipeBook(machine: machine).recipes(for: image)
    }

    @Test(arguments: [
        ("sagemaker-scikit-learn:1.2-1-cpu-py3", "scikit-learn==1.2.1"),
        ("sagemaker-scikit-learn:1.4-2-cpu-py3", "scikit-learn==1.4.2"),
        ("sagemaker-xgboost:1.7-1", "xgboost==1.7.4"), ("sagemaker-xgboost:3.0-5", "xgboost-cpu==3.0.5"),
        ("tensorflow-training:2.16.2-cpu-py310", "tensorflow-cpu==2.16.2"),
        ("tensorflow-inference:2.16-cpu", "tensorflow-cpu==2.16.2"),
        ("mxnet-training:1.9.0-cpu-py38", "mxnet==1.9.0"),
    ])
    func `the release that a tag names is taken where it can be had`(uri: String, pin: String) throws {
        let recipe = try #require(try recipes(uri).first)
        #expect(recipe.requirements.first == pin)
        #expect(!recipe.notes.contains { $0.contains("cannot be had") })
    }

    @Test func `otherwise it is the nearest of the same major version, and the log says so`() throws {
        let recipe = try #require(try recipes("sagemaker-scikit-learn:1.0-1-cpu-py3").first)
        #expect(recipe.requirements.first == "scikit-learn==1.1.3")
        #expect(
            recipe.notes == [
                "The image has scikit-learn 1.0.2, which cannot be had for the Python of this machine: "
                    + "it is scikit-learn 1.1.3."
            ]
        )
    }

    @Test func `another major version is refused with the alternatives`() {
        let error = #expect(throws: ImageRefusal.self) {
            try recipes("sagemaker-scikit-learn:0.23-1-cpu-py3")
        }
        #expect(
            error?.message.contains("scikit-learn 0.23.2 cannot be had for the Python of this machine (3.11)")
                == true
        )
        #expect(error?.message.contains("1.1.3 to 1.") == true)
        #expect(error?.message.contains("Python 3.8 in /usr/local/bin") == true)
    }

    @Test func `without a GPU builds of PyTorch without CUDA go first`() throws {
        let found = try recipes("pytorch-training:2.3.0-cpu-py311")
        #expect(found.map(\.requirements.first) == ["torch==2.3.0", "torch==2.3.0"])
        #expect(found.map(\.usesProcessorIndex) == [true, false])
        let withWheel = try recipes("pytorch-training:2.3.0-cpu-py311") {
            $0.wheels = [
                "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl",
                "torch-2.4.0+cpu-cp312-cp312-x86_64.whl",
            ]
        }
        #expect(withWheel.map(\.requirements.first) == ["torch==2.3.0", "torch==2.13.0+cpu", "torch==2.3.0"])
        #expect(withWheel[1].notes.first?.contains("So it is torch 2.13.0+cpu, from a folder") == true)
        // Only PyPI's and PyTorch's own indexes have the torchvision that goes with it.
        #expect(withWheel.map { $0.requirements.contains("torchvision") } == [true, false, true])
        #expect(withWheel[1].notes.last?.hasPrefix("torchvision, which the image has, is not there") == true)
        let exact = try recipes("pytorch-training:2.13-cpu-py312") {
            $0.wheels = ["torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl"]
        }
        #expect(exact.map(\.requirements.first) == ["torch==2.13.0+cpu"])
        #expect(exact[0].notes.last == "The image has Python 3.12; here it is Python 3.11.")
        let gpu = try recipes("pytorch-training:2.3.0-gpu-py311") { $0.hasGPU = true }
        #expect(gpu.map(\.usesProcessorIndex) == [false])
    }

    @Test func `Transformers are pinned beside PyTorch`() throws {
        let uri = "huggingface-pytorch-training:2.1.0-transformers4.36.0-gpu-py310-cu121-ubuntu20.04"
        let recipe = try #require(try recipes(uri).last)
        #expect(recipe.requirements.starts(with: ["torch==2.1.0", "transformers==4.36.0"]))
        #expect(recipe.requirements.contains("numpy<2"))
    }

    @Test func `an environment for a function has its client's SDK, which finds room beside old frameworks`()
        throws
    {
        let uri = "sagemaker-scikit-learn:1.2-1-cpu-py3"
        guard case .framework(let image) = ImageCatalogue.entry(for: ImageReference(uri)),
            let sdk = ReleaseVersion("2.257.7")
        else { throw ImageRefusal("\(uri) is no framework") }
        let function = image.running(sdk: sdk, python: ReleaseVersion("3.11"))
        let recipe = try #require(try RecipeBook(machine: machine).recipes(for: function).first)
        #expect(recipe.requirements.first == "scikit-learn==1.2.1")
        #expect(recipe.requirements.last == "sagemaker==2.257.7")
        #expect(Set(recipe.requirements).isSuperset(of: ["numpy<2", "pandas<3", "pip"]))
        let plain = try RecipeBook(machine: machine).recipes(for: function.withoutSDK)
        #expect(plain.map(\.requirements) == (try recipes(uri)).map(\.requirements))
    }

    @Test func `the Python that a tag names is preferred`() throws {
        let recipe = try #require(
            try recipes("sagemaker-base-python-310:1.0") { machine in
                for minor in ["3.9", "3.10", "3.12"] {
                    guard let version = ReleaseVersion(minor) else { return }
                    machine.interpreters.append(.init(version: version, path: "/usr/bin/python\(minor)"))
                }
            }.first
        )
        #expect(recipe.interpreter == "/usr/bin/python3.10")
        #expect(recipe.notes.isEmpty)
    }

    @Test func `a machine without Python is told to install it`() {
        let error = #expect(throws: ImageRefusal.self) {
            try recipes("sagemaker-scikit-learn:1.2-1-cpu-py3") { $0.interpreters = [] }
        }
        #expect(error?.message.contains("install python3") == true)
    }

    @Test func `recipes that differ have different names`() throws {
        let uris = ["pytorch-training:2.3.0-cpu-py311", "pytorch-training:2.2.0-cpu-py311"]
        let ids = try uris.flatMap { try recipes($0).map(\.id) }
        #expect(Set(ids).count == 4)
        #expect(ids[0].hasPrefix("pytorch-2.3.0-py311-"))
    }
}

@Suite struct ImageCatalogueTests {
    @Test(arguments: Framework.allCases.filter { $0 != .python })
    func `the example of each framework is in the catalogue`(framework: Framework) throws {
        for repository in ImageCatalogue.repositories(of: framework) {
            let uri = "\(repository):\(ImageCatalogue.example(of: framework))"
            guard case .framework(let image) = ImageCatalogue.entry(for: ImageReference(uri)) else {
                Issue.record("\(uri) is no framework")
                continue
            }
            #expect(image.framework == framework)
        }
    }

    @Test(arguments: [
        ("kmeans:1", "kmeans"), ("sagemaker-chainer:5.0.0-cpu-py3", "PyTorch"),
        ("huggingface-pytorch-tgi-inference:2.3.0-tgi2.0.2", "text-generation"),
        ("pytorch-training:latest", "names no version"), ("pytorch-training", "names no version"),
    ])
    func `what AWS has and Clary has not says why`(uri: String, word: String) {
        guard case .absent(let reason) = ImageCatalogue.entry(for: ImageReference(uri)) else {
            Issue.record("\(uri) is not absent")
            return
        }
        #expect(reason.contains(word))
    }

    @Test(arguments: ["own:1", "example.com/team/own:1", "pytorch-training-of-mine:1"])
    func `an image that AWS does not have is foreign`(uri: String) {
        #expect(ImageCatalogue.entry(for: ImageReference(uri)) == .foreign)
    }
}
