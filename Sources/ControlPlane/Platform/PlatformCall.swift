import AWSWire
import Foundation
import Gateway
import HTTPServing
import HTTPTypes

/// A call below `/_clary/v1/`: its name, its action, its parameters.
package struct PlatformCall: Sendable {
    /// Method and path, such as `GET users`.
    package let name: String
    private let query: String

    init(_ request: ServerRequest) {
        name = "\(request.head.method.rawValue) \(request.path.dropFirst(PlatformAPI.prefix.count))"
        query = String(request.query)
    }

    /// What policies call it; `nil` for a call that does not exist.
    var action: String? { Self.actions[name] }

    /// Every call with its action.
    package static let actions = [
        "GET overview": "clary:GetOverview", "GET jobs": "clary:ListJobs",
        "GET endpoints": "clary:ListEndpoints", "POST shutdown": "clary:Shutdown",
        "POST gc": "clary:CollectGarbage", "POST scrub": "clary:Scrub",
        "GET users": "clary:ListUsers", "POST users": "clary:CreateUser", "DELETE users": "clary:DeleteUser",
        "GET roles": "clary:ListRoles", "POST roles": "clary:ImportRole",
        "GET audit": "clary:ListAuditEntries",
        "GET images": "clary:ListImages", "GET images/why": "clary:ListImages",
        "POST images": "clary:BuildImage",
        "DELETE images": "clary:DeleteImage",
        "POST preflight": "clary:SimulateRequest",
        "POST shell": "clary:EnterInstance", "POST shell/discard": "clary:DiscardInstance",
    ]

    func parameter(_ name: String) -> String? {
        query.split(separator: "&").lazy
            .map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
            .first { $0.count == 2 && $0[0] == name }
            .flatMap { PercentEncoding.decode($0[1]) }
    }

    /// Reads the document that a call brings.
    ///
    /// - Throws: `SerializationException` if it is not of this form.
    static func read<Value: Decodable>(_ type: Value.Type, _ body: Data) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch {
            throw ServiceError("SerializationException", "The request body is not what this call takes.")
        }
    }
}
