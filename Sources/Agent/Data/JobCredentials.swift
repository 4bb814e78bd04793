import AgentProtocol
import Foundation
import NIOCore

/// The job's credentials, renewed from the control plane before they expire.
actor JobCredentials {
    private var current: SessionCredentials
    private let client: ControlPlaneClient

    /// Seconds before the end at which new ones are asked for.
    private static let margin = 300.0

    init(_ credentials: SessionCredentials, client: ControlPlaneClient) {
        current = credentials
        self.client = client
    }

    func valid() async -> SessionCredentials {
        guard current.expiration - Date().timeIntervalSince1970 < Self.margin else { return current }
        // New ones would stand in the assignment; without an answer the old ones are still the best there are.
        if case .document(let data) = await client.get(.assignment, deadline: .seconds(10)),
            let assignment = try? JSONDecoder().decode(Assignment.self, from: data)
        {
            current = assignment.credentials
        }
        return current
    }
}
