package import Foundation
package import Gateway
package import Resources

extension DataCatalogue {
    /// The content of an object that a role may read, such as a manifest.
    ///
    /// - Throws: `UnusableChannel` if the object is gone.
    package func content(of entry: Entry, at location: S3Location) async throws -> Data {
        guard let content = try await objects.content(of: entry, at: location) else {
            throw UnusableChannel(message: "\(location) was deleted or overwritten meanwhile")
        }
        return content
    }

    /// Whether there is any object below a prefix.
    ///
    /// - Throws: `AccessRefusal`.
    package func hasEntries(under location: S3Location, as principal: Caller) async throws -> Bool {
        try await !entries(under: location, as: principal, atMost: 1).isEmpty
    }
}
