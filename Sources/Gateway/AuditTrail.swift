package import AWSWire
import Resources

/// Keeps who did what.
package protocol AuditTrail: Sendable {
    /// Keeps an entry; an entry that cannot be kept is reported by the trail itself and stops no call.
    func record(_ entry: AuditEntry) async
}

/// One call that changed something, or tried to.
package struct AuditEntry: Sendable, Codable, Equatable {
    /// Seconds since the epoch.
    package var time: Double
    package var principal: String
    package var accessKeyID: String
    /// Where the call came from: an address, or `local` for a socket of this machine's jobs.
    package var source: String
    package var region: String
    package var action: String
    package var resource: String
    package var requestID: String
    /// `Success`, or the code of the error.
    package var outcome: String
    /// What was asked, as JSON without secrets; empty where there is nothing to tell.
    package var parameters: String

    /// Whether it is what AWS calls a data event: about an object rather than what surrounds it.
    package var isAboutObject: Bool {
        guard action.utf8.starts(with: "s3:".utf8) else { return false }
        return ["Object", "Multipart"].contains { word in
            // Without the letters' equivalents, which take their time.
            action.utf8.indices.contains { action.utf8[$0...].starts(with: word.utf8) }
        }
    }

    package init(
        time: Double,
        caller: Caller,
        access: Access,
        outcome: String,
        parameters: String
    ) {
        self.time = time
        principal = caller.principalARN
        accessKeyID = caller.accessKeyID
        source = caller.source
        region = "\(caller.scope.region)"
        action = access.action
        resource = access.resource
        requestID = caller.requestID
        self.outcome = outcome
        self.parameters = parameters
    }
}

/// Lets calls through that are allowed, and writes down those that change something.
package struct Gatekeeper: Sendable {
    private let control: any AccessControl
    private let trail: (any AuditTrail)?
    private let now: @Sendable () -> Double

    /// - Parameters:
    ///   - control: Decides.
    ///   - trail: Where mutating calls are written down.
    ///   - now: Seconds since the epoch.
    package init(control: any AccessControl, trail: (any AuditTrail)?, now: @escaping @Sendable () -> Double)
    {
        self.control = control
        self.trail = trail
        self.now = now
    }

    /// Checks that the caller may do all of this.
    ///
    /// - Throws: The refusal as a service of this envelope words it.
    package func check(
        _ accesses: [Access],
        by caller: Caller,
        envelope: Envelope
    ) throws(ServiceError) {
        if let refusal = control.refusal(of: accesses, by: caller) {
            throw refusal.serviceError(in: envelope)
        }
    }

    /// Why the caller may not do this by their own policies; `nil` if they may.
    package func refusal(of access: Access, by caller: Caller) -> AccessRefusal? {
        control.refusal(of: access, by: caller)
    }

    /// Writes a call down if it is of the kind that changes something.
    package func note(
        _ access: Access,
        by caller: Caller,
        outcome: ServiceError?,
        parameters: @autoclosure @Sendable () -> String
    ) async {
        guard let trail, Self.changesSomething(access.action) else { return }
        await trail.record(
            AuditEntry(
                time: now(),
                caller: caller,
                access: access,
                outcome: outcome?.code ?? "Success",
                parameters: parameters()
            )
        )
    }

    /// Whether an action is more than a look.
    ///
    /// Whatever is not known to be a look counts as a change.
    package static func changesSomething(_ action: String) -> Bool {
        let name = action.drop { $0 != ":" }.dropFirst()
        return !["Get", "List", "Describe", "Head", "Filter", "Simulate", "Search", "InvokeEndpoint"]
            .contains { name.hasPrefix($0) }
            || name == "GetSessionToken"
    }
}
