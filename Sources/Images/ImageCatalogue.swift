/// Maps image URIs to what runs here (images, section 5): account and region do not matter, only repository and tag do.
package enum ImageCatalogue {
    /// What stands for an image.
    package enum Entry: Sendable, Equatable {
        /// The built-in XGBoost of old, which runs no scripts.
        case xgboost
        /// An environment with a framework; for XGBoost also the built-in algorithm, when no script is named.
        case framework(FrameworkImage)
        /// A name of AWS's whose contents Clary does not have; the text says so to a person.
        case absent(String)
        /// Not in the catalogue: somebody's own image.
        case foreign
    }

    /// Finds what stands for an image.
    package static func entry(for image: ImageReference) -> Entry {
        let repository = image.repository
        if repository == "xgboost" { return .xgboost }
        if algorithms.contains(repository) {
            return .absent("the built-in algorithm '\(repository)' is not offered yet; XGBoost is")
        }
        if let reason = others.first(where: { repository.hasPrefix($0.key) })?.value {
            return .absent(reason)
        }
        if let python = basePython(repository) { return .framework(FrameworkImage(python: python)) }
        guard let framework = framework(of: repository) else { return .foreign }
        guard let tag = image.tag, let wanted = FrameworkImage(framework, tag: tag) else {
            return .absent(
                "its tag \(image.tag.map { "'\($0)' " } ?? "")names no version of \(framework.title), as "
                    + "'\(example(of: framework))' does"
            )
        }
        return .framework(wanted)
    }

    /// A tag that SageMaker has published.
    package static func example(of framework: Framework) -> String {
        switch framework {
        case .scikitLearn: "1.2-1-cpu-py3"
        case .xgboost: "1.7-1"
        case .pytorch: "2.3.0-cpu-py311"
        case .tensorflow: "2.16.2-cpu-py310"
        case .mxnet: "1.9.0-cpu-py38"
        case .huggingFace: "2.1.0-transformers4.36.0-cpu-py310-ubuntu20.04"
        case .python: "1.0"
        }
    }

    /// Names of repositories, for those who look for one.
    package static func repositories(of framework: Framework) -> [String] {
        frameworks.filter { $0.framework == framework }.map(\.repository)
    }

    private static func framework(of repository: String) -> Framework? {
        frameworks.first { $0.repository == repository || $0.variants.contains { repository == $0 } }?
            .framework
    }

    /// `sagemaker-base-python-310` and its likes.
    private static func basePython(_ repository: String) -> ReleaseVersion? {
        let prefix = "sagemaker-base-python-"
        guard repository.hasPrefix(prefix) else { return nil }
        return ReleaseVersion("3.\(repository.dropFirst(prefix.count).drop { $0 == "3" })")
    }

    private struct Row: Sendable {
        let framework: Framework
        let repository: String
        /// Builds for other processors, of which the Python side is the same.
        var variants: [String] = []
    }

    private static let frameworks: [Row] = [
        Row(framework: .scikitLearn, repository: "sagemaker-scikit-learn"),
        Row(framework: .xgboost, repository: "sagemaker-xgboost"),
        Row(framework: .pytorch, repository: "pytorch-training", variants: ["pytorch-trcomp-training"]),
        Row(
            framework: .pytorch,
            repository: "pytorch-inference",
            variants: ["pytorch-inference-graviton", "pytorch-inference-arm64", "pytorch-inference-eia"]
        ),
        Row(framework: .pytorch, repository: "sagemaker-pytorch"),
        Row(framework: .tensorflow, repository: "tensorflow-training"),
        Row(
            framework: .tensorflow,
            repository: "tensorflow-inference",
            variants: ["tensorflow-inference-graviton", "tensorflow-inference-eia"]
        ),
        Row(
            framework: .tensorflow,
            repository: "sagemaker-tensorflow",
            variants: ["sagemaker-tensorflow-scriptmode", "sagemaker-tensorflow-serving"]
        ),
        Row(framework: .mxnet, repository: "mxnet-training"),
        Row(framework: .mxnet, repository: "mxnet-inference", variants: ["mxnet-inference-eia"]),
        Row(framework: .mxnet, repository: "sagemaker-mxnet", variants: ["sagemaker-mxnet-serving"]),
        Row(framework: .huggingFace, repository: "huggingface-pytorch-training"),
        Row(framework: .huggingFace, repository: "huggingface-pytorch-inference"),
    ]

    /// The built-in algorithms but XGBoost (images, section 2).
    private static let algorithms: Set<String> = [
        "kmeans", "pca", "linear-learner", "factorization-machines", "ntm", "randomcutforest", "knn",
        "object2vec",
        "ipinsights", "lda", "blazingtext", "image-classification", "object-detection",
        "semantic-segmentation",
        "seq2seq", "forecasting-deepar",
    ]

    /// Beginnings of repositories that AWS has and Clary has not.
    private static let others: KeyValuePairs<String, String> = [
        "sagemaker-chainer": "Chainer has no release for the Pythons of today; use PyTorch",
        "sagemaker-rl-": "the reinforcement-learning images are not offered; bring an image of your own",
        "huggingface-tensorflow": """
        Transformers on TensorFlow is not offered: Transformers has given TensorFlow up; use the images \
        huggingface-pytorch-training and -inference
        """,
        "huggingface-pytorch-tgi": "text-generation-inference is not offered; bring an image of your own",
        "sagemaker-sparkml-serving": "SparkML serving is not offered; bring an image of your own",
        "sagemaker-spark-processing": "Spark is not offered; bring an image of your own",
        "sagemaker-clarify-processing": "Clarify is not offered",
        "sagemaker-model-monitor-analyzer": "Model Monitor is not offered",
        "sagemaker-debugger-rules": "Debugger is not offered",
        "djl-inference": "DJL serving is not offered; bring an image of your own",
        "sagemaker-tritonserver": "Triton is not offered; bring an image of your own",
        "autogluon-":
            "AutoGluon is not offered; install it with a requirements.txt in another framework's image",
    ]
}
