import AWSWire
import Foundation

/// Which part of a repository's images an answer holds: the first after the tag with which the answer before it ended.
struct ImagePaging {
    private let after: String?
    private let limit: Int

    /// As many as on AWS, where a request names no number.
    private static let usual = 100

    /// - Parameters:
    ///   - maxResults: How many images a request wants at most; `nil` for the usual number.
    ///   - nextToken: Of the answer before it; `nil` for the beginning.
    /// - Throws: `ServiceError` for a token that no answer has.
    init(maxResults: Int?, nextToken: String?) throws(ServiceError) {
        limit = maxResults ?? Self.usual
        guard let nextToken else {
            after = nil
            return
        }
        guard let data = Data(base64Encoded: nextToken), let tag = String(data: data, encoding: .utf8) else {
            throw ServiceError(
                "InvalidParameterException",
                "Invalid parameter at 'nextToken': it is not one that this list gave out."
            )
        }
        after = tag
    }

    /// - Parameters:
    ///   - all: In the order of their tags.
    ///   - tag: By which one has its place.
    /// - Returns: The part, and the token for the one after it; `nil` at the end.
    func page<Element>(
        of all: [Element],
        by tag: (Element) -> String
    ) -> (elements: [Element], nextToken: String?) {
        let rest = all.drop { element in after.map { tag(element) <= $0 } ?? false }
        let page = Array(rest.prefix(limit))
        guard rest.count > limit, let last = page.last else { return (page, nil) }
        return (page, Data(tag(last).utf8).base64EncodedString())
    }
}
