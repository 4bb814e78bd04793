import AWSWire
import Foundation
import ObjectStore

/// The conditions of RFC 9110 section 13 on an object that is read or copied.
struct Preconditions {
    private let match: [String]?
    private let noneMatch: [String]?
    private let modifiedSince: Date?
    private let unmodifiedSince: Date?

    /// What to do with the object.
    enum Outcome: Equatable {
        case proceed
        /// 304; with a copy 412.
        case notModified
        /// 412.
        ///
        /// - Parameter condition: The header that does not hold.
        case failed(condition: String)
    }

    /// Reads the headers.
    ///
    /// - Parameters:
    ///   - request: Whose headers.
    ///   - prefix: `x-amz-copy-source-` for the source of a copy.
    init(_ request: S3Request, prefix: String = "") {
        match = request.header(prefix + "if-match").map(Self.eTags)
        noneMatch = request.header(prefix + "if-none-match").map(Self.eTags)
        modifiedSince = request.header(prefix + "if-modified-since").flatMap(HTTPDate.parse)
        unmodifiedSince = request.header(prefix + "if-unmodified-since").flatMap(HTTPDate.parse)
    }

    /// Compares with the object; an ETag condition overrules the date condition of the same sense.
    func evaluate(_ record: ObjectRecord) -> Outcome {
        let modified = Date(timeIntervalSince1970: record.modified.timeIntervalSince1970.rounded(.down))
        if let match {
            guard Self.holds(match, record.eTag) else { return .failed(condition: "If-Match") }
        } else if let unmodifiedSince, modified > unmodifiedSince {
            return .failed(condition: "If-Unmodified-Since")
        }
        if let noneMatch {
            if Self.holds(noneMatch, record.eTag) { return .notModified }
        } else if let modifiedSince, modified <= modifiedSince {
            return .notModified
        }
        return .proceed
    }

    /// The ETags of a list, without quotes and weakness marks.
    static func eTags(_ header: String) -> [String] {
        header.split(separator: ",").map { item in
            var item = item.drop { $0 == " " }
            if item.hasPrefix("W/") { item = item.dropFirst(2) }
            return item.trimmingCharacters(in: CharacterSet(charactersIn: "\" \t"))
        }
    }

    private static func holds(_ list: [String], _ eTag: String) -> Bool {
        list.contains(eTag) || list.contains("*")
    }
}

extension WriteCondition {
    /// The condition of a request that writes an object.
    init(_ request: S3Request) throws {
        switch (request.header("if-match"), request.header("if-none-match")) {
        case (nil, nil): self = .none
        case (let match?, nil): self = .matches(Preconditions.eTags(match))
        case (nil, "*"?): self = .absent
        case (nil, let noneMatch?): self = .differs(Preconditions.eTags(noneMatch))
        case (_?, _?): throw ServiceError.notImplemented("If-Match together with If-None-Match")
        }
    }
}
