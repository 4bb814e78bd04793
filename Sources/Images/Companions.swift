/// What an image has beside its framework, in versions that go together.
///
/// Packages name the oldest release of another that they work with and rarely the newest, so that a resolver would put a
/// NumPy of today beside a library of years ago: the bounds here are what was current then.
struct Companions {
    let requirements: [String]
    /// What differs from the image, in sentences.
    let notes: [String]

    /// The Transformers that an image names, and the one that stands for it.
    struct Transformers {
        let wanted: ReleaseVersion
        let version: ReleaseVersion
    }

    init(_ framework: Framework, _ version: ReleaseVersion, transformers: Transformers?) {
        var notes: [String] = []
        switch framework {
        case .scikitLearn: requirements = Self.scientific(besideScikitLearn: version) + Self.common
        case .xgboost: requirements = Self.besideXGBoost(version) + Self.common
        case .pytorch:
            requirements =
                (Self.isOlder(version, "2.3") ? Self.beforeNumPy2 : Self.current) + Self.besidePyTorch
                + Self.common
        case .tensorflow: requirements = Self.besideTensorFlow(version) + Self.common
        case .mxnet:
            // The last releases use names that NumPy 1.24 has taken away.
            requirements = ["numpy==1.23.5", "pandas<2.1", "scipy<1.11", "scikit-learn<1.3"] + Self.common
        case .huggingFace:
            requirements = (transformers.map { Self.besideTransformers($0.version) } ?? []) + Self.common
            if let transformers, !transformers.version.isRelease(of: transformers.wanted) {
                notes.append(
                    RecipeBook.note(
                        "transformers",
                        wanted: transformers.wanted,
                        got: transformers.version.description
                    )
                )
            }
        case .python: requirements = ["numpy", "pandas<3"] + Self.common
        }
        self.notes = notes
    }

    /// The same with room for the SageMaker SDK, which needs younger ones than were current beside old frameworks.
    var besideSDK: [String] {
        requirements.map { requirement in
            if requirement.hasPrefix("pandas<") { return "pandas<3" }
            // What was compiled for NumPy 1 goes with the last of them.
            return requirement.hasPrefix("numpy<1") ? "numpy<2" : requirement
        }
    }

    /// Every image of SageMaker's has these; the SDK's drivers and many scripts call pip.
    private static let common = ["boto3", "pip", "psutil", "requests"]

    /// What examples of PyTorch's import beside it; a torchvision is of one PyTorch, so `RecipeBook` decides on it.
    private static let besidePyTorch = ["pillow", "tqdm"]

    /// What is used with a framework rather than by it, before and since NumPy 2.
    private static let beforeNumPy2 = ["numpy<2", "pandas<2.3", "scikit-learn<1.6"]
    private static let current = ["numpy", "pandas<3", "scikit-learn"]

    private static func besideTensorFlow(_ version: ReleaseVersion) -> [String] {
        // From 2.16 on Keras is a package of its own, whose newest releases look for the newest TensorFlow.
        let keras =
            [("2.17", "3.4"), ("2.18", "3.6"), ("2.19", "3.9"), ("2.20", "3.11")]
            .first { isOlder(version, $0.0) && !isOlder(version, "2.16") }
            .map { ["keras<\($0.1)"] } ?? []
        return keras
            + (isOlder(version, "2.18") ? ["pandas<2.3", "scikit-learn<1.6"] : ["pandas<3", "scikit-learn"])
    }

    private static func besideTransformers(_ version: ReleaseVersion) -> [String] {
        let itself = "transformers==\(version)"
        guard isOlder(version, "4.45") else { return [itself, "accelerate", "datasets"] + current }
        let accelerate = isOlder(version, "4.30") ? "accelerate<0.25" : "accelerate<0.35"
        return [itself, accelerate, "datasets<2.20", "pyarrow<17"] + beforeNumPy2
    }

    private static func scientific(besideScikitLearn version: ReleaseVersion) -> [String] {
        if isOlder(version, "1.3") { return ["numpy<1.25", "scipy<1.11", "pandas<2.1", "joblib<1.4"] }
        if isOlder(version, "1.4") { return ["numpy<2", "scipy<1.12", "pandas<2.2", "joblib<1.4"] }
        if isOlder(version, "1.5") { return ["numpy<2", "scipy<1.14", "pandas<2.3", "joblib<1.5"] }
        return ["numpy", "scipy", "pandas<3", "joblib"]
    }

    private static func besideXGBoost(_ version: ReleaseVersion) -> [String] {
        if isOlder(version, "1.7") { return ["numpy<1.24", "scipy<1.11", "pandas<2", "scikit-learn<1.3"] }
        if isOlder(version, "2.1") { return ["numpy<2", "scipy<1.12", "pandas<2.2", "scikit-learn<1.4"] }
        return ["numpy", "scipy", "pandas<3", "scikit-learn"]
    }

    private static func isOlder(_ version: ReleaseVersion, _ bound: String) -> Bool {
        ReleaseVersion(bound).map { version < $0 } ?? false
    }
}
