package import AWSWire
package import Foundation
package import Gateway
package import HTTPServing
import HTTPTypes
package import ObjectStore
package import Resources

/// S3 over the object store: turns verified calls into what the store knows, and the outcome into replies.
///
/// One file per family of operations extends it: buckets, listings, reading, writing, copying, deleting, multipart
/// uploads, and the sub-resources that clients probe.
package struct S3Service: RawService {
    let store: ObjectStore
    let gatekeeper: Gatekeeper
    let policies = BucketPolicies()
    /// Who there is that an access control list can name.
    let accounts: @Sendable () -> Set<AccountID>
    /// Checks the signatures of forms.
    let forms: (@Sendable (FormClaim, _ requestID: String, _ source: String) -> Result<Caller, ServiceError>)?
    let now: @Sendable () -> Date
    /// What the buckets' access logs tell; without it none is written.
    let logs: AccessLogs?

    /// - Parameters:
    ///   - store: The objects.
    ///   - gatekeeper: Decides by the callers' own policies, and writes down.
    ///   - accounts: Who there is.
    ///   - forms: Checks the signatures of browsers' forms; without it there are no such uploads.
    ///   - now: The clock of retentions and forms.
    ///   - logs: What the buckets' access logs tell; without it none is written.
    package init(
        store: ObjectStore,
        gatekeeper: Gatekeeper,
        accounts: @escaping @Sendable () -> Set<AccountID> = { [.standard] },
        forms: (
            @Sendable (FormClaim, _ requestID: String, _ source: String) -> Result<Caller, ServiceError>
        )? =
            nil,
        now: @escaping @Sendable () -> Date = { Date() },
        logs: AccessLogs? = nil
    ) {
        self.store = store
        self.gatekeeper = gatekeeper
        self.accounts = accounts
        self.forms = forms
        self.now = now
        self.logs = logs
    }

    package func respond(to call: VerifiedCall) async throws -> ServerResponse {
        try await recorded(try S3Request(call)) { try await reply(to: $0) }
    }

    private func reply(to request: S3Request) async throws -> ServerResponse {
        let crossOrigin = crossOriginHeaders(request)
        do {
            var response = try await admit(request)
            for (name, value) in crossOrigin { response.headers.set(name, value) }
            return response
        } catch {
            guard var reported = (error as? ObjectStoreError)?.serviceError ?? error as? ServiceError else {
                throw error
            }
            reported.headers.merge(crossOrigin) { own, _ in own }
            throw reported
        }
    }

    package func operationName(of call: VerifiedCall) -> String? {
        do {
            return try S3Operation.name(S3Request(call))
        } catch {
            // What is wrong with it, `respond` tells the client.
            return nil
        }
    }

    /// Asks whether the caller may, acts, and writes down what was done.
    private func admit(_ request: S3Request) async throws -> ServerResponse {
        let operation = try S3Operation(request)
        let accesses = try operation.accesses(request)
        let caller = request.call.caller
        let fallback = operation == .preflight ? "s3:ListBucket" : "s3:DeleteObject"
        let noted = accesses.first ?? Access(fallback, on: S3Names.object(request.bucketName, "*"))
        do {
            if request.call.caller.isAnonymous, request.hasBucket, request.method != .put || request.hasKey {
                _ = try store.bucket(request.bucketName)
            }
            try await authorize(accesses, request)
            let response = try await answer(operation, request)
            await gatekeeper.note(noted, by: caller, outcome: nil, parameters: "")
            return response
        } catch {
            let reported = (error as? ObjectStoreError)?.serviceError ?? error as? ServiceError
            await gatekeeper.note(
                noted,
                by: caller,
                outcome: reported ?? .internalFailure("\(error)"),
                parameters: ""
            )
            throw error
        }
    }

    /// Reads an object; that a key is not there is told only to those who may list its bucket, others are refused.
    private func readUnlessHidden(_ request: S3Request) async throws -> ServerResponse {
        do {
            return try await readObject(request)
        } catch ObjectStoreError.noSuchKey(let key) {
            let listing = Access("s3:ListBucket", on: S3Names.bucket(request.bucketName))
            try await authorize(listing, request)
            var error = ObjectStoreError.noSuchKey(key).serviceError
            error.headers["x-amz-delete-marker"] = "false"
            throw error
        }
    }

    private func answer(_ operation: S3Operation, _ request: S3Request) async throws -> ServerResponse {
        switch operation {
        case .listBuckets: try listBuckets(request)
        case .createBucket: try await createBucket(request)
        case .headBucket: try headBucket(request)
        case .deleteBucket: try await deleteBucket(request)
        case .getBucketSetting(let setting): try bucketSetting(setting, request)
        case .putBucketSetting(let setting): try await putBucketSetting(setting, request)
        case .deleteBucketSetting(let setting): try await deleteBucketSetting(setting, request)
        case .listObjects: try await listObjects(request)
        case .listObjectsV2: try await listObjectsV2(request)
        case .listObjectVersions: try await listObjectVersions(request)
        case .listMultipartUploads: try await listMultipartUploads(request)
        case .deleteObjects: try await deleteObjects(request)
        case .postObject: try await postObject(request)
        case .getObject, .headObject: try await readUnlessHidden(request)
        case .putObject: try await putObject(request)
        case .copyObject: try await copyObject(request)
        case .deleteObject: try await deleteObject(request)
        case .getObjectACL: try await objectACL(request)
        case .putObjectACL: try await putObjectACL(request)
        case .getObjectAttributes: try await objectAttributes(request)
        case .getObjectTagging: try await objectTagging(request)
        case .putObjectTagging: try await putObjectTagging(request)
        case .deleteObjectTagging: try await deleteObjectTagging(request)
        case .getObjectRetention: try await objectRetention(request)
        case .putObjectRetention: try await putObjectRetention(request)
        case .getObjectLegalHold: try await objectLegalHold(request)
        case .putObjectLegalHold: try await putObjectLegalHold(request)
        case .createMultipartUpload: try await createMultipartUpload(request)
        case .uploadPart: try await uploadPart(request)
        case .uploadPartCopy: try await uploadPartCopy(request)
        case .listParts: try await listParts(request)
        case .completeMultipartUpload: try await completeMultipartUpload(request)
        case .abortMultipartUpload: try await abortMultipartUpload(request)
        case .preflight: try preflight(request)
        }
    }

    /// The bucket of a request, which must belong to the account that the request expects.
    func bucket(_ request: S3Request) throws -> Bucket {
        try bucket(request.bucketName, request, expectedOwner: "x-amz-expected-bucket-owner")
    }

    /// A bucket that the caller may use.
    func bucket(_ name: String, _ request: S3Request, expectedOwner header: String) throws -> Bucket {
        let bucket = try store.bucket(name)
        if let expected = request.header(header), expected != bucket.account.description {
            throw ServiceError.accessDenied
        }
        return bucket
    }
}
