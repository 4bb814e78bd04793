import AWSWire
import Foundation
import Policies
import SageMakerAPI

/// Policy documents as IAM takes and gives them.
enum PolicyDocuments {
    /// A document that is a policy of this form.
    ///
    /// - Throws: `MalformedPolicyDocument`.
    static func checked(_ text: String?, as form: Policy.Form) throws(ServiceError) -> String {
        do {
            _ = try Policy(parsing: text ?? "", as: form)
        } catch {
            throw IAM.Failure.malformedPolicyDocument(error.message)
        }
        return text ?? ""
    }

    /// A document in a reply: percent-encoded.
    static func encoded(_ document: String) -> String {
        document.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// RFC 3986, section 2.3.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )
}
