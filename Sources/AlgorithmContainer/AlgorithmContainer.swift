// The first declarations of AlgorithmContainer come here.
