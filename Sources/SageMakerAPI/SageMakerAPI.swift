// The first declarations of SageMakerAPI come here.
