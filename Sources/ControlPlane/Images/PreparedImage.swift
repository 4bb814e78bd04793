package import Environments
import Images

/// An image with everything that its container needs on this machine.
package enum PreparedImage: Sendable {
    case xgboost(version: String)
    case environment(PythonEnvironment)
    case oci(reference: String)

    /// What differs from the image that was asked for, in sentences for the log.
    var notices: [String] {
        switch self {
        case .xgboost, .oci: []
        case .environment(let environment):
            ["The script runs in the environment \(environment.recipe.id)."] + environment.recipe.notes
        }
    }

    /// What keeps it on this machine; `nil` for what nobody removes.
    var lease: EnvironmentLease? {
        switch self {
        case .xgboost, .oci: nil
        case .environment(let environment): environment.lease
        }
    }
}
