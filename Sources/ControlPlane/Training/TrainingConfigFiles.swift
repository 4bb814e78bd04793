import SageMakerAPI

/// The files below `/opt/ml/input/config` (container contract, section 2.2), byte for byte as the service writes them.
struct TrainingConfigFiles {
    let request: SageMaker.CreateTrainingJobRequest
    /// Host names in lexicographic order.
    let hosts: [String]
    let currentHost: String

    /// Path relative to `/opt/ml` → content.
    var all: [String: String] {
        var files = [
            "input/config/hyperparameters.json": CompactJSON.strings(request.hyperParameters ?? [:]).encoded,
            "input/config/inputdataconfig.json": inputData.encoded,
            "input/config/resourceconfig.json": resources.encoded,
            "input/config/metric-definition-regex.json": metricDefinitions.encoded,
            "input/config/upstreamoutputdataconfig.json": "[]",
        ]
        if let checkpoint = request.checkpointConfig {
            let path = checkpoint.localPath ?? TrainingAssignment.checkpointDirectory
            files["input/config/checkpointconfig.json"] = CompactJSON.strings(["LocalPath": path]).encoded
        }
        if let hook = request.debugHookConfig {
            files["input/config/debughookconfig.json"] =
                CompactJSON.object([
                    ("S3OutputPath", .text(hook.s3OutputPath ?? "")),
                    ("LocalPath", .text(hook.localPath ?? "/opt/ml/output/tensors")),
                ]).encoded
        }
        if let board = request.tensorBoardOutputConfig {
            files["input/config/tensorboardoutputconfig.json"] =
                CompactJSON.object([
                    ("S3OutputPath", .text(board.s3OutputPath ?? "")),
                    ("LocalPath", .text(board.localPath ?? TrainingAssignment.tensorBoardDirectory)),
                ]).encoded
        }
        return files
    }

    private var inputData: CompactJSON {
        .object(
            (request.inputDataConfig ?? []).map { channel in
                var members: [(name: String, value: CompactJSON)] = []
                if let type = channel.contentType { members.append(("ContentType", .text(type))) }
                let mode = channel.inputMode ?? request.algorithmSpecification?.trainingInputMode ?? "File"
                let source = channel.dataSource?.s3DataSource
                members.append(("TrainingInputMode", .text(mode)))
                members.append(
                    ("S3DistributionType", .text(source?.s3DataDistributionType ?? "FullyReplicated"))
                )
                members.append(("RecordWrapperType", .text(channel.recordWrapperType ?? "None")))
                return (channel.channelName ?? "", .object(members))
            }
        )
    }

    private var resources: CompactJSON {
        let type = CompactJSON.text(request.resourceConfig?.instanceType ?? "")
        let names = CompactJSON.list(hosts.map(CompactJSON.text))
        let group = CompactJSON.text("homogeneousCluster")
        return .object([
            ("current_host", .text(currentHost)),
            ("current_instance_type", type),
            ("current_group_name", group),
            ("hosts", names),
            (
                "instance_groups",
                .list([.object([("instance_group_name", group), ("instance_type", type), ("hosts", names)])])
            ),
            ("network_interface_name", .text("eth0")),
        ])
    }

    private var metricDefinitions: CompactJSON {
        .list(
            (request.algorithmSpecification?.metricDefinitions ?? []).map {
                .object([("Name", .text($0.name ?? "")), ("Regex", .text($0.regex ?? ""))])
            }
        )
    }
}
