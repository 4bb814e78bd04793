import AgentProtocol

extension ContainerSpec {
    /// Adds the variables of a request.
    ///
    /// What the platform has set stays, but for what programs merely go by if nobody says otherwise, as in an image: where
    /// packages come from, and how Python behaves.
    mutating func add(requested variables: [String: String]?) {
        environment.merge(variables ?? [:]) { reserved, _ in reserved }
        for (name, value) in variables ?? [:] where ["PIP_", "UV_", "PYTHON"].contains(where: name.hasPrefix)
        {
            environment[name] = value
        }
    }
}
