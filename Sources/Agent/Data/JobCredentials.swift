import AgentProtocol
import Foundation
import Logging
import NIOCore
import Synchronization

/// The credentials of the job's role, renewed from the control plane before they expire.
final class JobCredentials: Sendable {
    private let current: Mutex<SessionCredentials>
    private let client: ControlPlaneClient
    private let logger: Logger

    /// Part of their life after which new ones are asked for, and how long a refusal is taken for an answer.
    private static let share = 0.5
    private static let pause = Duration.seconds(10)
    /// Least seconds until the next renewal, also where clocks differ.
    private static let shortest = 10.0

    init(_ credentials: SessionCredentials, client: ControlPlaneClient, logger: Logger) {
        current = Mutex(credentials)
        self.client = client
        self.logger = logger
    }

    /// The newest there are.
    var latest: SessionCredentials { current.withLock(\.self) }

    /// Renews them until cancelled.
    func keepFresh() async {
        while !Task.isCancelled {
            let left = latest.expiration - Date().timeIntervalSince1970
            try? await Task.sleep(for: .seconds(min(max(Self.shortest, left * Self.share), 43_200)))
            while !Task.isCancelled, !(await renew()) { try? await Task.sleep(for: Self.pause) }
        }
    }

    /// Asks for new ones now; false where nobody answers: the old ones are still the best there are.
    func renew() async -> Bool {
        guard case .document(let data) = await client.get(.credentials, deadline: .seconds(10)) else {
            return false
        }
        do {
            let new = try JSONDecoder().decode(SessionCredentials.self, from: data)
            current.withLock { $0 = new }
            return true
        } catch {
            logger.error("unreadable credentials", metadata: ["error": "\(error)"])
            return false
        }
    }
}
