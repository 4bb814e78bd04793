import AgentProtocol
import CLinux
import Foundation
import Glibc

/// Gives the container the credentials of its role, fresh ones whenever it asks: the container credentials provider of the
/// AWS SDKs (`AWS_CONTAINER_CREDENTIALS_FULL_URI`).
///
/// It answers one caller after the other, so that a container can hold up nobody but itself.
struct CredentialsServer: Sendable {
    /// Closed by the end of the process.
    private let listener: Int32
    private let token: String
    private let credentials: JobCredentials

    private static let patienceMS: Int32 = 1000
    private static let longestHead = 8192

    /// Listens in `directory`, which is made and shown to the container.
    ///
    /// - Throws: `SystemError` if the disk refuses.
    init(directory: String, credentials: JobCredentials) throws(SystemError) {
        try SandboxLayout.makeDirectory(directory)
        let path = "\(directory)/\(ContainerGateway.credentialsSocketName)"
        listener = try check(clx_unix_listen(path, Int32(SOCK_STREAM.rawValue), 64), "listen at \(path)")
        self.credentials = credentials
        var generator = SystemRandomNumberGenerator()
        token = (0..<4).map { _ in String(generator.next(), radix: 36) }.joined()
    }

    /// What tells the SDKs in the container where to ask.
    var environment: [String: String] {
        [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI":
                "http://127.0.0.1:\(ContainerGateway.credentialsPort)/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": token,
        ]
    }

    /// Answers from now on, on a thread of its own.
    func start() {
        Thread.detachNewThread { [self] in
            while case let client = clx_accept(listener), client >= 0 {
                answer(Descriptor(owning: client))
            }
        }
    }

    private func answer(_ client: consuming Descriptor) {
        guard let head = readHead(client.number) else { return }
        let reply: (status: String, body: Data)
        switch judge(head) {
        case .granted: reply = ("200 OK", document(credentials.latest))
        case .refused(let status):
            reply = (status, Data("{\"code\": \"\(status)\", \"message\": \"\(status)\"}".utf8))
        }
        let text = """
            HTTP/1.1 \(reply.status)\r
            Content-Type: application/json\r
            Content-Length: \(reply.body.count)\r
            Connection: close\r
            \r\n
            """
        let bytes = Array(text.utf8) + reply.body
        _ = clx_send(client.number, bytes, bytes.count, nil, 0)
    }

    private enum Verdict {
        case granted
        case refused(String)
    }

    private func judge(_ head: String) -> Verdict {
        let lines = head.split(separator: "\r\n")
        guard let request = lines.first, request.hasPrefix("GET /credentials ") else {
            return .refused("404 Not Found")
        }
        let given = lines.dropFirst().first { $0.lowercased().hasPrefix("authorization:") }
            .map { $0.dropFirst("authorization:".count).trimmingCharacters(in: .whitespaces) }
        return given == token ? .granted : .refused("401 Unauthorized")
    }

    private func readHead(_ client: Int32) -> String? {
        var bytes: [UInt8] = []
        while bytes.count < Self.longestHead {
            var chunk = [UInt8](repeating: 0, count: 1024)
            guard clx_wait_readable(client, Self.patienceMS) > 0 else { return nil }
            let length = read(client, &chunk, chunk.count)
            guard length > 0 else { return nil }
            bytes += chunk.prefix(length)
            let text = String(decoding: bytes, as: UTF8.self)
            if text.contains("\r\n\r\n") { return text }
        }
        return nil
    }

    private func document(_ credentials: SessionCredentials) -> Data {
        let fields = [
            "AccessKeyId": credentials.accessKeyID,
            "SecretAccessKey": credentials.secretAccessKey,
            "Token": credentials.sessionToken,
            "Expiration": Date(timeIntervalSince1970: credentials.expiration).ISO8601Format(),
        ]
        return (try? JSONEncoder().encode(fields)) ?? Data("{}".utf8)
    }
}
