import AWSWire
import Foundation
import Gateway
import HTTPTypes
import NIOCore

/// The fields of a form that stand before its file.
struct MultipartForm {
    /// By name in lower case.
    var fields: [String: String] = [:]
    /// What the file is called on the sender's machine.
    var fileName: String?

    subscript(name: String) -> String? { fields[name] }
}

/// Reads `multipart/form-data` (RFC 7578) as it comes: the fields first, then the file, whose bytes are never held together.
struct MultipartFormReader {
    private var source: PayloadStream.Iterator
    private let boundary: [UInt8]
    private var buffer: [UInt8] = []
    private var isAtEnd = false
    private var fileIsOver = false

    /// Bytes of all fields together.
    private static let fieldLimit = 1 << 20

    init(_ request: S3Request) throws {
        let type = request.call.head.headerFields[.contentType] ?? ""
        guard type.lowercased().hasPrefix("multipart/form-data"),
            let range = type.range(of: "boundary=", options: .caseInsensitive)
        else {
            throw ServiceError(
                "PreconditionFailed",
                "Bucket POST must be of the enclosure-type multipart/form-data",
                status: 412
            )
        }
        let text = type[range.upperBound...].prefix { $0 != ";" }.trimmingCharacters(
            in: CharacterSet(charactersIn: "\" ")
        )
        boundary = Array("\r\n--\(text)".utf8)
        source = request.call.body.makeAsyncIterator()
        // The first boundary has no line before it.
        buffer = Array("\r\n".utf8)
    }

    private static let malformed = ServiceError(
        "MalformedPOSTRequest",
        "The body of your POST request is not well-formed multipart/form-data."
    )

    private mutating func fill() async throws {
        guard let chunk = try await source.next() else {
            isAtEnd = true
            return
        }
        buffer += chunk.readableBytesView
    }

    /// Everything before the file.
    mutating func readFields() async throws -> MultipartForm {
        var form = MultipartForm()
        var size = 0
        // What stands before the first boundary is nothing.
        _ = try await upTo(boundary)
        while true {
            let ending = try await upTo(Array("\r\n".utf8))
            guard !ending.starts(with: Array("--".utf8)) else {
                throw ServiceError.invalidArgument(
                    "POST requires exactly one file upload per request.",
                    name: "file",
                    value: "0"
                )
            }
            // A part's head ends with an empty line, and may be nothing but that.
            var head: [UInt8] = []
            while true {
                let line = try await upTo(Array("\r\n".utf8))
                if line.isEmpty { break }
                head += line + Array("\n".utf8)
                guard head.count < 16 << 10 else { throw Self.malformed }
            }
            let (name, fileName) = Self.names(String(decoding: head, as: UTF8.self))
            guard let name else { throw Self.malformed }
            if name.lowercased() == "file" {
                form.fileName = fileName.map {
                    String($0.split(whereSeparator: { "/\\".contains($0) }).last ?? "")
                }
                return form
            }
            let value = try await upTo(boundary)
            size += value.count
            guard size <= Self.fieldLimit else {
                throw ServiceError(
                    "MaxPostPreDataLengthExceeded",
                    "Your POST request fields preceding the upload file were too large."
                )
            }
            form.fields[name.lowercased()] = String(decoding: value, as: UTF8.self)
        }
    }

    /// The bytes before a mark, which is taken away too.
    private mutating func upTo(_ mark: [UInt8]) async throws -> [UInt8] {
        var searched = 0
        while true {
            if let range = Self.find(mark, in: buffer, from: searched) {
                let found = Array(buffer[..<range])
                buffer.removeFirst(range + mark.count)
                return found
            }
            searched = max(0, buffer.count - mark.count)
            guard !isAtEnd, buffer.count <= 2 * Self.fieldLimit else { throw Self.malformed }
            try await fill()
        }
    }

    /// The next bytes of the file; `nil` after its last.
    mutating func nextOfFile() async throws -> ByteBuffer? {
        guard !fileIsOver else { return nil }
        while true {
            if let end = Self.find(boundary, in: buffer, from: 0) {
                fileIsOver = true
                let last = ByteBuffer(bytes: buffer[..<end])
                // What comes after the file is not looked at, but it is read.
                while !isAtEnd {
                    buffer = []
                    try await fill()
                }
                return last
            }
            // A boundary may have begun at the end.
            if buffer.count > boundary.count + (64 << 10) || (isAtEnd && !buffer.isEmpty) {
                guard !isAtEnd else { throw Self.malformed }
                let count = buffer.count - boundary.count
                let piece = ByteBuffer(bytes: buffer[..<count])
                buffer.removeFirst(count)
                return piece
            }
            guard !isAtEnd else { throw Self.malformed }
            try await fill()
        }
    }

    private static func find(_ mark: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        var index = start
        while index + mark.count <= bytes.count {
            guard let next = bytes[index...].firstIndex(of: mark[0]), next + mark.count <= bytes.count else {
                return nil
            }
            if bytes[next..<next + mark.count].elementsEqual(mark) { return next }
            index = next + 1
        }
        return nil
    }

    /// `name` and `filename` of a part's `Content-Disposition`.
    private static func names(_ head: String) -> (name: String?, file: String?) {
        for line in head.split(separator: "\n") where line.lowercased().hasPrefix("content-disposition:") {
            func value(_ key: String) -> String? {
                guard let match = line.firstMatch(of: /(?i)[;\s](name|filename)="?([^";]*)"?/) else {
                    return nil
                }
                if match.1.lowercased() == key { return String(match.2) }
                for other in line.matches(of: /(?i)[;\s](name|filename)="?([^";]*)"?/)
                where other.1.lowercased() == key {
                    return String(other.2)
                }
                return nil
            }
            return (value("name"), value("filename"))
        }
        return (nil, nil)
    }
}
