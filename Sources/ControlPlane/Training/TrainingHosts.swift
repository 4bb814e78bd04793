package import SageMakerAPI

/// The hosts of a job, `algo-1` … `algo-N` over its groups in the request's order (container contract, section 2.2).
///
/// A job without `InstanceGroups` has one group, whose name the service gives it.
package struct TrainingHosts: Sendable, Equatable {
    package struct Host: Sendable, Equatable {
        package let name: String
        package let instanceType: String
        package let group: String
    }

    /// Instances of one type.
    package struct Group: Sendable, Equatable {
        package let name: String
        package let instanceType: String
        /// In the order of their numbers.
        package let hosts: [String]
    }

    package let groups: [Group]
    /// In the order of their numbers.
    package let all: [Host]

    package init(_ resources: SageMaker.ResourceConfig?) {
        var wanted = (resources?.instanceGroups ?? []).map {
            ($0.instanceGroupName ?? "", $0.instanceType ?? "", $0.instanceCount ?? 0)
        }
        if wanted.isEmpty {
            let count = max(1, resources?.instanceCount ?? 1)
            wanted = [("homogeneousCluster", resources?.instanceType ?? "", count)]
        }
        var number = 0
        groups = wanted.map { name, type, count in
            let hosts = (0..<count).map { "algo-\(number + 1 + $0)" }
            number += count
            return Group(name: name, instanceType: type, hosts: hosts)
        }
        all = groups.flatMap { group in
            group.hosts.map { Host(name: $0, instanceType: group.instanceType, group: group.name) }
        }
    }

    package var names: [String] { all.map(\.name) }

    package var count: Int { all.count }

    /// Each type once, in the order of the groups, with how many instances of it there are.
    package var countOfTypes: [(instanceType: String, count: Int)] {
        groups.reduce(into: []) { counts, group in
            if let known = counts.firstIndex(where: { $0.instanceType == group.instanceType }) {
                counts[known].count += group.hosts.count
            } else {
                counts.append((group.instanceType, group.hosts.count))
            }
        }
    }

    /// The positions of the hosts that get a channel.
    ///
    /// - Parameter channel: Of the same request.
    /// - Returns: All of them, unless the channel names groups.
    package func receivers(of channel: SageMaker.Channel) -> [Int] {
        let wanted = channel.dataSource?.s3DataSource?.instanceGroupNames ?? []
        return wanted.isEmpty ? Array(all.indices) : all.indices.filter { wanted.contains(all[$0].group) }
    }
}

extension TrainingJobRecord {
    package var hosts: TrainingHosts { TrainingHosts(request.resourceConfig) }
}
