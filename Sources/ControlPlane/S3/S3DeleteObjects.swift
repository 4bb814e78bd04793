import AWSWire
import Foundation
import Gateway
import HTTPServing
import HTTPTypes
import ObjectStore

/// DeleteObject and DeleteObjects.
extension S3Service {
    /// Objects of one request, and bytes that naming them may take.
    private static let deletionLimit = (objects: 1000, bytes: 4 << 20)

    func deleteObject(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        var deletion = Deletion(
            try request.key,
            version: try request.version,
            if: try WriteCondition(request)
        )
        if let text = request.header("x-amz-if-match-size") { deletion.size = Int(text) }
        deletion.modified = request.header("x-amz-if-match-last-modified-time").flatMap(HTTPDate.parse)
        deletion.bypassesGovernance = await bypassesGovernance(
            request,
            S3Names.object(bucket.name, request.keyName)
        )
        let outcome = try await store.delete([deletion], in: bucket)[0].get()
        var headers = HTTPFields()
        headers.set("x-amz-version-id", outcome.version?.description)
        if outcome.isMarker { headers.set("x-amz-delete-marker", "true") }
        return .empty(.noContent, headers: headers)
    }

    /// Whether the caller asks to overrule retentions in governance mode, and may.
    private func bypassesGovernance(_ request: S3Request, _ resource: String) async -> Bool {
        guard request.header("x-amz-bypass-governance-retention")?.lowercased() == "true" else {
            return false
        }
        return await isAllowed(Access("s3:BypassGovernanceRetention", on: resource), request)
    }

    /// Whether a caller may, without an error.
    func isAllowed(_ access: Access, _ request: S3Request) async -> Bool {
        do {
            try await authorize(access, request)
            return true
        } catch {
            return false
        }
    }

    func deleteObjects(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        let document = try await request.document("Delete", limit: Self.deletionLimit.bytes)
        let objects = document.children(named: "Object")
        guard (1...Self.deletionLimit.objects).contains(objects.count) else {
            throw ServiceError.malformedXML
        }
        let isQuiet = document["Quiet"]?.text.lowercased() == "true"
        var deletions: [Deletion] = []
        var results: [XMLElement] = []
        for object in objects {
            guard let text = object["Key"]?.text else { throw ServiceError.malformedXML }
            let version = (object["VersionId"]?.text).flatMap { $0.isEmpty ? nil : $0 }
            do {
                var deletion = try deletable(text, version, object)
                let resource = S3Names.object(bucket.name, text)
                let action = version == nil ? "s3:DeleteObject" : "s3:DeleteObjectVersion"
                try await authorize(
                    Access(action, on: resource, context: S3Operation.context(request)),
                    request
                )
                deletion.bypassesGovernance = await bypassesGovernance(request, resource)
                deletions.append(deletion)
            } catch let error as ServiceError {
                RequestNotes.current?.noteDeletion(text, version, error: error.code)
                results.append(Self.failure(text, version, error))
            }
        }
        let outcomes = try await store.delete(deletions, in: bucket)
        for (deletion, outcome) in zip(deletions, outcomes) {
            let key = deletion.key.description
            switch outcome {
            case .failure(let error):
                let code = error.serviceError.code
                RequestNotes.current?.noteDeletion(key, deletion.version?.description, error: code)
                results.append(Self.failure(key, deletion.version?.description, error.serviceError))
            case .success(let outcome):
                RequestNotes.current?.noteDeletion(key, outcome.version?.description, error: nil)
                guard !isQuiet else { continue }
                results.append(Self.success(key, deletion, outcome))
            }
        }
        return .document(XMLElement("DeleteResult", children: results))
    }

    private static func success(
        _ key: String,
        _ deletion: Deletion,
        _ outcome: DeletionOutcome
    ) -> XMLElement {
        XMLElement("Deleted") {
            XMLElement("Key", key)
            XMLElement.optional("VersionId", deletion.version?.description)
            if outcome.isMarker {
                XMLElement("DeleteMarker", "true")
                XMLElement.optional("DeleteMarkerVersionId", outcome.version?.description)
            }
        }
    }

    private static func failure(_ key: String, _ version: String?, _ error: ServiceError) -> XMLElement {
        XMLElement("Error") {
            XMLElement("Key", key)
            XMLElement.optional("VersionId", version)
            XMLElement("Code", error.code)
            XMLElement("Message", error.message)
        }
    }

    /// What one entry asks for.
    private func deletable(
        _ text: String,
        _ version: String?,
        _ object: XMLElement
    ) throws(ServiceError) -> Deletion {
        var named: VersionID?
        if let version {
            guard let parsed = VersionID(version) else {
                throw ServiceError(
                    "NoSuchVersion",
                    "The specified version does not exist.",
                    status: 404
                )
            }
            named = parsed
        }
        let key: ObjectKey
        do { key = try ObjectKey(text) } catch { throw error.serviceError }
        var deletion = Deletion(key, version: named)
        if let eTag = object["ETag"]?.text { deletion.condition = .matches(Preconditions.eTags(eTag)) }
        deletion.size = object["Size"].flatMap { Int($0.text) }
        deletion.modified = object["LastModifiedTime"].flatMap { HTTPDate.parse($0.text) }
        return deletion
    }
}
