// Generated from botocore 1.43.11 by `make generate`: edit Tools/generate instead.
// swift-format-ignore-file

package import AWSWire

extension ECR {
    package enum GetAuthorizationToken: AWSWire.Operation {
        package typealias Input = GetAuthorizationTokenRequest
        package typealias Output = GetAuthorizationTokenResponse
        package static let name = "GetAuthorizationToken"
    }

    package struct GetAuthorizationTokenRequest: WireShape, Equatable {
        package var registryIds: [String]?

        package init(
            registryIds: [String]? = nil
        ) {
            self.registryIds = registryIds
        }

        package enum CodingKeys: String, CodingKey {
            case registryIds
        }

        package func validate(_ checker: inout ConstraintChecker) {
            checker.strings(self.registryIds, "registryIds", .optional, Rules.getAuthorizationTokenRegistryIdList, each: Rules.registryId)
        }
    }

    package struct GetAuthorizationTokenResponse: WireShape, Equatable {
        package var authorizationData: [AuthorizationData]?

        package init(
            authorizationData: [AuthorizationData]? = nil
        ) {
            self.authorizationData = authorizationData
        }

        package enum CodingKeys: String, CodingKey {
            case authorizationData
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }

    package struct AuthorizationData: WireShape, Equatable {
        package var authorizationToken: String?
        package var expiresAt: Timestamp?
        package var proxyEndpoint: String?

        package init(
            authorizationToken: String? = nil,
            expiresAt: Timestamp? = nil,
            proxyEndpoint: String? = nil
        ) {
            self.authorizationToken = authorizationToken
            self.expiresAt = expiresAt
            self.proxyEndpoint = proxyEndpoint
        }

        package enum CodingKeys: String, CodingKey {
            case authorizationToken
            case expiresAt
            case proxyEndpoint
        }

        package func validate(_ checker: inout ConstraintChecker) {}
    }
}
