import AWSWire
import Foundation
package import Gateway
import Resources
import SageMakerAPI
package import Store

/// What tools ask of Amazon's container registry before they push: a password and repositories.
package struct RepositoryHandlers: Sendable {
    private let database: StateDatabase
    private let tokens: RegistryTokens
    private let now: @Sendable () -> Double

    package init(
        database: StateDatabase,
        tokens: RegistryTokens,
        now: @escaping @Sendable () -> Double = WallClock.now
    ) {
        self.database = database
        self.tokens = tokens
        self.now = now
    }

    package func register(in service: inout TypedService) {
        service.on(ECR.GetAuthorizationToken.self, .anywhere, authorize)
        service.on(ECR.CreateRepository.self, .repository { $0.repositoryName }, create)
        service.on(ECR.DescribeRepositories.self, .anywhere, describe)
        service.on(ECR.DeleteRepository.self, .repository { $0.repositoryName }, delete)
    }

    private func authorize(
        _ request: ECR.GetAuthorizationTokenRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> ECR.GetAuthorizationTokenResponse {
        let (password, expires) = tokens.issue()
        return .init(authorizationData: [
            .init(
                authorizationToken: Data("AWS:\(password)".utf8).base64EncodedString(),
                expiresAt: Timestamp(seconds: expires),
                proxyEndpoint: "https://\(RepositoryRecord.host(in: caller.scope))"
            )
        ])
    }

    private func create(
        _ request: ECR.CreateRepositoryRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> ECR.CreateRepositoryResponse {
        let record = RepositoryRecord(
            scope: caller.scope,
            name: request.repositoryName ?? "",
            created: now(),
            mutability: request.imageTagMutability
        )
        do {
            try await database.write { try $0.insert(record) }
        } catch is ResourceExists {
            throw ServiceError(
                "RepositoryAlreadyExistsException",
                """
                The repository with name '\(record.name)' already exists in the registry with id \
                '\(caller.scope.account)'
                """
            )
        } catch {
            throw .stateUnavailable(error)
        }
        return .init(repository: record.description)
    }

    private func describe(
        _ request: ECR.DescribeRepositoriesRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> ECR.DescribeRepositoriesResponse {
        if let names = request.repositoryNames, !names.isEmpty {
            var found: [ECR.Repository] = []
            for name in names { found.append(try database.repository(name, caller).description) }
            return .init(repositories: found)
        }
        let query = try ListRequest(
            maxResults: request.maxResults,
            nextToken: request.nextToken,
            sortBy: "Name",
            sortOrder: "Ascending"
        ).query(RepositoryRecord.self, in: caller.scope)
        let page = try database.page(RepositoryRecord.self, query)
        return .init(repositories: page.resources.map(\.description), nextToken: page.next?.token)
    }

    private func delete(
        _ request: ECR.DeleteRepositoryRequest,
        _ caller: Caller
    ) async throws(ServiceError) -> ECR.DeleteRepositoryResponse {
        let record = try database.repository(request.repositoryName, caller)
        try await database.remove(record)
        return .init(repository: record.description)
    }
}

extension StateDatabase {
    /// The repository of that name, or the service's words for its absence.
    func repository(_ name: String?, _ caller: Caller) throws(ServiceError) -> RepositoryRecord {
        guard let found = try find(RepositoryRecord.self, named: name ?? "", in: caller.scope) else {
            throw ServiceError(
                "RepositoryNotFoundException",
                """
                The repository with name '\(name ?? "")' does not exist in the registry with id \
                '\(caller.scope.account)'
                """
            )
        }
        return found
    }
}

extension OperationAccess {
    /// A repository of the caller's registry.
    static func repository(_ name: @escaping @Sendable (Input) -> String?) -> Self {
        .on({ input, caller in RepositoryRecord.arn(name(input) ?? "", in: caller.scope) })
    }
}
