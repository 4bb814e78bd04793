import SageMakerAPI

/// The files below `/opt/ml/input/config` (container contract, section 2.2), byte for byte as the service writes them.
struct TrainingConfigFiles {
    let request: SageMaker.CreateTrainingJobRequest
    let hosts: TrainingHosts
    /// Position of the host that gets these files.
    let position: Int

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
            (request.inputDataConfig ?? []).filter { hosts.receivers(of: $0).contains(position) }.map {
                channel in
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
        let current = hosts.all[position]
        // As on the service, `algo-10` is before `algo-2`.
        func names(_ hosts: [String]) -> CompactJSON { .list(hosts.sorted().map(CompactJSON.text)) }
        let groups = hosts.groups.map { group in
            CompactJSON.object([
                ("instance_group_name", .text(group.name)), ("instance_type", .text(group.instanceType)),
                ("hosts", names(group.hosts)),
            ])
        }
        return .object([
            ("current_host", .text(current.name)),
            ("current_instance_type", .text(current.instanceType)),
            ("current_group_name", .text(current.group)),
            ("hosts", names(hosts.names)),
            ("instance_groups", .list(groups)),
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
