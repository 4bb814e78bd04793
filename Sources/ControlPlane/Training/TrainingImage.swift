import AgentProtocol
import SageMakerAPI

extension SageMaker.CreateTrainingJobRequest {
    /// Whether script mode is asked for, in a hyperparameter or in the variable that its container reads too.
    var namesProgram: Bool {
        hyperParameters?["sagemaker_program"] != nil || environment?["SAGEMAKER_PROGRAM"] != nil
    }
}

extension ContainerSpec {
    /// Whether the exit codes and failure texts are those of a built-in algorithm.
    var isBuiltInAlgorithm: Bool { image == nil && command.starts(with: [ContainerGateway.binary, "algorithm"]) }
}
