import AWSWire
import ControlPlane
import Foundation
import Gateway
import NIOCore
import Resources
import Store

/// Identities in a folder that goes away with them, and calls as their owner.
final class TemporaryIdentities: Sendable {
    let folder: URL
    let database: StateDatabase
    let identities: IdentityStore

    /// The time that sessions are measured by.
    static let now = 1_700_000_000.0

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "identities-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try StateDatabase(file: folder.appending(path: "state.sqlite").path)
        identities = try await Self.open(folder, database)
    }

    deinit {
        // A folder that stays behind in the temporary directory fails no test.
        try? FileManager.default.removeItem(at: folder)
    }

    var credentialsFile: String { folder.appending(path: "credentials.json").path }

    /// The identities as the next start of the platform finds them.
    func reopened(at time: Double = now) async throws -> IdentityStore {
        // The folder must be there until the identities are.
        defer { withExtendedLifetime(self) {} }
        return try await Self.open(folder, database, at: time)
    }

    private static func open(
        _ folder: URL,
        _ database: StateDatabase,
        at time: Double = now
    ) async throws -> IdentityStore {
        try await IdentityStore.open(
            database: database,
            account: .standard,
            credentialsFile: folder.appending(path: "credentials.json").path,
            now: { time }
        )
    }

    /// The caller behind a credential.
    static func caller(_ credential: Credential) -> Caller {
        Caller(
            accessKeyID: credential.accessKeyID,
            scope: Scope(account: credential.account, region: .standard),
            principalARN: credential.principalARN,
            requestID: "request-1",
            authority: credential.authority
        )
    }

    /// The reply to a form, as the owner; or the error.
    func call(
        _ service: TypedService,
        _ form: String,
        as credential: Credential? = nil
    ) async -> Result<XMLElement, ServiceError> {
        let action = form.split(separator: "&").first { $0.hasPrefix("Action=") }?.dropFirst(7) ?? ""
        let caller = Self.caller(credential ?? identities.owner)
        do {
            let reply = try await service.answer(
                String(action),
                document: ByteBuffer(string: form),
                caller: caller,
                gatekeeper: Gatekeeper(control: identities, trail: nil, now: { Self.now })
            )
            return .success(try XMLElement.parse(reply.readableBytesView))
        } catch let error as ServiceError {
            return .failure(error)
        } catch {
            return .failure(.internalFailure("\(error)"))
        }
    }
}

extension Result where Success == XMLElement, Failure == ServiceError {
    /// `<Op>Result` of a reply.
    var result: XMLElement? {
        guard case .success(let reply) = self else { return nil }
        return reply.children.first { $0.name.hasSuffix("Result") }
    }

    /// The error of a refused call.
    var error: ServiceError? {
        guard case .failure(let error) = self else { return nil }
        return error
    }
}
