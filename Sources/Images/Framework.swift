/// A machine-learning framework whose images the catalogue knows.
package enum Framework: String, Sendable, CaseIterable, Codable {
    case scikitLearn = "scikit-learn"
    case xgboost
    case pytorch
    case tensorflow
    case mxnet
    /// Transformers on PyTorch.
    case huggingFace = "huggingface"
    /// Python alone, in which functions run that a client sends (`@remote`).
    case python

    /// The package on PyPI whose version a tag names; `nil` for Python itself.
    package var package: String? {
        switch self {
        case .scikitLearn: "scikit-learn"
        case .xgboost: "xgboost"
        case .pytorch, .huggingFace: "torch"
        case .tensorflow: "tensorflow"
        case .mxnet: "mxnet"
        case .python: nil
        }
    }

    /// For people.
    package var title: String {
        switch self {
        case .scikitLearn: "scikit-learn"
        case .xgboost: "XGBoost"
        case .pytorch: "PyTorch"
        case .tensorflow: "TensorFlow"
        case .mxnet: "Apache MXNet"
        case .huggingFace: "Hugging Face Transformers"
        case .python: "Python"
        }
    }

    /// What programs inside the container know it by (`CLARY_FRAMEWORK`).
    package var runtimeName: String { self == .scikitLearn ? "sklearn" : rawValue }
}
