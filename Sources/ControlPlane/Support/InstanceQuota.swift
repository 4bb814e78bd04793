import AWSWire
import Resources

/// How many instances one request may ask for: far more than fit, and few enough to be counted one by one.
enum InstanceQuota {
    static let most = 1000

    /// Checks a count.
    ///
    /// - Parameters:
    ///   - count: Of the request.
    ///   - member: Where it stands, as validation messages spell it.
    ///   - type: Instance type.
    ///   - usage: What for, such as `training job usage`.
    /// - Throws: The service's words for none and for too many.
    static func check(_ count: Int, at member: String, type: String, usage: String) throws(ServiceError) {
        guard count >= 1 else {
            throw .validation(
                "1 validation error detected: Value '\(count)' at '\(member)' failed to satisfy constraint: "
                    + "Member must have value greater than or equal to 1"
            )
        }
        guard count <= most else {
            throw .resourceLimitExceeded(
                "The account-level service limit '\(type) for \(usage)' is \(most) Instances, with current "
                    + "utilization of 0 Instances and a request delta of \(count) Instances. Ask for fewer."
            )
        }
    }
}
