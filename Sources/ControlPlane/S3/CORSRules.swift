import AWSWire
import Foundation
import HTTPServing
import HTTPTypes
import ObjectStore

/// What pages of other origins may do with a bucket.
struct CORSRules {
    private let rules: [Rule]

    struct Rule {
        let origins: [String]
        let methods: [String]
        let headers: [String]
        let exposed: [String]
        let maximumAge: String?

        /// The origin to answer, if the rule fits.
        fileprivate func answer(to origin: String, method: String, headers asked: [String]) -> String? {
            guard methods.contains(method), let pattern = origins.first(where: { Self.matches($0, origin) }),
                asked.allSatisfy({ name in
                    headers.contains { Self.matches($0.lowercased(), name.lowercased()) }
                })
            else { return nil }
            return pattern == "*" ? "*" : origin
        }

        /// At most one star.
        private static func matches(_ pattern: String, _ text: String) -> Bool {
            let parts = pattern.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return pattern == text }
            return text.count >= parts[0].count + parts[1].count && text.hasPrefix(parts[0])
                && text.hasSuffix(parts[1])
        }
    }

    /// Reads a `CORSConfiguration`.
    ///
    /// - Throws: `MalformedXML` or `InvalidRequest`.
    init(_ document: XMLElement) throws {
        rules = try document.children(named: "CORSRule").map { rule in
            func texts(_ name: String) -> [String] { rule.children(named: name).map(\.text) }
            let (origins, methods) = (texts("AllowedOrigin"), texts("AllowedMethod"))
            guard !origins.isEmpty, !methods.isEmpty else { throw ServiceError.malformedXML }
            for text in origins + texts("AllowedHeader") where text.count(where: { $0 == "*" }) > 1 {
                throw ServiceError.invalidRequest(
                    "AllowedOrigin \"\(text)\" can not have more than one wildcard."
                )
            }
            for method in methods where !["GET", "PUT", "POST", "DELETE", "HEAD"].contains(method) {
                throw ServiceError.invalidRequest(
                    "Found unsupported HTTP method in CORS config. Unsupported method is \(method)"
                )
            }
            return Rule(
                origins: origins,
                methods: methods,
                headers: texts("AllowedHeader"),
                exposed: texts("ExposeHeader"),
                maximumAge: rule["MaxAgeSeconds"]?.text
            )
        }
        guard (1...100).contains(rules.count) else { throw ServiceError.malformedXML }
    }

    /// The headers for a page of an origin; `nil` if no rule lets it.
    func headers(origin: String, method: String, asked: [String]) -> [String: String]? {
        for rule in rules {
            guard let answer = rule.answer(to: origin, method: method, headers: asked) else { continue }
            var headers = [
                "Access-Control-Allow-Origin": answer,
                "Access-Control-Allow-Methods": rule.methods.joined(separator: ", "),
                "Vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
            ]
            if !asked.isEmpty { headers["Access-Control-Allow-Headers"] = asked.joined(separator: ", ") }
            if !rule.exposed.isEmpty {
                headers["Access-Control-Expose-Headers"] = rule.exposed.joined(separator: ", ")
            }
            if let age = rule.maximumAge { headers["Access-Control-Max-Age"] = age }
            if answer != "*" { headers["Access-Control-Allow-Credentials"] = "true" }
            return headers
        }
        return nil
    }
}

extension S3Service {
    /// The answer to a browser that asks before it calls.
    func preflight(_ request: S3Request) throws -> ServerResponse {
        guard let origin = request.header("origin") else {
            throw ServiceError("BadRequest", "Insufficient information. Origin request header needed.")
        }
        guard let method = request.header("access-control-request-method") else {
            throw ServiceError("BadRequest", "Invalid Access-Control-Request-Method: null")
        }
        let bucket = try store.bucket(request.bucketName)
        let asked = (request.header("access-control-request-headers") ?? "").split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard let found = bucket.corsRules?.headers(origin: origin, method: method, asked: asked) else {
            throw ServiceError(
                "AccessForbidden",
                "CORSResponse: This CORS request is not allowed.",
                status: 403,
                members: ["Method": method, "ResourceType": request.hasKey ? "OBJECT" : "BUCKET"]
            )
        }
        var headers = HTTPFields()
        for (name, value) in found { headers.set(name, value) }
        return .empty(headers: headers)
    }

    /// What a reply to a page of another origin carries.
    func crossOriginHeaders(_ request: S3Request) -> [String: String] {
        guard let origin = request.header("origin"), request.method != .options, request.hasBucket,
            let rules = (try? store.bucket(request.bucketName))?.corsRules
        else { return [:] }
        let method = request.header("access-control-request-method") ?? request.method.rawValue
        return rules.headers(origin: origin, method: method, asked: []) ?? [:]
    }
}
