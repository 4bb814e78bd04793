package import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
package import Resources

/// S3 over HTTP, path style, at an address that may change while the client lives.
///
/// Attempts that fail because nobody answers, or with a status of 500 and above, are repeated until `patience` is over.
package struct S3Client: ObjectReader, ObjectWriter {
    private let http: HTTPClient
    private let endpoint: @Sendable () -> String?
    private let sign: Signing
    private let patience: Duration
    private let renew: Renewal

    /// Headers to add to a request (method, target as sent, value of `Host`) so that it counts as the job's.
    package typealias Signing =
        @Sendable (_ method: String, _ target: String, _ host: String) async throws -> [(
            name: String, value: String
        )]

    /// Told that a signature is of another time than the server's, with the server's `Date` if it says one: brings clock
    /// and credentials up to date.
    package typealias Renewal = @Sendable (_ date: String?) async -> Void

    /// Codes of refusals that end when clock and credentials are right, and how often in a row that is believed.
    private static let renewable: Set = ["ExpiredToken", "RequestTimeTooSkewed"]
    private static let mostRenewals = 3

    /// Largest body of a single PUT, in bytes (S3's limit is 5 GiB).
    private static let largestPut = 4 << 30
    private static let partSize = 512 << 20

    /// - Parameters:
    ///   - http: Makes the calls; shut down by its owner.
    ///   - endpoint: The address now, such as `http://127.0.0.1:8080` or `http+unix://%2Fsocket`; `nil` while it is unknown.
    ///   - patience: How long a transfer may be repeated.
    ///   - sign: See `Signing`.
    ///   - renew: See `Renewal`.
    package init(
        http: HTTPClient,
        endpoint: @escaping @Sendable () -> String?,
        patience: Duration,
        sign: @escaping Signing,
        renew: @escaping Renewal
    ) {
        self.http = http
        self.endpoint = endpoint
        self.patience = patience
        self.sign = sign
        self.renew = renew
    }

    @discardableResult
    package func write(_ path: String, to location: S3Location) async throws(ObjectAccessError) -> Int {
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw .file("Cannot read \(path): \(lastError()).") }
        let size = facts.st_size
        if size > Self.largestPut {
            try await writeInParts(path, size: size, to: location)
        } else {
            _ = try await attempt(location, "PUT", query: "", body: FileChunks(path: path, range: 0..<size)) {
                _ in ""
            }
        }
        return size
    }

    private func writeInParts(
        _ path: String,
        size: Int,
        to location: S3Location
    ) async throws(ObjectAccessError) {
        let started = try await attempt(location, "POST", query: "?uploads=", body: nil) {
            try await Self.text($0)
        }
        guard let upload = Self.element("UploadId", in: started) else {
            throw .refused(location: location, status: 200, code: "MalformedReply", message: "No UploadId.")
        }
        var parts = "<CompleteMultipartUpload>"
        for (number, offset) in stride(from: 0, to: size, by: Self.partSize).enumerated() {
            let range = offset..<min(size, offset + Self.partSize)
            let tag = try await attempt(
                location,
                "PUT",
                query: "?partNumber=\(number + 1)&uploadId=\(Self.encode(upload, keepingSlash: false))",
                body: FileChunks(path: path, range: range)
            ) { $0.headers.first(name: "ETag") ?? "" }
            parts += "<Part><PartNumber>\(number + 1)</PartNumber><ETag>\(tag)</ETag></Part>"
        }
        parts += "</CompleteMultipartUpload>"
        let reply = try await attempt(
            location,
            "POST",
            query: "?uploadId=\(Self.encode(upload, keepingSlash: false))",
            body: nil,
            text: parts
        ) { try await Self.text($0) }
        if let code = Self.element("Code", in: reply) {
            throw .refused(
                location: location,
                status: 200,
                code: code,
                message: Self.element("Message", in: reply) ?? ""
            )
        }
    }

    /// Performs one request until it succeeds, is refused, or patience ends.
    ///
    /// - Parameters:
    ///   - location: What it is about.
    ///   - method: In upper case.
    ///   - query: With its question mark.
    ///   - body: What is sent from a file.
    ///   - text: What is sent otherwise.
    ///   - headers: To add, asked for before every attempt.
    ///   - reached: How far all attempts have come together; patience begins anew when it grows. A stream may last longer
    ///     than nobody answers.
    ///   - receive: Takes a reply that is no refusal.
    /// - Returns: What `receive` made of the reply.
    /// - Throws: `ObjectAccessError`.
    func attempt(
        _ location: S3Location,
        _ method: String,
        query: String,
        body: FileChunks?,
        text: String? = nil,
        headers: () -> [(name: String, value: String)] = { [] },
        reached: () -> Int = { 0 },
        _ receive: (HTTPClientResponse) async throws -> String
    ) async throws(ObjectAccessError) -> String {
        var deadline = ContinuousClock.now + patience
        var pause = Duration.milliseconds(50)
        var (renewals, place) = (0, reached())
        while true {
            let reason: String
            do {
                return try await once(
                    location,
                    method,
                    query: query,
                    body: body,
                    text: text,
                    headers: headers(),
                    receive
                )
            } catch let untimely as Untimely where renewals < Self.mostRenewals {
                renewals += 1
                await renew(untimely.date)
                reason = "\(untimely.refusal)"
            } catch let untimely as Untimely {
                throw untimely.refusal
            } catch let error as ObjectAccessError {
                guard case .unreachable(_, let text) = error else { throw error }
                reason = text
            } catch is CancellationError {
                throw .cancelled
            } catch {
                reason = "\(error)"
            }
            if reached() > place {
                place = reached()
                deadline = .now + patience
                pause = .milliseconds(50)
                renewals = 0
            }
            guard ContinuousClock.now < deadline else {
                throw .unreachable(location: location, reason: reason)
            }
            do { try await Task.sleep(for: pause) } catch { throw .cancelled }
            pause = min(pause * 2, .seconds(5))
        }
    }

    private func once(
        _ location: S3Location,
        _ method: String,
        query: String,
        body: FileChunks?,
        text: String?,
        headers: [(name: String, value: String)],
        _ receive: (HTTPClientResponse) async throws -> String
    ) async throws -> String {
        guard let endpoint = endpoint() else {
            throw ObjectAccessError.unreachable(location: location, reason: "its address is unknown")
        }
        let target = "/\(location.bucket)/\(Self.encode(location.key, keepingSlash: true))\(query)"
        // The address of a socket has no host.
        let host =
            endpoint.hasPrefix("http+unix:")
            ? "localhost" : String(endpoint.drop { $0 != "/" }.drop { $0 == "/" })
        var request = HTTPClientRequest(url: endpoint + target)
        request.method = .RAW(value: method)
        request.headers.add(name: "Host", value: host)
        for header in try await sign(method, target, host) {
            request.headers.add(name: header.name, value: header.value)
        }
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        if let body { request.body = .stream(body, length: .known(Int64(body.range.count))) }
        if let text { request.body = .bytes(ByteBuffer(string: text)) }
        let response = try await http.execute(request, timeout: .hours(24))
        let status = Int(response.status.code)
        guard !(200..<300).contains(status) else { return try await receive(response) }
        let reply = try await Self.text(response)
        guard status < 500, status != 408, status != 429 else {
            throw ObjectAccessError.unreachable(location: location, reason: "HTTP status \(status)")
        }
        let code = Self.element("Code", in: reply) ?? ""
        let refusal = ObjectAccessError.refused(
            location: location,
            status: status,
            code: code,
            message: Self.element("Message", in: reply) ?? ""
        )
        guard !Self.renewable.contains(code) else {
            throw Untimely(refusal: refusal, date: response.headers.first(name: "Date"))
        }
        throw refusal
    }

    /// A refusal because of the time.
    private struct Untimely: Error {
        let refusal: ObjectAccessError
        /// What the server says that it is.
        let date: String?
    }

    private static func text(_ response: HTTPClientResponse) async throws -> String {
        String(buffer: try await response.body.collect(upTo: 1 << 20))
    }

    /// Text of the first element of that name; entities stay as they are.
    private static func element(_ name: String, in document: String) -> String? {
        guard let start = document.firstRange(of: "<\(name)>")?.upperBound,
            let end = document[start...].firstRange(of: "</\(name)>")?.lowerBound
        else { return nil }
        return String(document[start..<end])
    }

    /// Percent-encodes as SigV4 wants it: all but unreserved characters, upper-case digits.
    private static func encode(_ text: String, keepingSlash: Bool) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where keepingSlash: result += "/"
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}

/// The text of `errno`.
private func lastError() -> String { String(cString: strerror(errno)) }
