/// What the proxy does with a connection.
package enum Destination: Equatable, Sendable {
    /// A service that Clary has: TLS ends here and the bytes go to Clary's own port.
    case clary
    /// Telemetry: TLS ends here and every request is answered with 404, so nothing leaves and nothing waits.
    case nowhere
    /// Any other host: the bytes are passed on as they are.
    case elsewhere

    /// Chooses by the name that the client asked for.
    ///
    /// - Throws: `Refusal` for names of this machine and for addresses in networks that are not public.
    package init(host: String, port: Int) throws(Refusal) {
        if let service = AWSHost(host), port == 443 {
            self = service == .telemetry ? .nowhere : .clary
            return
        }
        if host == "localhost" || host.hasSuffix(".localhost") {
            throw Refusal(status: 403, reason: "Clary's proxy does not connect to this machine")
        }
        if let address = NetworkAddress(host) {
            guard address.isPublic else { throw .privateAddress }
        } else if let last = host.split(separator: ".").last, NetworkAddress.readsAsNumber(last) {
            // `127.1` or `0x7f000001`: resolvers take such spellings for addresses.
            throw Refusal(status: 400, reason: "The target's address is malformed")
        }
        self = .elsewhere
    }
}

extension Refusal {
    /// The target is in a network that is not public.
    package static let privateAddress = Refusal(
        status: 403,
        reason: "Clary's proxy does not connect to private, link-local or loopback addresses"
    )
}

/// Hosts below `amazonaws.com` that are answered on this machine.
package enum AWSHost: Equatable, Sendable {
    case sts, iam, logs, ecr, sagemaker, sagemakerRuntime, s3
    /// `ACCOUNT.dkr.ecr.REGION`: where images are pushed.
    case imageRegistry
    /// Where the SDKs report their usage.
    case telemetry

    /// Recognises a host by its name; `nil` for any other one.
    ///
    /// - Parameter host: In lower case.
    package init?(_ host: String) {
        let suffix = ".amazonaws.com"
        guard host.hasSuffix(suffix) else { return nil }
        let name = host.dropLast(suffix.count)
        let labels = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if name.hasPrefix("sm-pysdk-t-") || name.hasPrefix("dev-exp-t-") {
            self = .telemetry
        } else if AWSHost.isS3(labels) {
            self = .s3
        } else {
            switch (labels.count, labels.dropLast().joined(separator: "."), name) {
            case (1, _, "sts"): self = .sts
            case (1, _, "iam"): self = .iam
            case (2, "sts", _) where AWSHost.isRegion(labels[1]): self = .sts
            case (2, "logs", _) where AWSHost.isRegion(labels[1]): self = .logs
            case (3, "api.ecr", _) where AWSHost.isRegion(labels[2]): self = .ecr
            case (4, _, _) where labels[1...2] == ["dkr", "ecr"] && AWSHost.isRegion(labels[3]):
                self = .imageRegistry
            case (3, "api.sagemaker", _) where AWSHost.isRegion(labels[2]): self = .sagemaker
            case (3, "runtime.sagemaker", _) where AWSHost.isRegion(labels[2]): self = .sagemakerRuntime
            default: return nil
            }
        }
    }

    /// `[bucket.]s3`, `[bucket.]s3.region`, `[bucket.]s3.dualstack.region` and the old `[bucket.]s3-region`.
    private static func isS3(_ labels: [String]) -> Bool {
        var labels = labels
        if let last = labels.last, isRegion(last) {
            labels.removeLast()
            if labels.last == "dualstack" { labels.removeLast() }
            return labels.last == "s3"
        }
        guard let last = labels.last else { return false }
        return last == "s3" || last.hasPrefix("s3-") && isRegion(String(last.dropFirst(3)))
    }

    private static func isRegion(_ label: String) -> Bool {
        let parts = label.split(separator: "-", omittingEmptySubsequences: false)
        guard (3...4).contains(parts.count), let number = parts.last, (1...2).contains(number.utf8.count)
        else {
            return false
        }
        return number.utf8.allSatisfy { (48...57).contains($0) }
            && parts.dropLast().allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (97...122).contains($0) } }
    }
}
