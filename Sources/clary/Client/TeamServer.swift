import AWSWire
import AsyncHTTPClient
import ControlPlane
import Foundation
import Glibc
import NIOCore
import NIOHTTP1
import TeamAccess

/// A Clary server on another machine, of which nothing is known but its address.
struct TeamServer {
    /// `https://HOST:PORT`.
    let url: String
    private let host: String

    /// Reads the address that a person typed.
    ///
    /// - Throws: `CleanFailure` for one that is not `https://HOST[:PORT]`.
    init(parsing text: String) throws {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            ["", "/"].contains(parts.path), parts.query == nil, parts.user == nil
        else {
            throw CleanFailure(
                message: "\(text) is no address of a server, such as https://clary.example:9000."
            )
        }
        guard parts.scheme?.lowercased() == "https" else {
            throw CleanFailure(
                message: """
                    A login needs https://. Whoever runs the server at \(text) can protect it with `clary serve --tls`.
                    """
            )
        }
        let authority = host.lowercased() + (parts.port.map { ":\($0)" } ?? "")
        url = "https://" + authority
        self.host = authority
    }

    // MARK: Trust

    /// Finds out how the server's certificate is verified.
    ///
    /// - Parameters:
    ///   - file: A PEM file with its authority, if one was given.
    ///   - expected: The fingerprint of Clary's authority, if one was given.
    ///   - approve: Asks a person whether a fingerprint is the right one.
    /// - Returns: A trust with which the server was reached.
    /// - Throws: `CleanFailure` if it cannot be reached or is not believed.
    func trust(
        file: String?,
        expected: Fingerprint?,
        approve: (Fingerprint, _ authority: String) throws -> Void
    ) async throws -> ClientTrust {
        if let file {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw CleanFailure(message: "The file \(file) cannot be read.")
            }
            return try await verified(.authorities(text), source: file)
        }
        if expected == nil, case .reached = await greet(.system) { return .system }
        let authority = try await authorityCertificate()
        guard let fingerprint = try? Fingerprint(ofPEM: authority) else {
            throw CleanFailure(
                message: "\(url) gives something that is no certificate. Is it a Clary server?"
            )
        }
        if let expected {
            guard fingerprint == expected else {
                throw CleanFailure(
                    message: """
                        The server at \(url) has another authority than was expected: its fingerprint is \
                        \(fingerprint). Ask its administrator for the right one (`clary status` shows it); if theirs \
                        is another, somebody stands between you and the server. Nothing was changed.
                        """
                )
            }
        } else {
            try approve(fingerprint, authority)
        }
        return try await verified(.authorities(authority), source: "its authority")
    }

    private enum Greeting {
        case reached
        case failed(any Error)
    }

    private func greet(_ trust: ClientTrust) async -> Greeting {
        do {
            _ = try await exchange(HTTPClientRequest(url: url + "/_clary/healthz"), trust)
            return .reached
        } catch { return .failed(error) }
    }

    private func verified(_ trust: ClientTrust, source: String) async throws -> ClientTrust {
        switch await greet(trust) {
        case .reached: return trust
        case .failed(let error):
            throw CleanFailure(
                message: """
                    The certificate of \(url) does not verify with \(source): \(Self.reason(error)). If the server is \
                    called by a name that its certificate lacks, its administrator adds it: `clary serve --tls-name`.
                    """
            )
        }
    }

    /// The certificate of Clary's own authority, from a server that is not believed yet.
    private func authorityCertificate() async throws -> String {
        let status: Int
        let body: [UInt8]
        do {
            let request = HTTPClientRequest(url: url + PlatformRoutes.authorityPath)
            (status, body) = try await exchange(request, .nobodyYet)
        } catch {
            let hint = URL(string: url)?.port == nil ? " Without a port, 443 is meant." : ""
            throw CleanFailure(message: "Nobody speaks HTTPS at \(url): \(Self.reason(error)).\(hint)")
        }
        guard status == 200 else {
            throw CleanFailure(
                message: """
                    This machine does not trust the certificate of \(url), and it is not of Clary's own authority. \
                    Give the certificate of its authority with --ca-file.
                    """
            )
        }
        return String(decoding: body, as: UTF8.self)
    }

    // MARK: Keys

    /// Asks the server who the owner of a key is.
    ///
    /// - Returns: Their ARN.
    /// - Throws: `CleanFailure` with the server's words if it refuses the key.
    func identity(keyID: String, secret: String, region: String, _ trust: ClientTrust) async throws -> String
    {
        let signer = SigV4Signer(
            credential: SigningCredential(accessKeyID: keyID, secretAccessKey: secret),
            region: region,
            service: "sts"
        )
        let request = signer.request(
            "POST",
            (url, host),
            "/",
            headers: [("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array("Action=GetCallerIdentity&Version=2011-06-15".utf8)
        )
        let status: Int
        let body: [UInt8]
        do { (status, body) = try await exchange(request, trust) } catch {
            throw CleanFailure(message: "The server at \(url) does not answer: \(Self.reason(error)).")
        }
        let document = String(decoding: body, as: UTF8.self)
        guard status == 200, let arn = document.firstMatch(of: /<Arn>([^<]+)<\/Arn>/)?.1 else {
            let words = document.firstMatch(of: /<Message>([^<]+)<\/Message>/).map { String($0.1) }
            throw CleanFailure(
                message: """
                    The server at \(url) refuses this key, and nothing was changed: \(words ?? "HTTP status \(status)")
                    """
            )
        }
        return String(arn)
    }

    // MARK: HTTP

    private func exchange(
        _ request: HTTPClientRequest,
        _ trust: ClientTrust
    ) async throws -> (status: Int, body: [UInt8]) {
        var configuration = HTTPClient.Configuration(tlsConfiguration: try trust.configuration())
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result: Result<(status: Int, body: [UInt8]), any Error>
        do {
            let reply = try await http.execute(request, timeout: .seconds(30))
            let body = try await reply.body.collect(upTo: 1 << 20)
            result = .success((Int(reply.status.code), Array(body.readableBytesView)))
        } catch { result = .failure(error) }
        try await http.shutdown()
        return try result.get()
    }

    private static func reason(_ error: any Error) -> String {
        let text = "\(error)"
        if text.contains("failedToValidateHostname") { return "it is for other names" }
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "it is of another authority, or not valid now"
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return "the server there speaks plain HTTP"
        }
        if text.contains("UnknownHost") { return "there is no host of that name" }
        if (error as? HTTPClientError) == .connectTimeout { return "no answer in 10 seconds" }
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        return text
    }
}
