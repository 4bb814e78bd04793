package import Foundation

/// One key, or one version of it, that somebody wants to be rid of.
package struct Deletion: Sendable {
    package let key: ObjectKey
    /// `nil` for the latest, which in a bucket with versioning goes behind a delete marker.
    package let version: VersionID?
    /// What must hold for the object.
    package var condition = WriteCondition.none
    /// When the object must have been modified, to the second.
    package var modified: Date?
    /// Bytes that it must have.
    package var size: Int?
    /// Whether a retention in governance mode does not count.
    package var bypassesGovernance = false

    package init(_ key: ObjectKey, version: VersionID? = nil, if condition: WriteCondition = .none) {
        self.key = key
        self.version = version
        self.condition = condition
    }

    /// Whether anything must hold.
    var isConditional: Bool { condition != .none || modified != nil || size != nil }

    /// Compares the conditions with what is there; where there is nothing, nothing is deleted and all of them hold.
    func check(_ record: ObjectRecord?) throws(ObjectStoreError) {
        guard let record else { return }
        if condition != .none { try condition.check(record, key: key) }
        if let size, size != record.size { throw .preconditionFailed(.matches([])) }
        if let modified {
            let seconds = record.modified.timeIntervalSince1970.rounded(.down)
            guard modified.timeIntervalSince1970.rounded(.down) == seconds else {
                throw .preconditionFailed(.matches([]))
            }
        }
    }

    /// Compares the conditions with a delete marker: it has neither a content nor a size, but it is there.
    func checkMarker() throws(ObjectStoreError) {
        if case .matches(let eTags) = condition, !eTags.contains("*") { throw .preconditionFailed(condition) }
        if modified != nil || size != nil { throw .preconditionFailed(.matches([])) }
    }

    /// Whether the version may go now.
    func checkLock(of record: ObjectRecord, now: Date) throws(ObjectStoreError) {
        if record.headers.isHeld == true { throw .locked(key) }
        guard let retention = record.headers.retention, retention.until > now else { return }
        if retention.mode == .governance, bypassesGovernance { return }
        throw .locked(key)
    }
}

/// What a deletion did.
package struct DeletionOutcome: Sendable, Hashable {
    /// The version that was deleted, or the delete marker that was made; `nil` in a bucket without versioning.
    package var version: VersionID?
    /// Whether `version` is a delete marker.
    package var isMarker = false
}
