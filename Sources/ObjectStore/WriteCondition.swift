/// What must hold for the object that a write replaces; checked in the transaction of the write.
package enum WriteCondition: Sendable, Hashable {
    case none
    /// `If-None-Match: *`: no object has the key.
    case absent
    /// `If-None-Match`: the object, if there is one, has none of these ETags.
    case differs([String])
    /// `If-Match`: the object has one of these ETags (without quotes; `*` for any).
    case matches([String])

    /// Compares with the key's present object.
    ///
    /// - Throws: `ObjectStoreError.preconditionFailed`, or `.noSuchKey` if there is no object to match.
    package func check(_ current: ObjectRecord?, key: ObjectKey) throws(ObjectStoreError) {
        switch self {
        case .none: return
        case .absent: if current != nil { throw .preconditionFailed(self) }
        case .differs(let eTags):
            if let current, eTags.contains(current.eTag) { throw .preconditionFailed(self) }
        case .matches(let eTags):
            guard let current else { throw .noSuchKey(key) }
            guard eTags.contains(current.eTag) || eTags.contains("*") else { throw .preconditionFailed(self) }
        }
    }
}
