import AWSWire

extension QueryItem {
    /// The decoded parameters of a query, in the order sent, without the signature's own.
    ///
    /// - Throws: `InvalidURI` for a parameter that is not UTF-8.
    static func parse(_ query: Substring) throws(ServiceError) -> [QueryItem] {
        guard !query.isEmpty else { return [] }
        var items: [QueryItem] = []
        for pair in query.split(separator: "&") {
            let name = pair.prefix { $0 != "=" }
            guard let decodedName = PercentEncoding.decode(name),
                let value = PercentEncoding.decode(pair.dropFirst(name.count).dropFirst())
            else { throw ServiceError("InvalidURI", "Couldn't parse the specified URI.") }
            if !signatureParameters.contains(decodedName) {
                items.append(QueryItem(name: decodedName, value: value))
            }
        }
        return items
    }

    private static let signatureParameters: Set<String> = [
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
        "X-Amz-Signature", "X-Amz-Security-Token", "AWSAccessKeyId", "Signature", "Expires",
        "x-amz-security-token",
    ]
}
