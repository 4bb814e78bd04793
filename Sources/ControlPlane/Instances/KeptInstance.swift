package import AgentProtocol
package import Engines
import Foundation
package import Resources
package import Store

/// What is left of an instance whose job failed: its files, for a time, and how to make its sandbox once more.
package struct KeptInstance: Codable, Sendable {
    package let handle: InstanceHandle
    /// ARN of its job or endpoint.
    package let owner: String
    package let scope: Scope
    /// Without its credentials, which are revoked, and without what was only needed to begin.
    package let assignment: Assignment
    /// Seconds since the epoch.
    package private(set) var until: Double

    package var id: InstanceID { handle.instance }
    /// Of its job or endpoint.
    package var name: String { String(owner.split(separator: "/").last ?? "") }
    package var isOfEndpoint: Bool { owner.contains(":endpoint/") }

    /// - Parameters:
    ///   - record: An instance; one that was never placed left nothing, and then this is `nil`.
    ///   - until: When its time is over, seconds since the epoch.
    package init?(of record: InstanceRecord, until: Double) {
        guard let handle = record.handle else { return nil }
        self.handle = handle
        owner = record.owner
        scope = record.scope
        self.until = until
        var assignment = record.assignment
        assignment.credentials = SessionCredentials(
            accessKeyID: "",
            secretAccessKey: "",
            sessionToken: "",
            expiration: 0
        )
        assignment.channels = assignment.channels.map {
            Channel(name: $0.name, mode: $0.mode, source: $0.source)
        }
        assignment.files = [:]
        assignment.modelArchive = nil
        assignment.checkpoint?.existing = []
        assignment.notices = []
        self.assignment = assignment
    }

    /// What a `FailureReason` says of them: how to look at what is left, and how long.
    static func advice(_ kept: [KeptInstance]) -> String? {
        guard let first = kept.first else { return nil }
        let time = Date(timeIntervalSince1970: first.until.rounded(.down)).ISO8601Format()
        // An engine's container goes with its end; its files stay.
        return first.assignment.isOfEngineAlone
            ? "Where the files of its /opt/ml lie until \(time), says clary shell \(first.name)"
            : "Enter what is left until \(time): clary shell \(first.name)"
    }

    /// How many there are at most; beyond, those whose time ends first go at once.
    package static let most = 64

    fileprivate mutating func letGo() { until = 0 }
}

extension StateTransaction {
    private static var key: String { "kept-instances" }

    /// What is left of failed instances, those that end first in front.
    package func keptInstances() throws -> [KeptInstance] {
        try fact(Self.key, as: [KeptInstance].self) ?? []
    }

    /// Adds to them.
    package func keep(_ new: [KeptInstance]) throws {
        let ids = Set(new.map(\.id))
        var all = try keptInstances().filter { !ids.contains($0.id) } + new
        all.sort { $0.until < $1.until }
        for index in all.indices.dropLast(KeptInstance.most) { all[index].letGo() }
        try setFact(Self.key, to: all)
    }

    /// Forgets some: their files are gone.
    package func removeKept(_ ids: Set<InstanceID>) throws {
        try setFact(Self.key, to: keptInstances().filter { !ids.contains($0.id) })
    }
}
