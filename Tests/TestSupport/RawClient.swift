package import HTTPServing
package import NIOCore
import NIOPosix

/// A client that sends exactly the bytes it is told to and sees exactly what comes back.
package struct RawClient {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    package let channel: any Channel
    /// Received and not yet looked at.
    private var received = ByteBuffer()

    /// Opens a connection for the time of `body`.
    package static func connect<Result>(
        to address: BoundAddress,
        body: (inout RawClient) async throws -> Result
    ) async throws -> Result {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
        let target =
            switch address {
            case .tcp(let host, let port): try SocketAddress(ipAddress: host, port: port)
            case .unix(let path): try SocketAddress(unixDomainSocketPath: path)
            }
        let connection = try await bootstrap.connect(to: target) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, Never>(wrappingChannelSynchronously: channel)
            }
        }
        return try await connection.executeThenClose { inbound, _ in
            var client = RawClient(
                inbound: inbound.makeAsyncIterator(),
                channel: connection.channel
            )
            return try await body(&client)
        }
    }

    /// Sends a text as it stands.
    package func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }

    /// Sends bytes; returns when they are with the system.
    package func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

    /// What one reply carried.
    package struct Reply {
        package let status: Int
        /// Names in lower case.
        package let headers: [String: String]
        package let body: String
    }

    /// The next reply of the connection; `nil` if it ended instead.
    package mutating func reply(toHead: Bool = false) async throws -> Reply? {
        guard let head = try await take(through: "\r\n\r\n") else { return nil }
        let lines = head.split(separator: "\r\n")
        let status =
            lines.first.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            headers[line[..<colon].lowercased()] = line[colon...].dropFirst().trimmingSpaces()
        }
        var body = ""
        if !toHead, let length = headers["content-length"].flatMap({ Int($0) }) {
            body = try await take(count: length) ?? "(cut short)"
        } else if !toHead, headers["transfer-encoding"] == "chunked" {
            while let size = try await take(through: "\r\n").flatMap({ Int($0.trimmingSpaces(), radix: 16) })
            {
                body += try await take(count: size) ?? "(cut short)"
                _ = try await take(through: "\r\n")
                if size == 0 { break }
            }
        }
        return Reply(status: status, headers: headers, body: body)
    }

    /// Whether the server has ended the connection and nothing is left to read.
    package mutating func isAtEnd() async throws -> Bool {
        guard received.readableBytes == 0 else { return false }
        do {
            return try await inbound.next(isolation: #isolation) == nil
        } catch is IOError {
            // Reset: it was closed while bytes of ours were on their way.
            return true
        }
    }

    /// The next piece as it comes; `nil` at the end.
    package mutating func piece() async throws -> ByteBuffer? {
        if received.readableBytes > 0 {
            defer { received.clear() }
            return received
        }
        return try await inbound.next(isolation: #isolation)
    }

    private mutating func take(through mark: String) async throws -> String? {
        while true {
            let text = String(buffer: received)
            if let range = text.firstRange(of: mark) {
                let taken = text[..<range.upperBound]
                received.moveReaderIndex(forwardBy: taken.utf8.count)
                return String(taken)
            }
            guard var more = try await inbound.next(isolation: #isolation) else { return nil }
            received.writeBuffer(&more)
        }
    }

    private mutating func take(count: Int) async throws -> String? {
        while received.readableBytes < count {
            guard var more = try await inbound.next(isolation: #isolation) else { return nil }
            received.writeBuffer(&more)
        }
        return received.readString(length: count)
    }
}

extension StringProtocol {
    fileprivate func trimmingSpaces() -> String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
