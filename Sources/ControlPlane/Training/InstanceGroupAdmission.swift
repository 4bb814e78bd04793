import AWSWire
import Gateway
import Resources
import SageMakerAPI

/// What the instances of a `CreateTrainingJob` request must fulfil, be they of one type or in groups of several.
struct InstanceGroupAdmission {
    /// - Throws: A validation error that names the member and what to do about it.
    func check(_ resources: SageMaker.ResourceConfig) throws(ServiceError) {
        guard let groups = resources.instanceGroups, !groups.isEmpty else {
            guard let type = resources.instanceType, let count = resources.instanceCount else {
                throw .validation(
                    "ResourceConfig needs InstanceType and InstanceCount, or else InstanceGroups."
                )
            }
            return try check(type, count, at: "resourceConfig", alreadyAsked: 0)
        }
        guard resources.instanceType == nil, resources.instanceCount == nil else {
            throw .validation(
                """
                ResourceConfig has InstanceGroups beside InstanceType or InstanceCount. Give either the groups, each \
                with its own type and count, or one InstanceType and InstanceCount.
                """
            )
        }
        var names: Set<String> = []
        var asked: [String: Int] = [:]
        for (index, group) in groups.enumerated() {
            let (name, type) = (group.instanceGroupName ?? "", group.instanceType ?? "")
            guard names.insert(name).inserted else {
                throw .validation(
                    "ResourceConfig.InstanceGroups: the names of groups must be unique, and '\(name)' is there twice."
                )
            }
            let count = group.instanceCount ?? 0
            let member = "resourceConfig.instanceGroups.\(index + 1).member"
            try check(type, count, at: member, alreadyAsked: asked[type] ?? 0)
            asked[type, default: 0] += count
        }
    }

    private func check(
        _ type: String,
        _ count: Int,
        at member: String,
        alreadyAsked: Int
    ) throws(ServiceError) {
        guard InstanceCatalogue.type(named: type) != nil else {
            throw .validation(
                """
                The instance type '\(type)' at '\(member).instanceType' is unknown. \
                \(InstanceCatalogue.advice(for: type, in: "create-training-job"))
                """
            )
        }
        let member = "\(member).instanceCount"
        // None is refused for itself; a limit is one of all groups of the type.
        for count in [count, alreadyAsked + count] {
            try InstanceQuota.check(count, at: member, type: type, usage: "training job usage")
        }
    }

    /// Checks that the groups which a channel names are among the job's.
    func check(
        _ names: [String],
        of channel: String,
        in resources: SageMaker.ResourceConfig?
    ) throws(ServiceError) {
        let known = (resources?.instanceGroups ?? []).compactMap(\.instanceGroupName)
        for (index, name) in names.enumerated() {
            guard known.contains(name) else {
                throw .validation(
                    """
                    Channel '\(channel)': S3DataSource.InstanceGroupNames has '\(name)', and ResourceConfig has \
                    \(known.isEmpty ? "no InstanceGroups" : "the InstanceGroups \(known.joined(separator: ", "))").
                    """
                )
            }
            guard !names[..<index].contains(name) else {
                throw .validation(
                    "Channel '\(channel)': S3DataSource.InstanceGroupNames has '\(name)' twice."
                )
            }
        }
    }
}
