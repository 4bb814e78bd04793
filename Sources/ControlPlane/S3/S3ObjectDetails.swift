import AWSWire
import Foundation
import HTTPServing
import HTTPTypes
import ObjectStore

/// What can be asked about an object beside its bytes: access, tags, attributes.
extension S3Service {
    func objectTagging(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let record = try await store.head(request.key, version: request.version, in: bucket)
        return .document(
            XMLElement("Tagging") {
                XMLElement("TagSet") {
                    for (name, value) in record.headers.tags.sorted(by: { $0.key < $1.key }) {
                        XMLElement("Tag", children: [XMLElement("Key", name), XMLElement("Value", value)])
                    }
                }
            },
            headers: versionHeaders(record)
        )
    }

    func putObjectTagging(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let set = try TagSet(try await request.document("Tagging", limit: 64 << 10), limit: 10)
        let record = try await store.change(request.key, version: request.version, in: bucket) {
            $0.tags = set.tags
        }
        return .empty(headers: versionHeaders(record))
    }

    func deleteObjectTagging(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let record = try await store.change(request.key, version: request.version, in: bucket) {
            $0.tags = [:]
        }
        return .empty(.noContent, headers: versionHeaders(record))
    }

    func objectAttributes(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
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
        let record = try await store.head(request.key, version: request.version, in: bucket)
        _ = try cipher(of: record.headers, request)
        let parts = try record.parts.map { try partsElement(request, record, $0) }
        var headers = versionHeaders(record)
        headers.set("Last-Modified", HTTPDate.text(record.modified))
        return .document(
            XMLElement("GetObjectAttributesResponse") {
                if asked.contains("ETag") { XMLElement("ETag", record.eTag) }
                if asked.contains("Checksum"), let checksum = record.checksum {
                    XMLElement("Checksum", children: checksumElements(checksum))
                }
                if asked.contains("ObjectParts") { parts }
                if asked.contains("StorageClass") {
                    XMLElement("StorageClass", record.headers.storageClass ?? "STANDARD")
                }
                if asked.contains("ObjectSize") { XMLElement.number("ObjectSize", record.size) }
            },
            headers: headers
        )
    }

    /// A page of the parts that an object was made of.
    private func partsElement(
        _ request: S3Request,
        _ record: ObjectRecord,
        _ parts: PartSizes
    ) throws -> XMLElement {
        func number(_ name: String, _ standard: Int) throws -> Int {
            guard let text = request.header(name) else { return standard }
            guard let number = Int(text), number >= 0 else {
                throw ServiceError.invalidArgument("\(name) is no number", name: name, value: text)
            }
            return number
        }
        let limit = min(try number("x-amz-max-parts", 1000), 1000)
        let marker = try number("x-amz-part-number-marker", 0)
        let last = min(marker + limit, parts.count)
        return XMLElement("ObjectParts") {
            XMLElement.number("PartNumberMarker", marker)
            XMLElement.number("NextPartNumberMarker", last)
            XMLElement.number("MaxParts", limit)
            XMLElement("IsTruncated", last < parts.count ? "true" : "false")
            XMLElement.number("PartsCount", parts.count)
            if marker < last {
                for number in marker + 1...last {
                    XMLElement("Part") {
                        XMLElement.number("PartNumber", number)
                        XMLElement.number("Size", parts.range(ofPart: number)?.count ?? 0)
                        if let checksum = record.checksum {
                            XMLElement.optional(
                                checksum.algorithm.element,
                                parts.digest(ofPart: number, checksum.algorithm)
                            )
                        }
                    }
                }
            }
        }
    }
}
