import AgentProtocol
import Images
package import SageMakerAPI

extension SageMaker.CreateTrainingJobRequest {
    /// The image with what the one who has sent a function has told of itself: the function needs its SDK and its Python.
    package func refined(_ image: ContainerImage) -> ContainerImage {
        guard case .framework(let framework) = image, let client = functionClient else { return image }
        return .framework(framework.running(sdk: client.sdk, python: client.python))
    }

    /// What has sent a function to run (the SDK's `@remote` and `@step`), as it says itself in its driver's arguments.
    private var functionClient: (sdk: ReleaseVersion, python: ReleaseVersion?)? {
        let isFunction = algorithmSpecification?.containerEntrypoint?.contains {
            $0.hasPrefix("/opt/ml/input/data/sagemaker_remote_function_bootstrap/")
        }
        let arguments = algorithmSpecification?.containerArguments ?? []
        func version(after option: String) -> ReleaseVersion? {
            guard let place = arguments.firstIndex(of: option), place + 1 < arguments.count else {
                return nil
            }
            return ReleaseVersion(arguments[place + 1])
        }
        guard isFunction == true, let sdk = version(after: "--client_sagemaker_pysdk_version") else {
            return nil
        }
        return (sdk, version(after: "--client_python_version"))
    }

    /// Whether script mode is asked for, in a hyperparameter or in the variable that its container reads too.
    var namesProgram: Bool {
        hyperParameters?["sagemaker_program"] != nil || environment?["SAGEMAKER_PROGRAM"] != nil
    }
}

extension ContainerSpec {
    /// Whether the exit codes and failure texts are those of a built-in algorithm.
    var isBuiltInAlgorithm: Bool {
        image == nil && command.starts(with: [ContainerGateway.binary, "algorithm"])
    }
}
