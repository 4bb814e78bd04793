/// What the `Host` header tells: AWS's own host names (reached through a proxy or an altered name service) name a
/// service, and a name below one of ours names a bucket.
struct HostName {
    /// Signing name of the service.
    private(set) var service: String?
    private(set) var bucket: String?
    private(set) var isImageRegistry = false
    /// What stands before the domain in a host name of AWS's that is of no service of Clary's.
    private(set) var unoffered: String?

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
        if let place = Self.objectStore(rest) {
            service = "s3"
            bucket = place.bucket
        } else if rest.contains(".dkr.ecr.") {
            isImageRegistry = true
        } else {
            // `api-fips.sagemaker`: the same service by a name of its own.
            let usual = rest.replacing("-fips.", with: ".", maxReplacements: 1)
            service =
                Self.services.first { usual == $0.label || usual.hasPrefix("\($0.label).") }?.service
            if service == nil { unoffered = String(rest) }
        }
    }

    private static func withoutAmazonDomain(_ host: Substring) -> Substring? {
        for domain in [".amazonaws.com", ".amazonaws.com.cn"] where host.hasSuffix(domain) {
            return host.dropLast(domain.count)
        }
        return nil
    }

    private struct ObjectStoreHost {
        let bucket: String?
    }

    /// S3's own host (`s3`, `s3.<region>`, `s3-<region>`, `s3.dualstack.<region>`) or one of a bucket, below it.
    private static func objectStore(_ host: Substring) -> ObjectStoreHost? {
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard let index = labels.lastIndex(where: isObjectStore) else { return nil }
        return ObjectStoreHost(bucket: index > 0 ? labels[..<index].joined(separator: ".") : nil)
    }

    /// Whether a label is one of S3's; not `s3-control` and `s3-outposts`, which are services of their own.
    private static func isObjectStore(_ label: Substring) -> Bool {
        guard label.hasPrefix("s3-") else { return label == "s3" }
        let kind = label.dropFirst("s3-".count)
        return kind == "accelerate" || kind.hasPrefix("fips") || kind.hasPrefix("external-") || isRegion(kind)
    }

    private static func isRegion(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (3...4).contains(parts.count), let number = parts.last else { return false }
        return number.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// First labels of the host names of Clary's services, and the signing names of those.
    private static let services: [(label: String, service: String)] = [
        ("api.sagemaker", "sagemaker"), ("runtime.sagemaker", "sagemaker"),
        ("featurestore-runtime.sagemaker", "sagemaker"), ("metrics.sagemaker", "sagemaker"),
        ("sts", "sts"), ("iam", "iam"), ("logs", "logs"), ("api.ecr", "ecr"), ("ecr", "ecr"),
    ]
}
