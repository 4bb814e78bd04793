package import Foundation

/// An endpoint as `GET /_clary/v1/endpoints` shows it.
package struct EndpointReport: Codable, Sendable {
    package var name: String
    package var account: String
    package var region: String
    package var status: String
    package var configName: String
    package var created: Date
    /// When it came into this status.
    package var since: Date
    package var failureReason: String?
    /// Present while instances of it wait for room.
    package var queue: QueuePlace?
    package var variants: [Variant]
    package var logGroup: String

    /// A production variant.
    package struct Variant: Codable, Sendable {
        package var name: String
        package var modelName: String
        package var instanceType: String
        package var desiredCount: Int
        /// Instances that answer now.
        package var currentCount: Int
        package var weight: Double
        /// Whether it is being started and takes no calls yet.
        package var isIncoming: Bool
        package var limit: PlatformOverview.Share?
        package var offered: PlatformOverview.Share?
    }
}

/// The reply of `GET /_clary/v1/endpoints`.
package struct EndpointList: Codable, Sendable {
    package var endpoints: [EndpointReport]
}
