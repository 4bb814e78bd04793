import AWSWire
import Foundation
import HTTPServing
import HTTPTypes
import ObjectStore

/// What can be asked about an object beside its bytes: access, tags, attributes.
extension S3Service {
    func objectACL(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        try checkVersion(request)
        _ = try await store.head(request.key, in: bucket)
        return .document(.fullControl(of: bucket.account))
    }

    func objectTagging(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        try checkVersion(request)
        let tags = try await store.head(request.key, in: bucket).headers.tags
        return .document(
            XMLElement("Tagging") {
                XMLElement("TagSet") {
                    for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
                        XMLElement("Tag", children: [XMLElement("Key", name), XMLElement("Value", value)])
                    }
                }
            }
        )
    }

    func putObjectTagging(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        try checkVersion(request)
        let document = try await request.document("Tagging", limit: 64 << 10)
        guard let set = document["TagSet"] else { throw ServiceError.malformedXML }
        var tags: [String: String] = [:]
        for tag in set.children(named: "Tag") {
            guard let name = tag["Key"]?.text, let value = tag["Value"]?.text else {
                throw ServiceError.malformedXML
            }
            guard tags.updateValue(value, forKey: name) == nil else {
                throw ServiceError("InvalidTag", "Cannot provide multiple Tags with the same key")
            }
        }
        try ObjectHeaders.check(tags: tags)
        try await store.setTags(tags, of: request.key, in: bucket)
        return .empty()
    }

    func deleteObjectTagging(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        try checkVersion(request)
        try await store.setTags([:], of: request.key, in: bucket)
        return .empty(.noContent)
    }

    func objectAttributes(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        try checkVersion(request)
        let asked = Set(
            (request.header("x-amz-object-attributes") ?? "").split(separator: ",")
                .map { $0.trimmingCharacters(in: .whitespaces) }
        )
        let known: Set = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"]
        guard !asked.isEmpty, asked.isSubset(of: known) else {
            throw ServiceError.invalidArgument(
                "Invalid attribute name specified.",
                name: "x-amz-object-attributes",
                value: asked.sorted().joined(separator: ",")
            )
        }
        let record = try await store.head(request.key, in: bucket)
        var headers = HTTPFields()
        headers.set("Last-Modified", HTTPDate.text(record.modified))
        return .document(
            XMLElement("GetObjectAttributesResponse") {
                if asked.contains("ETag") { XMLElement("ETag", record.eTag) }
                if asked.contains("Checksum"), let checksum = record.checksum {
                    XMLElement("Checksum", children: checksumElements(checksum))
                }
                if asked.contains("ObjectParts"), let parts = record.parts {
                    XMLElement("ObjectParts", children: [XMLElement.number("PartsCount", parts.count)])
                }
                if asked.contains("StorageClass") {
                    XMLElement("StorageClass", record.headers.storageClass ?? "STANDARD")
                }
                if asked.contains("ObjectSize") { XMLElement.number("ObjectSize", record.size) }
            },
            headers: headers
        )
    }
}
