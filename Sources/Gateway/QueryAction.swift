import AWSWire
import NIOCore

/// The fields of a form that say which operation is meant.
struct QueryAction {
    private let action: String?
    private let version: String?

    init(_ form: ByteBuffer) {
        var fields: [String: String] = [:]
        for field in form.readableBytesView.split(separator: UInt8(ascii: "&")) {
            // Only these two are needed here; the codec reads the rest.
            for name in ["Action", "Version"] where fields[name] == nil && field.starts(with: "\(name)=".utf8)
            {
                let value = String(decoding: field.dropFirst(name.utf8.count + 1), as: UTF8.self)
                fields[name] = PercentEncoding.decode(value)
            }
        }
        action = fields["Action"]
        version = fields["Version"]
    }

    /// The operation, if the form is for this version of the service.
    ///
    /// - Throws: `MissingAction` or `NoSuchVersion`.
    func operation(of service: TypedService) throws(ServiceError) -> String {
        guard let action, !action.isEmpty else {
            throw ServiceError("MissingAction", "The request must contain the parameter Action.")
        }
        if case .query(_, let expected) = service.wire, let version, version != expected {
            throw ServiceError(
                "NoSuchVersion",
                "The version '\(version.prefix(40))' of \(service.name) does not exist. Use '\(expected)'."
            )
        }
        return action
    }
}
