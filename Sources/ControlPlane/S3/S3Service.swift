import AWSWire
package import Gateway
package import HTTPServing
package import ObjectStore
import Resources

/// S3 over the object store: turns verified calls into what the store knows, and the outcome into replies.
///
/// One file per family of operations extends it: buckets, listings, reading, writing, copying, deleting, multipart
/// uploads, and the sub-resources that clients probe.
package struct S3Service: RawService {
    let store: ObjectStore
    let gatekeeper: Gatekeeper

    package init(store: ObjectStore, gatekeeper: Gatekeeper) {
        self.store = store
        self.gatekeeper = gatekeeper
    }

    package func respond(to call: VerifiedCall) async throws -> ServerResponse {
        do {
            return try await admit(try S3Request(call))
        } catch let error as ObjectStoreError {
            throw error.serviceError
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
        let noted = accesses.first ?? Access("s3:DeleteObject", on: S3Names.object(request.bucketName, "*"))
        do {
            try gatekeeper.check(accesses, by: caller, envelope: .s3)
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
            try gatekeeper.check([listing], by: request.call.caller, envelope: .s3)
            throw ObjectStoreError.noSuchKey(key)
        }
    }

    private func answer(_ operation: S3Operation, _ request: S3Request) async throws -> ServerResponse {
        switch operation {
        case .listBuckets: try listBuckets(request)
        case .createBucket: try await createBucket(request)
        case .headBucket: try headBucket(request)
        case .deleteBucket: try await deleteBucket(request)
        case .bucketConfiguration(let part): try bucketConfiguration(part, request)
        case .deleteBucketConfiguration: try deleteBucketConfiguration(request)
        case .listObjects: try await listObjects(request)
        case .listObjectsV2: try await listObjectsV2(request)
        case .listObjectVersions: try await listObjectVersions(request)
        case .listMultipartUploads: try await listMultipartUploads(request)
        case .deleteObjects: try await deleteObjects(request)
        case .getObject, .headObject: try await readUnlessHidden(request)
        case .putObject: try await putObject(request)
        case .copyObject: try await copyObject(request)
        case .deleteObject: try await deleteObject(request)
        case .getObjectACL: try await objectACL(request)
        case .getObjectAttributes: try await objectAttributes(request)
        case .getObjectTagging: try await objectTagging(request)
        case .putObjectTagging: try await putObjectTagging(request)
        case .deleteObjectTagging: try await deleteObjectTagging(request)
        case .createMultipartUpload: try await createMultipartUpload(request)
        case .uploadPart: try await uploadPart(request)
        case .uploadPartCopy: try await uploadPartCopy(request)
        case .listParts: try await listParts(request)
        case .completeMultipartUpload: try await completeMultipartUpload(request)
        case .abortMultipartUpload: try await abortMultipartUpload(request)
        }
    }

    /// The bucket of a request, which must belong to the caller and to the account that the request expects.
    func bucket(_ request: S3Request) throws -> Bucket {
        try bucket(request.bucketName, request, expectedOwner: "x-amz-expected-bucket-owner")
    }

    /// A bucket that the caller may use.
    func bucket(_ name: String, _ request: S3Request, expectedOwner header: String) throws -> Bucket {
        let bucket = try store.bucket(name)
        guard bucket.account == request.account else { throw ServiceError.accessDenied }
        if let expected = request.header(header), expected != bucket.account.description {
            throw ServiceError.accessDenied
        }
        return bucket
    }
}
