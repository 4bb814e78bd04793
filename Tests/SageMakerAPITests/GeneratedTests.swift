import AWSWire
import Foundation
import SageMakerAPI
import Testing

@Suite struct GeneratedTests {
    private static var generated: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/SageMakerAPI/Generated")
    }

    @Test func `every pattern of the models is understood`() throws {
        let files = try #require(
            FileManager.default.enumerator(at: Self.generated, includingPropertiesForKeys: nil)
        )
        var count = 0
        for case let file as URL in files where file.lastPathComponent.hasSuffix("Rules.swift") {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /Pattern\((#*)"(.*?)"\1\)/) {
                _ = try Pattern(parsing: String(match.2))
                count += 1
            }
        }
        #expect(count > 50)
    }

    @Test func `a training job that the SDK would send passes`() throws {
        let text = """
            {"TrainingJobName": "xgboost-2024-01-01-00-00-00-000",
             "AlgorithmSpecification": {"TrainingImage": "683313688378.dkr.ecr.us-east-1.amazonaws.com/x:1",
                                        "TrainingInputMode": "File"},
             "OutputDataConfig": {"S3OutputPath": "s3://b/out"},
             "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
             "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30},
             "RoleArn": "arn:aws:iam::000000000000:role/ClaryExecutionRole",
             "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": {
                 "S3DataType": "S3Prefix", "S3Uri": "s3://b/in", "S3DataDistributionType": "FullyReplicated"}}}],
             "HyperParameters": {"max_depth": "5"}, "Tags": [{"Key": "a", "Value": ""}]}
            """
        let request = try JSONCodec.decode(SageMaker.CreateTrainingJobRequest.self, from: Array(text.utf8))
        try ConstraintChecker.check(request)
        #expect(request.inputDataConfig?[0].dataSource?.s3DataSource?.s3Uri == "s3://b/in")
        #expect(request.resourceConfig?.volumeSizeInGB == 30)
        let copy = try JSONCodec.decode(
            SageMaker.CreateTrainingJobRequest.self,
            from: JSONCodec.encode(request)
        )
        #expect(copy == request)
    }

    @Test func `violations carry the paths that the service shows`() {
        let request = SageMaker.CreateTrainingJobRequest(
            trainingJobName: "bad_name",
            hyperParameters: ["k": String(repeating: "v", count: 2501)],
            roleArn: "arn:aws:iam::000000000000:role/R",
            inputDataConfig: [SageMaker.Channel(channelName: "a b")],
            outputDataConfig: SageMaker.OutputDataConfig(s3OutputPath: "ftp://tmp"),
            resourceConfig: SageMaker.ResourceConfig(instanceType: "ml.m5.huge", instanceCount: -1),
            stoppingCondition: SageMaker.StoppingCondition()
        )
        var checker = ConstraintChecker()
        request.validate(&checker)
        let text = checker.violations.joined(separator: "\n")
        #expect(
            text.hasPrefix(
                "Value 'bad_name' at 'trainingJobName' failed to satisfy constraint: "
                    + "Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}\n"
            )
        )
        for path in [
            "hyperParameters", "inputDataConfig.1.member.channelName", "inputDataConfig.1.member.dataSource",
            "outputDataConfig.s3OutputPath", "resourceConfig.instanceCount", "resourceConfig.instanceType",
        ] {
            #expect(
                text.contains("at '\(path)' failed to satisfy constraint"),
                "\(path) is missing in \(text)"
            )
        }
        #expect(text.contains("Value null at 'inputDataConfig.1.member.dataSource'"))
        #expect(text.contains("Member must satisfy enum value set: [ml.m4.xlarge, "))
    }

    @Test func `a service knows all its operations`() {
        #expect(SageMaker.operationNames.count > 390)
        #expect(SageMaker.operationNames.contains("CreatePipeline"))
        #expect(IAM.operationNames.contains("ListUsers"))
        #expect(STS.xmlNamespace == "https://sts.amazonaws.com/doc/2011-06-15/")
        #expect(CloudWatchLogs.targetPrefix == "Logs_20140328")
        #expect(IAM.Failure.noSuchEntity("x") == ServiceError("NoSuchEntity", "x", status: 404))
        #expect(SageMakerRuntime.Failure.modelError("x").status == 424)
    }
}
