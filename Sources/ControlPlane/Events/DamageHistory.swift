import Foundation
package import ObjectStore
package import Resources
package import Store

/// Writes damage of stored objects into the history, each once, so that who hears of state changes hears of it.
package struct DamageHistory: Sendable {
    private let database: StateDatabase
    private let scope: @Sendable (_ bucket: String) -> Scope?

    /// Kind of resource in the history's ARNs, and the status of one that is damaged.
    static let kind = "stored-object"
    static let damaged = "Damaged"

    private static let fact = "damage in the history"

    /// - Parameters:
    ///   - database: Where the history is.
    ///   - scope: Whose a bucket is and where; `nil` for one that is gone.
    package init(database: StateDatabase, scope: @escaping @Sendable (_ bucket: String) -> Scope?) {
        self.database = database
        self.scope = scope
    }

    /// Writes down what the history does not have yet.
    ///
    /// - Parameter known: All damage that is known: what is no longer among it may be told again.
    /// - Throws: What the database says.
    package func record(_ known: [Damage]) async throws {
        let places = known.map { damage in
            (damage, name: "\(damage.path) \(Int(damage.found.timeIntervalSince1970 * 1000))")
        }
        let names = places.map(\.name).sorted()
        try await database.write { [scope] transaction in
            let told = try transaction.fact(Self.fact, as: [String].self) ?? []
            guard told != names else { return }
            for (damage, name) in places where !told.contains(name) {
                guard let object = S3Location(uri: damage.object), let place = scope(object.bucket) else {
                    continue
                }
                let resource = "\(Self.kind)/\(object.bucket)/\(object.key)"
                try transaction.record(
                    StatusEvent(
                        arn: "arn:aws:s3:\(place.region):\(place.account):\(resource)",
                        time: damage.found.timeIntervalSince1970,
                        status: Self.damaged,
                        message: damage.reason
                    )
                )
            }
            try transaction.setFact(Self.fact, to: names)
        }
    }
}
