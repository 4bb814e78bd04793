/// Where an endpoint is; the only way it changes is `handle(_:)` (service's state machine, API surface 3.4).
package enum EndpointState: Sendable, Equatable, Codable {
    /// Its first fleet is being started.
    case creating
    case inService
    /// A second fleet is being started beside the one that answers.
    case updating
    case failed
    case deleting

    /// `EndpointStatus`.
    package var status: String {
        switch self {
        case .creating: "Creating"
        case .inService: "InService"
        case .updating: "Updating"
        case .failed: "Failed"
        case .deleting: "Deleting"
        }
    }
}

/// What happens to an endpoint.
package enum EndpointEvent: Sendable, Equatable {
    /// Every instance of the incoming fleet answers `/ping`.
    case fleetReady
    /// The incoming fleet cannot be had; the text is the FailureReason.
    case fleetFailed(String)
    case updateRequested
    case deleteRequested
}

/// What has to be done after a change of state.
package enum EndpointEffect: Sendable, Equatable {
    /// Start the incoming fleet.
    case launch
    /// Send the calls to the incoming fleet and end the one before.
    case switchTraffic
    /// End what there is of the incoming fleet and keep the reason.
    case discardIncoming(String)
    /// End everything and forget the endpoint.
    case remove
}

/// A request that the endpoint's state does not allow.
package struct EndpointBusy: Error, Equatable {
    package let state: EndpointState

    package init(state: EndpointState) { self.state = state }
}

extension EndpointState {
    /// Applies one event: the table of legal moves.
    ///
    /// - Returns: What to do now, in order.
    /// - Throws: `EndpointBusy`, leaving the state as it was.
    package mutating func handle(_ event: EndpointEvent) throws(EndpointBusy) -> [EndpointEffect] {
        switch (self, event) {
        case (.creating, .fleetReady), (.updating, .fleetReady):
            self = .inService
            return [.switchTraffic]
        case (.creating, .fleetFailed(let reason)):
            self = .failed
            return [.discardIncoming(reason)]
        case (.updating, .fleetFailed(let reason)):  // The old fleet has answered all along.
            self = .inService
            return [.discardIncoming(reason)]
        case (.inService, .updateRequested):
            self = .updating
            return [.launch]
        // The service refuses a deletion while it creates: what it makes then cannot be given up half-made. Here it can,
        // at every moment, and an endpoint that waits for room has nothing yet, while others wait behind it.
        case (.creating, .deleteRequested), (.inService, .deleteRequested), (.failed, .deleteRequested):
            self = .deleting
            return [.remove]
        case (.deleting, .deleteRequested), (.deleting, .fleetReady), (.deleting, .fleetFailed),
            (.inService, .fleetReady), (.inService, .fleetFailed), (.failed, .fleetReady),
            (.failed, .fleetFailed):
            return []  // The report of an instance that is already on its way out.
        case (.creating, .updateRequested), (.updating, .updateRequested), (.updating, .deleteRequested),
            (.failed, .updateRequested), (.deleting, .updateRequested):
            throw EndpointBusy(state: self)
        }
    }
}
