/// What the `Host` header tells: AWS's own host names (reached through a proxy or an altered name service) name a
/// service, and a name below one of ours names a bucket.
struct HostName {
    /// Signing name of the service.
    private(set) var service: String?
    private(set) var bucket: String?
    private(set) var isImageRegistry = false

    /// - Parameters:
    ///   - authority: Value of the header, with or without a port.
    ///   - baseHosts: Names below which a host name is a bucket.
    init(_ authority: String, baseHosts: [String]) {
        let host = authority.lowercased().prefix { $0 != ":" }
        for base in baseHosts where host.hasSuffix(".\(base)") {
            let label = host.dropLast(base.count + 1)
            guard !label.isEmpty else { continue }
            bucket = String(label)
            service = "s3"
            return
        }
        guard let rest = Self.withoutAmazonDomain(host) else { return }
        // Buckets come first: one may be called like a service (`logs.s3.amazonaws.com`).
        if let bucket = Self.bucket(rest) {
            service = "s3"
            self.bucket = bucket
        } else if rest.contains(".dkr.ecr.") {
            isImageRegistry = true
        } else {
            service = Self.services.first { rest == $0.label || rest.hasPrefix("\($0.label).") }?.service
        }
    }

    private static func withoutAmazonDomain(_ host: Substring) -> Substring? {
        for domain in [".amazonaws.com", ".amazonaws.com.cn"] where host.hasSuffix(domain) {
            return host.dropLast(domain.count)
        }
        return nil
    }

    /// The bucket of `<bucket>.s3`, `<bucket>.s3.<region>`, `<bucket>.s3-<region>` or `<bucket>.s3.dualstack.<region>`.
    private static func bucket(_ host: Substring) -> String? {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard let index = labels.lastIndex(where: { $0 == "s3" || $0.hasPrefix("s3-") }), index > 0 else {
            return nil
        }
        return labels[..<index].joined(separator: ".")
    }

    /// First labels of host names, and the signing names of their services.
    private static let services: [(label: String, service: String)] = [
        ("api.sagemaker", "sagemaker"), ("runtime.sagemaker", "sagemaker"),
        ("featurestore-runtime.sagemaker", "sagemaker"), ("metrics.sagemaker", "sagemaker"),
        ("sts", "sts"), ("iam", "iam"), ("logs", "logs"), ("monitoring", "monitoring"),
        ("api.ecr", "ecr"), ("ecr", "ecr"), ("application-autoscaling", "application-autoscaling"),
        ("api.pricing", "pricing"), ("events", "events"), ("s3", "s3"),
    ]
}
