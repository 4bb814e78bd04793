import Resources
import Store

extension EndpointSupervisor {
    /// Takes up what a former control plane left: running fleets are adopted, unfinished ones started anew.
    ///
    /// - Parameter instances: Every instance on the books.
    /// - Throws: What the database says.
    package func recover(_ instances: [InstanceRecord]) throws {
        let known = try parts.database.read {
            try $0.resources(
                EndpointRecord.self,
                withStatus: ["Creating", "InService", "Updating", "Failed", "Deleting"]
            )
        }
        for record in known {
            let key = Key(scope: record.scope, name: record.name)
            var endpoint = LiveEndpoint(record: record)
            for instance in instances where instance.owner == record.arn && instance.handle != nil {
                endpoint.instances[instance.id] = instance
                endpointOfInstance[instance.id] = key
                parts.registry.add(instance, owner: self)
            }
            let halfStarted = endpoint.detach(endpoint.record.incoming)
            endpoint.record.incoming = endpoint.record.incoming.map {
                $0.resized(count: $0.desiredCount, weight: $0.weight)
            }
            try commit(&endpoint, key, retired: halfStarted)
            publish(key)
            switch record.state {
            case .creating, .updating:
                parts.work.submit {
                    await self.clear(halfStarted)
                    await self.launch(key)
                }
            case .deleting:
                perform([.remove], on: key, retired: Array(endpoint.instances.values))
            case .inService, .failed:
                break
            }
        }
    }
}
