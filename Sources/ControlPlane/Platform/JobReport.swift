package import Foundation

/// A job as `GET /_clary/v1/jobs` shows it.
package struct JobReport: Codable, Sendable {
    package var name: String
    package var account: String
    package var region: String
    package var status: String
    package var secondaryStatus: String
    /// What the service says of the stage it is in.
    package var message: String
    /// Of all its instances; several types with commas between them.
    package var instanceType: String
    package var instanceCount: Int
    /// Present if the job asked for groups.
    package var instanceGroups: [InstanceGroup]?
    /// What each instance may use here; absent if there are several types or the type cannot run on this machine.
    package var limit: PlatformOverview.Share?
    /// Present if that is less than the type offers: what it offers.
    package var offered: PlatformOverview.Share?
    /// Present while it waits for room.
    package var queue: QueuePlace?
    package var created: Date
    /// When its work began: with the download of its data, or with its training.
    package var started: Date?
    package var ended: Date?
    /// From its creation to its end, or to now.
    package var elapsedSeconds: Double
    package var failureReason: String?
    package var logGroup: String

    /// Instances of one type.
    package struct InstanceGroup: Codable, Sendable {
        package var name: String
        package var instanceType: String
        package var instanceCount: Int
        /// What each instance may use here.
        package var limit: PlatformOverview.Share?
        /// Present if that is less than the type offers: what it offers.
        package var offered: PlatformOverview.Share?
    }

    /// Whether nothing more happens to it.
    package var isEnded: Bool { ended != nil }
}

/// The reply of `GET /_clary/v1/jobs`.
package struct JobList: Codable, Sendable {
    package var jobs: [JobReport]
}
