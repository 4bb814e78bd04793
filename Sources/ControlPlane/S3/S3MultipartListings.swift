import AWSWire
import HTTPServing
import ObjectStore

/// ListParts and ListMultipartUploads.
extension S3Service {
    func listParts(_ request: S3Request) async throws -> ServerResponse {
        let (bucket, upload) = try await upload(request)
        let text = try ListingText(request)
        let limit = min(try request.number("max-parts", in: 0...Int(Int32.max)) ?? 1000, 1000)
        let marker = try request.number("part-number-marker", in: 0...Int(Int32.max)) ?? 0
        let found = try await store.parts(of: upload, after: marker, limit: limit + 1)
        let parts = found.prefix(limit)
        return .document(
            XMLElement("ListPartsResult") {
                XMLElement("Bucket", bucket.name)
                text.element("Key", upload.key.description)
                XMLElement("UploadId", upload.id)
                owner(of: upload, bucket, "Initiator")
                owner(of: upload, bucket, "Owner")
                XMLElement("StorageClass", upload.headers.storageClass ?? "STANDARD")
                XMLElement.optional("ChecksumAlgorithm", upload.algorithm?.rawValue)
                XMLElement.optional("ChecksumType", upload.form?.rawValue)
                XMLElement.number("PartNumberMarker", marker)
                XMLElement.number("NextPartNumberMarker", parts.last?.number ?? 0)
                XMLElement.number("MaxParts", limit)
                XMLElement("IsTruncated", found.count > limit ? "true" : "false")
                XMLElement.optional("EncodingType", text.encoding)
                for part in parts {
                    XMLElement("Part") {
                        XMLElement.number("PartNumber", part.number)
                        XMLElement.time("LastModified", part.modified)
                        XMLElement.eTag(part.eTag)
                        if let checksum = part.checksum {
                            XMLElement(checksum.algorithm.element, checksum.value)
                        }
                        XMLElement.number("Size", part.size)
                    }
                }
            }
        )
    }

    /// Whoever will own the object; it is they who began the upload, unless all objects are the bucket owner's.
    private func owner(of upload: MultipartUpload, _ bucket: Bucket, _ name: String) -> XMLElement {
        let id = upload.headers.owner ?? bucket.account.canonicalID
        return XMLElement(name) {
            XMLElement("ID", id)
            XMLElement.optional("DisplayName", accountNames[id])
        }
    }

    func listMultipartUploads(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let text = try ListingText(request)
        let delimiter = request.parameter("delimiter")
        let keyMarker = request.parameter("key-marker") ?? ""
        // S3 reads the id's marker only beside a key's.
        let idMarker = keyMarker.isEmpty ? "" : request.parameter("upload-id-marker") ?? ""
        let query = ListQuery(
            prefix: request.parameter("prefix") ?? "",
            delimiter: delimiter == "" ? nil : delimiter,
            startAfter: keyMarker.isEmpty ? nil : keyMarker,
            limit: min(try request.number("max-uploads", in: 0...Int(Int32.max)) ?? 1000, 1000)
        )
        let page = try await store.uploads(of: bucket, query, idMarker: idMarker.isEmpty ? nil : idMarker)
        return .document(
            XMLElement("ListMultipartUploadsResult") {
                XMLElement("Bucket", bucket.name)
                text.element("KeyMarker", keyMarker)
                XMLElement("UploadIdMarker", idMarker)
                text.element("NextKeyMarker", page.next?.key)
                XMLElement.optional("NextUploadIdMarker", page.next?.id)
                text.element("Prefix", query.prefix)
                text.element("Delimiter", query.delimiter)
                XMLElement.number("MaxUploads", query.limit)
                XMLElement("IsTruncated", page.next == nil ? "false" : "true")
                XMLElement.optional("EncodingType", text.encoding)
                for upload in page.uploads {
                    XMLElement("Upload") {
                        text.element("Key", upload.key.description)
                        XMLElement("UploadId", upload.id)
                        owner(of: upload, bucket, "Initiator")
                        owner(of: upload, bucket, "Owner")
                        XMLElement("StorageClass", upload.headers.storageClass ?? "STANDARD")
                        XMLElement.time("Initiated", upload.created)
                        XMLElement.optional("ChecksumAlgorithm", upload.algorithm?.rawValue)
                        XMLElement.optional("ChecksumType", upload.form?.rawValue)
                    }
                }
                for prefix in page.commonPrefixes {
                    XMLElement("CommonPrefixes", children: [text.element("Prefix", prefix)])
                }
            }
        )
    }
}
