import AWSWire
import Foundation
import Gateway
import HTTPServing
import ObjectStore

/// Retention and legal hold.
extension S3Service {
    private static let noLock = ServiceError(
        "InvalidRequest",
        "Bucket is missing Object Lock Configuration"
    )

    func objectRetention(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        guard bucket.hasObjectLock else { throw Self.noLock }
        let record = try await store.head(request.key, version: request.version, in: bucket)
        guard let retention = record.headers.retention else { throw ServiceError.noLockOfObject }
        return .document(
            XMLElement("Retention") {
                XMLElement("Mode", retention.mode.rawValue)
                XMLElement.time("RetainUntilDate", retention.until)
            }
        )
    }

    func putObjectRetention(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        guard bucket.hasObjectLock else { throw Self.noLock }
        let document = try await request.document("Retention", limit: 64 << 10)
        let wanted: ObjectRetention?
        if document.children.isEmpty {
            wanted = nil
        } else {
            guard let mode = (document["Mode"]?.text).flatMap(ObjectRetention.Mode.init),
                let until = (document["RetainUntilDate"]?.text).flatMap(Self.date)
            else { throw ServiceError.malformedXML }
            wanted = ObjectRetention(mode: mode, until: until)
        }
        let now = now()
        if let wanted, wanted.until <= now {
            throw ServiceError.invalidArgument(
                "The retain until date must be in the future!",
                name: "RetainUntilDate",
                value: CivilTime(wanted.until).iso8601
            )
        }
        let resource = S3Names.object(bucket.name, request.keyName)
        var bypasses = request.header("x-amz-bypass-governance-retention")?.lowercased() == "true"
        if bypasses {
            bypasses = await isAllowed(Access("s3:BypassGovernanceRetention", on: resource), request)
        }
        let mayShorten = bypasses
        let record = try await store.change(request.key, version: request.version, in: bucket) { headers in
            if let present = headers.retention, present.until > now {
                let isLonger =
                    wanted.map { $0.until >= present.until && $0.mode == present.mode } ?? false
                guard isLonger || (present.mode == .governance && mayShorten) else {
                    throw ObjectStoreError.locked(try request.key)
                }
            }
            headers.retention = wanted
        }
        return .empty(headers: versionHeaders(record))
    }

    func objectLegalHold(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        guard bucket.hasObjectLock else { throw Self.noLock }
        let record = try await store.head(request.key, version: request.version, in: bucket)
        guard let isHeld = record.headers.isHeld else { throw ServiceError.noLockOfObject }
        return .document(XMLElement("LegalHold", children: [XMLElement("Status", isHeld ? "ON" : "OFF")]))
    }

    func putObjectLegalHold(_ request: S3Request) async throws -> ServerResponse {
        let bucket = try bucket(request)
        guard bucket.hasObjectLock else { throw Self.noLock }
        let document = try await request.document("LegalHold", limit: 64 << 10)
        guard let status = document["Status"]?.text, ["ON", "OFF"].contains(status) else {
            throw ServiceError.malformedXML
        }
        let record = try await store.change(request.key, version: request.version, in: bucket) { headers in
            headers.isHeld = status == "ON"
        }
        return .empty(headers: versionHeaders(record))
    }

    /// Gives a new version the lock that the request or the bucket asks for.
    func lock(_ headers: inout ObjectHeaders, _ request: S3Request, in bucket: Bucket) throws {
        let mode = request.header("x-amz-object-lock-mode")
        let until = request.header("x-amz-object-lock-retain-until-date")
        let hold = request.header("x-amz-object-lock-legal-hold")
        guard mode != nil || until != nil || hold != nil else {
            headers.retention = bucket.defaultRetention?.retention(from: now())
            return
        }
        guard bucket.hasObjectLock else { throw Self.noLock }
        if let hold {
            guard ["ON", "OFF"].contains(hold) else {
                throw ServiceError.invalidArgument(
                    "Legal Hold must be either of 'ON' or 'OFF'",
                    name: "x-amz-object-lock-legal-hold",
                    value: hold
                )
            }
            headers.isHeld = hold == "ON"
        }
        guard mode != nil || until != nil else {
            headers.retention = bucket.defaultRetention?.retention(from: now())
            return
        }
        guard let mode, let until else {
            throw ServiceError.invalidArgument(
                "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
                name: mode == nil ? "x-amz-object-lock-mode" : "x-amz-object-lock-retain-until-date",
                value: ""
            )
        }
        guard let parsed = ObjectRetention.Mode(rawValue: mode) else {
            throw ServiceError.invalidArgument(
                "Unknown wormMode directive.",
                name: "x-amz-object-lock-mode",
                value: mode
            )
        }
        guard let date = Self.date(until), date > now() else {
            throw ServiceError.invalidArgument(
                "The retain until date must be in the future!",
                name: "x-amz-object-lock-retain-until-date",
                value: until
            )
        }
        headers.retention = ObjectRetention(mode: parsed, until: date)
    }

    private static func date(_ text: String) -> Date? {
        HTTPDate.parse(text) ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
    }
}

extension ServiceError {
    fileprivate static let noLockOfObject = ServiceError(
        "NoSuchObjectLockConfiguration",
        "The specified object does not have a ObjectLock configuration",
        status: 404
    )
}
