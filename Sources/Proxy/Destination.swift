/// What the proxy does with a connection.
package enum Destination: Equatable, Sendable {
    /// A host of AWS's: TLS ends here and the bytes go to Clary's own port.
    case clary
    /// Telemetry: TLS ends here and every request is answered with 404, so nothing leaves and nothing waits.
    case nowhere
    /// Any other host: the bytes are passed on as they are.
    case elsewhere

    /// Chooses by the name that the client asked for.
    ///
    /// - Throws: `Refusal` for names of this machine, for addresses in networks that are not public, and for those of AWS's
    ///   hosts that nothing here can answer for.
    package init(host: String, port: Int) throws(Refusal) {
        switch AWSHost(host) {
        case .telemetry where port == 443:
            self = .nowhere
            return
        case .answerable where port == 443:
            self = .clary
            return
        case .telemetry, .answerable, .unanswerable: throw .awsHost(host, port: port)
        case nil: break
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

    /// The target is one of AWS's for which nothing here can answer.
    static func awsHost(_ host: String, port: Int) -> Refusal {
        Refusal(status: 403, reason: "Clary does not offer \(host):\(port) and sends nothing to AWS")
    }
}

/// Hosts of AWS's APIs: none of them is ever called, because a call would carry Clary's keys to AWS.
package enum AWSHost: Equatable, Sendable {
    /// Below `amazonaws.com`, for which the authority may sign: Clary's port answers, with an error of AWS's form if it has
    /// no such service.
    case answerable
    /// Where the SDKs report their usage.
    case telemetry
    /// In a domain for which the authority may not sign.
    case unanswerable

    /// Recognises a host by its name; `nil` for one that is none of AWS's.
    ///
    /// - Parameter host: In lower case.
    package init?(_ host: String) {
        if let name = AWSHost.name(host, below: "amazonaws.com") {
            let isTelemetry = ["sm-pysdk-t-", "dev-exp-t-"].contains { name.hasPrefix($0) }
            self = isTelemetry ? .telemetry : .answerable
        } else if AWSHost.otherDomains.contains(where: { AWSHost.name(host, below: $0) != nil }) {
            self = .unanswerable
        } else {
            return nil
        }
    }

    private static func name(_ host: String, below domain: String) -> Substring? {
        if host == domain { return "" }
        return host.hasSuffix("." + domain) ? host.dropLast(domain.count + 1) : nil
    }

    /// Of endpoints with IPv6, and of the partitions beside the usual one (botocore's `partitions.json`).
    private static let otherDomains = [
        "api.aws", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "amazonaws.eu",
        "api.amazonwebservices.eu", "c2s.ic.gov", "api.aws.ic.gov", "sc2s.sgov.gov", "api.aws.scloud",
        "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "csp.hci.ic.gov", "api.aws.hci.ic.gov",
    ]
}
