import SageMakerAPI

extension SageMaker.CreateTrainingJobRequest {
    /// What the job's image stands for.
    ///
    /// A script of the user's makes XGBoost's image a framework; so does a command, which may call Python.
    var image: ContainerImage {
        get throws(UnknownImage) {
            let isScript = namesProgram || algorithmSpecification?.containerEntrypoint != nil
            return try ContainerImage.resolve(
                algorithmSpecification?.trainingImage ?? "",
                for: isScript ? .script : .itself
            )
        }
    }

    /// Whether script mode is asked for, in a hyperparameter or in the variable that its container reads too.
    var namesProgram: Bool {
        hyperParameters?["sagemaker_program"] != nil || environment?["SAGEMAKER_PROGRAM"] != nil
    }

    /// Whether the exit codes, failure texts and metrics are those of a built-in algorithm.
    var runsBuiltInAlgorithm: Bool {
        guard algorithmSpecification?.containerEntrypoint == nil, case .xgboost? = try? image else {
            return false
        }
        return true
    }
}
