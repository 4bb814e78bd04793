import AWSWire
import Gateway
import HTTPServing
import ObjectStore

/// DeleteObjects.
extension S3Service {
    /// Objects of one request, and bytes that naming them may take.
    private static let deletionLimit = (objects: 1000, bytes: 4 << 20)

    func deleteObjects(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let document = try await request.document("Delete", limit: Self.deletionLimit.bytes)
        let objects = document.children(named: "Object")
        guard (1...Self.deletionLimit.objects).contains(objects.count) else {
            throw ServiceError.malformedXML
        }
        let isQuiet = document["Quiet"]?.text.lowercased() == "true"
        var keys: [ObjectKey] = []
        var results: [XMLElement] = []
        for object in objects {
            guard let text = object["Key"]?.text else { throw ServiceError.malformedXML }
            do {
                let key = try deletable(text, object)
                let access = Access("s3:DeleteObject", on: S3Names.object(bucket.name, text))
                try gatekeeper.check([access], by: request.call.caller, envelope: .s3)
                keys.append(key)
                if !isQuiet { results.append(XMLElement("Deleted", children: [XMLElement("Key", text)])) }
            } catch {
                results.append(
                    XMLElement(
                        "Error",
                        children: [
                            XMLElement("Key", text), XMLElement("Code", error.code),
                            XMLElement("Message", error.message),
                        ]
                    )
                )
            }
        }
        try await store.delete(keys, in: bucket)
        return .document(XMLElement("DeleteResult", children: results))
    }

    /// One entry's key, if the entry asks for what there is.
    private func deletable(_ text: String, _ object: XMLElement) throws(ServiceError) -> ObjectKey {
        for name in ["ETag", "LastModifiedTime", "Size"] where object[name] != nil {
            throw .notImplemented("\(name) of an entry of DeleteObjects")
        }
        if let version = object["VersionId"]?.text, !version.isEmpty { try Self.checkVersion(version) }
        do { return try ObjectKey(text) } catch { throw error.serviceError }
    }
}
