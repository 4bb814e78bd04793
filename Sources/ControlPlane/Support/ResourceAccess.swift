import Gateway
import Resources

/// The resources of operations, by the field that names them.
extension OperationAccess {
    /// A SageMaker resource of a type such as `training-job`.
    static func named(
        _ type: String,
        _ name: @escaping @Sendable (Input) -> String?,
        tags: @escaping @Sendable (Input) -> [(key: String?, value: String?)] = { _ in [] },
        passing roles: @escaping @Sendable (Input) -> [String?] = { _ in [] }
    ) -> Self {
        .on(
            { input, caller in caller.scope.sageMakerARN(type, name(input) ?? "") },
            context: { RequestTags.context(tags($0)) },
            passing: roles
        )
    }

    /// A group of CloudWatch Logs, or one of its streams.
    static func log(
        group: @escaping @Sendable (Input) -> String?,
        stream: (@Sendable (Input) -> String?)? = nil
    ) -> Self {
        .on({ input, caller in
            let name = group(input) ?? ""
            let start =
                "arn:\(caller.scope.region.partition):logs:\(caller.scope.region):\(caller.scope.account)"
            // A group may be named by its ARN.
            let arn =
                name.hasPrefix("arn:")
                ? (name.hasSuffix(":*") ? String(name.dropLast(2)) : name)
                : "\(start):log-group:\(name)"
            return stream.map { "\(arn):log-stream:\($0(input) ?? "")" } ?? arn
        })
    }

    /// A user, role or policy of the caller's account: `user/NAME`.
    static func identity(_ type: String, _ name: @escaping @Sendable (Input) -> String?) -> Self {
        .on({ input, caller in "arn:aws:iam::\(caller.scope.account):\(type)/\(name(input) ?? "")" })
    }
}

/// Tags of a request as condition keys.
enum RequestTags {
    static func context(_ tags: [(key: String?, value: String?)]) -> [String: [String]] {
        guard !tags.isEmpty else { return [:] }
        var context = ["aws:tagkeys": tags.compactMap(\.key)]
        for tag in tags {
            if let key = tag.key { context["aws:requesttag/\(key.lowercased())"] = [tag.value ?? ""] }
        }
        return context
    }
}
