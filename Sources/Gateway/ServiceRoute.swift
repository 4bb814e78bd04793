import AWSWire
package import HTTPTypes

/// Which service a request is for.
///
/// It is told from the head alone: all services share one port.
package enum ServiceRoute: Sendable, Hashable {
    /// Clary's own pages and calls, below `/_clary/`.
    case platform
    /// A person's browser at the front door.
    case frontDoor
    /// A JSON operation: `X-Amz-Target: <target>.<operation>`.
    case json(target: String, operation: String)
    /// A JSON service was signed for, but the request names no operation.
    case jsonWithoutTarget(service: String)
    /// A form, or a URL with an `Action`; the operation stands in it. The service is `nil` if nothing tells it.
    case query(service: String?)
    /// A registry of container images: `ACCOUNT.dkr.ecr.REGION.amazonaws.com`.
    case imageRegistry
    /// An operation of the RPC protocol in CBOR.
    case cbor(service: String, operation: String)
    /// Inference, feature store and metrics: services of `sagemaker` that are told apart by their paths.
    case runtime
    /// S3; with the bucket if it stands in the host name.
    case s3(bucket: String?)
    /// A service that is none of Clary's, by its signing name or what its host is called; and how its clients read errors.
    case unoffered(service: String, envelope: Envelope)

    /// Decides by target, protocol, form, credential scope, host name and path, in this order.
    ///
    /// - Parameters:
    ///   - head: The request's head.
    ///   - baseHosts: Names (lower case, no port) below which a host name is a bucket: `<bucket>.localhost`.
    /// - Returns: The route; a request that fits nothing is one for S3.
    package static func of(_ head: HTTPRequest, baseHosts: [String] = ["localhost"]) -> ServiceRoute {
        let target = head.path ?? "/"
        let path = target.prefix { $0 != "?" }
        let query = target.dropFirst(path.count).dropFirst()
        let host = HostName(head.authority ?? "", baseHosts: baseHosts)
        if path == "/_clary" || path.hasPrefix("/_clary/"), host.bucket == nil { return .platform }
        if host.isImageRegistry { return .imageRegistry }
        if let name = host.unoffered {
            // Several services sign as S3 and are not S3.
            let scope = scopeService(head, query: query).flatMap { $0 == "s3" ? nil : $0 }
            return .unoffered(service: scope ?? name, envelope: .ofUnoffered(scope ?? name, head))
        }
        if let name = head.headerFields[.amazonTarget] { return json(name) }
        if head.headerFields[.smithyProtocol] == "rpc-v2-cbor", let route = cbor(path) { return route }
        let scope = scopeService(head, query: query)
        if isForm(head), head.method == .post, path == "/", scope != "s3" {
            return .query(service: scope ?? host.service)
        }
        if let service = scope ?? host.service { return of(service, head, path: path, host: host) }
        return unsigned(head, path: path, query: query, host: host)
    }

    private static func of(
        _ service: String,
        _ head: HTTPRequest,
        path: Substring,
        host: HostName
    ) -> ServiceRoute {
        switch service {
        case "s3": .s3(bucket: host.bucket)
        case "sagemaker": path == "/" ? .jsonWithoutTarget(service: service) : .runtime
        case "sts", "iam": .query(service: service)
        case "logs", "ecr": .jsonWithoutTarget(service: service)
        default: .unoffered(service: service, envelope: .ofUnoffered(service, head))
        }
    }

    private static func unsigned(
        _ head: HTTPRequest,
        path: Substring,
        query: Substring,
        host: HostName
    ) -> ServiceRoute {
        if host.bucket != nil { return .s3(bucket: host.bucket) }
        let isRuntime =
            ["/endpoints/", "/FeatureGroup/"].contains { path.hasPrefix($0) }
            || ["/BatchGetRecord", "/BatchWriteRecord", "/BatchPutMetrics", "/BatchGetMetrics"].contains {
                path == $0
            }
        if isRuntime { return .runtime }
        let wantsPage = head.headerFields[.accept]?.contains("text/html") ?? false
        if head.method == .get, path == "/", query.isEmpty, wantsPage { return .frontDoor }
        return .s3(bucket: nil)
    }

    private static func json(_ name: String) -> ServiceRoute {
        guard let dot = name.lastIndex(of: ".") else { return .json(target: "", operation: name) }
        return .json(target: String(name[..<dot]), operation: String(name[name.index(after: dot)...]))
    }

    private static func cbor(_ path: Substring) -> ServiceRoute? {
        let parts = path.split(separator: "/")
        guard parts.count == 4, parts[0] == "service", parts[2] == "operation" else { return nil }
        return .cbor(service: String(parts[1]), operation: String(parts[3]))
    }

    /// The service that a request is signed for, or that its host is of; `nil` if neither tells.
    static func askedService(_ head: HTTPRequest) -> String? {
        let target = head.path ?? "/"
        let query = target.drop { $0 != "?" }.dropFirst()
        return scopeService(head, query: query) ?? HostName(head.authority ?? "", baseHosts: []).service
    }

    static func isForm(_ head: HTTPRequest) -> Bool {
        head.headerFields[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
    }

    /// The service in the credential scope of a signature, which is not checked yet.
    private static func scopeService(_ head: HTTPRequest, query: Substring) -> String? {
        if let authorization = head.headerFields[.authorization] {
            let (space, comma) = (UInt8(ascii: " "), UInt8(ascii: ","))
            let fields = authorization.utf8.split { $0 == space || $0 == comma }
            let name = "Credential=".utf8
            guard let credential = fields.first(where: { $0.starts(with: name) }) else {
                return fields.first.map { $0.elementsEqual("AWS".utf8) } ?? false ? "s3" : nil
            }
            return service(inCredential: Substring(credential.dropFirst(name.count)))
        }
        guard !query.isEmpty else { return nil }
        for parameter in query.split(separator: "&") {
            if parameter.hasPrefix("AWSAccessKeyId=") { return "s3" }
            guard parameter.hasPrefix("X-Amz-Credential=") else { continue }
            guard let credential = PercentEncoding.decode(parameter.dropFirst("X-Amz-Credential=".count))
            else {
                return nil
            }
            return service(inCredential: credential[...])
        }
        return nil
    }

    private static func service(inCredential credential: Substring) -> String? {
        let parts = credential.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count >= 4, !parts[3].isEmpty else { return nil }
        return String(Substring(parts[3]))
    }
}
