import AWSWire
import Foundation
import HTTPServing
import ObjectStore

/// Where a listing goes on; opaque to clients.
struct ContinuationToken: Equatable {
    /// The last entry of the page before.
    let position: String

    init(position: String) { self.position = position }

    init(parsing text: String) throws(ServiceError) {
        guard text.hasPrefix("1"), let bytes = Data(base64Encoded: String(text.dropFirst())),
            let position = String(validating: bytes, as: UTF8.self)
        else {
            throw .invalidArgument(
                "The continuation token provided is incorrect",
                name: "continuation-token",
                value: text
            )
        }
        self.position = position
    }

    var text: String { "1" + Data(position.utf8).base64EncodedString() }
}

/// Listings of a bucket.
extension S3Service {
    /// ListObjects, the first version.
    func listObjects(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let text = try ListingText(request)
        let marker = request.parameter("marker") ?? ""
        let query = try listQuery(request, after: marker)
        let page = try await store.list(bucket, query)
        return .document(
            XMLElement("ListBucketResult") {
                XMLElement("Name", bucket.name)
                text.plainElement("Prefix", query.prefix)
                text.element("Marker", marker)
                // Without a delimiter the last key of the page is the next marker, and S3 leaves this out.
                text.element("NextMarker", query.delimiter == nil ? nil : page.next)
                XMLElement.number("MaxKeys", query.limit)
                text.element("Delimiter", query.delimiter)
                XMLElement("IsTruncated", page.next == nil ? "false" : "true")
                XMLElement.optional("EncodingType", text.encoding)
                contents(page, text, owner: .owner(bucket.account))
            }
        )
    }

    func listObjectsV2(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let text = try ListingText(request)
        guard request.parameter("list-type") == "2" else {
            throw ServiceError.invalidArgument(
                "Invalid List Type specified in Request",
                name: "list-type",
                value: request.parameter("list-type") ?? ""
            )
        }
        let token = request.parameter("continuation-token")
        let startAfter = request.parameter("start-after")
        // An empty token is that of the first page.
        let position = try token.flatMap { $0.isEmpty ? nil : try ContinuationToken(parsing: $0).position }
        let query = try listQuery(request, after: position ?? startAfter)
        let page = try await store.list(bucket, query)
        let owner: XMLElement? = request.parameter("fetch-owner") == "true" ? .owner(bucket.account) : nil
        return .document(
            XMLElement("ListBucketResult") {
                XMLElement("Name", bucket.name)
                text.element("Prefix", query.prefix)
                text.element("StartAfter", startAfter)
                XMLElement.optional("ContinuationToken", token)
                XMLElement.optional(
                    "NextContinuationToken",
                    page.next.map { ContinuationToken(position: $0).text }
                )
                XMLElement.number("KeyCount", page.objects.count + page.commonPrefixes.count)
                XMLElement.number("MaxKeys", query.limit)
                text.element("Delimiter", query.delimiter)
                XMLElement("IsTruncated", page.next == nil ? "false" : "true")
                XMLElement.optional("EncodingType", text.encoding)
                contents(page, text, owner: owner)
            }
        )
    }

    func listObjectVersions(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let text = try ListingText(request)
        let marker = request.parameter("key-marker") ?? ""
        let versionMarker = request.parameter("version-id-marker") ?? ""
        let version = VersionID(versionMarker)
        guard version != nil || versionMarker.isEmpty else {
            throw ServiceError.invalidArgument(
                "Invalid version id specified",
                name: "version-id-marker",
                value: versionMarker
            )
        }
        guard versionMarker.isEmpty || !marker.isEmpty else {
            throw ServiceError.invalidArgument(
                "A version-id marker cannot be specified without a key marker.",
                name: "version-id-marker",
                value: versionMarker
            )
        }
        let query = try listQuery(request, after: marker)
        let page = try await store.versions(of: bucket, query, after: version)
        return .document(
            XMLElement("ListVersionsResult") {
                XMLElement("Name", bucket.name)
                text.element("Prefix", query.prefix)
                text.element("KeyMarker", marker)
                XMLElement("VersionIdMarker", versionMarker)
                text.element("NextKeyMarker", page.next?.key)
                XMLElement.optional("NextVersionIdMarker", page.next?.version)
                XMLElement.number("MaxKeys", query.limit)
                text.element("Delimiter", query.delimiter)
                XMLElement("IsTruncated", page.next == nil ? "false" : "true")
                XMLElement.optional("EncodingType", text.encoding)
                for entry in page.entries { versionElement(entry, text, owner: .owner(bucket.account)) }
                for prefix in page.commonPrefixes {
                    XMLElement("CommonPrefixes", children: [text.element("Prefix", prefix)])
                }
            }
        )
    }

    private func versionElement(_ entry: VersionEntry, _ text: ListingText, owner: XMLElement) -> XMLElement {
        switch entry {
        case .object(let record):
            XMLElement("Version") {
                text.element("Key", record.key.description)
                XMLElement("VersionId", record.version.description)
                XMLElement("IsLatest", record.isLatest ? "true" : "false")
                facts(of: record)
                owner
            }
        case .deleteMarker(let marker):
            XMLElement("DeleteMarker") {
                text.element("Key", marker.key.description)
                XMLElement("VersionId", marker.version.description)
                XMLElement("IsLatest", marker.isLatest ? "true" : "false")
                XMLElement.time("LastModified", marker.modified)
                owner
            }
        }
    }

    /// The parameters that all listings share.
    ///
    /// More than 1,000 entries are asked for in vain, as in S3.
    private func listQuery(_ request: S3Request, after marker: String?) throws(ServiceError) -> ListQuery {
        let delimiter = request.parameter("delimiter")
        // An ordered listing will do for whoever needs no order; but such clients expect this refusal.
        if request.parameter("allow-unordered") == "true", delimiter?.isEmpty == false {
            throw .invalidArgument(
                "A delimiter cannot be specified with an unordered listing.",
                name: "allow-unordered",
                value: "true"
            )
        }
        return ListQuery(
            prefix: request.parameter("prefix") ?? "",
            delimiter: delimiter == "" ? nil : delimiter,
            startAfter: marker == "" ? nil : marker,
            limit: min(try request.number("max-keys", in: 0...Int(Int32.max)) ?? 1000, 1000)
        )
    }

    @XMLElementsBuilder
    private func contents(_ page: ListPage, _ text: ListingText, owner: XMLElement?) -> [XMLElement] {
        for record in page.objects {
            XMLElement("Contents") {
                text.element("Key", record.key.description)
                facts(of: record)
                owner
            }
        }
        commonPrefixes(page, text)
    }

    @XMLElementsBuilder private func facts(of record: ObjectRecord) -> [XMLElement] {
        XMLElement.time("LastModified", record.modified)
        XMLElement.eTag(record.eTag)
        XMLElement.optional("ChecksumAlgorithm", record.checksum?.algorithm.rawValue)
        XMLElement.optional("ChecksumType", record.checksum?.form.rawValue)
        XMLElement.number("Size", record.size)
        XMLElement("StorageClass", record.headers.storageClass ?? "STANDARD")
    }

    @XMLElementsBuilder private func commonPrefixes(_ page: ListPage, _ text: ListingText) -> [XMLElement] {
        for prefix in page.commonPrefixes {
            XMLElement("CommonPrefixes", children: [text.element("Prefix", prefix)])
        }
    }
}
