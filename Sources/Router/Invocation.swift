import HTTPTypes
import NIOCore
import NIOHTTP1

/// One call of an endpoint: chooses who answers, asks, and tries elsewhere as long as nothing was sent.
///
/// Lives on the event loop of its client's connection.
final class Invocation {
    /// A reply for the client.
    struct Reply {
        var status: HTTPResponse.Status
        var headers: HTTPFields
        var body: ByteBuffer
    }

    private let request: RuntimeRequest
    /// Of the call, then of the answer that the next container is asked with.
    private var body: ByteBuffer
    private var contentType: String?
    /// Which of the instance's containers is asked.
    private var position = 0
    private let endpoint: EndpointEntry
    private let variant: VariantEntry
    private let requestID: String
    private let pool: UpstreamPool
    private let limits: InvocationLimits
    private let received: NIODeadline
    private let eventLoop: any EventLoop
    /// Called once, unless `cancel` comes first.
    private var completion: ((Reply) -> Void)?

    private var target: TargetEntry?
    private var tried: [TargetEntry] = []
    private var connection: UpstreamConnection?
    private var sent: NIODeadline?
    private var hasRetriedStale = false
    private var timer: Scheduled<Void>?
    private let receivedBytes: Int

    init(
        _ request: RuntimeRequest,
        body: ByteBuffer,
        endpoint: EndpointEntry,
        variant: VariantEntry,
        requestID: String,
        received: NIODeadline,
        pool: UpstreamPool,
        limits: InvocationLimits,
        eventLoop: any EventLoop,
        completion: @escaping (Reply) -> Void
    ) {
        self.request = request
        self.body = body
        receivedBytes = body.readableBytes
        contentType = request.head.headerFields[.contentType]
        position = Self.firstContainer(variant.flow, request)
        self.endpoint = endpoint
        self.variant = variant
        self.requestID = requestID
        self.received = received
        self.pool = pool
        self.limits = limits
        self.eventLoop = eventLoop
        self.completion = completion
    }

    /// Where the caller wants to begin: the name was checked before.
    private static func firstContainer(_ flow: InferenceFlow, _ request: RuntimeRequest) -> Int {
        guard case .direct(let names) = flow, let name = request.head.headerFields[.targetContainerHostname]
        else { return 0 }
        return names.firstIndex(of: name) ?? 0
    }

    func start() {
        timer = eventLoop.assumeIsolated().scheduleTask(in: limits.answerTime) { self.timedOut() }
        tryNextInstance(after: "it has no healthy instance")
    }

    /// The client went away: the container's connection is freed, nobody is told.
    func cancel() {
        guard completion != nil else { return }
        completion = nil
        connection?.abandon()
        settle()
        variant.tally.add { tally in
            tally.invocations += 1
            tally.modelErrors += 1
        }
    }

    // MARK: Choosing and connecting

    private func tryNextInstance(after reason: String) {
        guard let next = choose() else {
            return finish(.noInstance(of: variant, endpoint: endpoint, reason: reason))
        }
        target = next
        next.begin()
        connect(to: next, fresh: false)
    }

    private func choose() -> TargetEntry? {
        let targets = variant.targets
        if targets.count == 1, tried.isEmpty { return targets[0] }
        let now = NIODeadline.now().uptimeNanoseconds
        let candidates = targets.indices.filter { index in !tried.contains { $0 === targets[index] } }.map {
            Balancing.Candidate(
                index: $0,
                outstanding: targets[$0].outstanding,
                isResting: targets[$0].isResting(at: now)
            )
        }
        return Balancing.instance(
            among: candidates,
            strategy: variant.strategy,
            random: pool.random.unit()
        ).map { targets[$0] }
    }

    private func connect(to target: TargetEntry, fresh: Bool) {
        guard let container = target.container(position) else {
            return finish(.noInstance(of: variant, endpoint: endpoint, reason: "it has no such container"))
        }
        pool.take(container, fresh: fresh) { result in
            switch result {
            case .success(let connection): self.connected(connection)
            case .failure(let failure): self.refused(by: target, failure)
            }
        }
    }

    private func refused(by target: TargetEntry, _ failure: ConnectFailure) {
        target.refused(at: NIODeadline.now().uptimeNanoseconds)
        guard completion != nil else { return }
        // The containers before have done their part: another instance's would do it twice.
        if variant.flow == .serial, position > 0 {
            return finish(.modelBroke(failure.reason, endpoint: endpoint))
        }
        target.end()
        self.target = nil
        tried.append(target)
        tryNextInstance(after: failure.reason)
    }

    // MARK: Asking

    private func connected(_ connection: UpstreamConnection) {
        guard completion != nil else { return pool.giveBack(connection) }
        self.connection = connection
        if sent == nil { sent = .now() }
        connection.send(upstreamHead(), body: body) { result in
            switch result {
            case .success(let answer): self.answered(answer)
            case .failure(let failure): self.broken(failure)
            }
        }
    }

    private func upstreamHead() -> HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.reserveCapacity(8)
        headers.add(name: "host", value: "127.0.0.1:8080")
        headers.add(name: "content-length", value: String(body.readableBytes))
        if let contentType { headers.add(name: HTTPField.Name.contentType.rawName, value: contentType) }
        for name in Self.forwarded {
            if let value = request.head.headerFields[name] { headers.add(name: name.rawName, value: value) }
        }
        return HTTPRequestHead(version: .http1_1, method: .POST, uri: "/invocations", headers: headers)
    }

    /// What of the caller's head reaches the container; everything else, the signature above all, does not.
    private static let forwarded: [HTTPField.Name] = [
        .accept, .customAttributes, .inferenceID, .sessionID,
    ]

    private func broken(_ failure: UpstreamFailure) {
        let wasUsedBefore = connection?.hasServed == true
        connection = nil
        switch failure {
        case .broken(_, answerHadBegun: false) where wasUsedBefore && !hasRetriedStale:
            // The container had closed the kept connection; it has not seen this request.
            hasRetriedStale = true
            if let target { connect(to: target, fresh: true) }
        case .broken(let reason, _): finish(.modelBroke(reason, endpoint: endpoint))
        case .answerTooLarge:
            let reason = "The answer is larger than \(limits.bodyBytes) bytes"
            finish(.modelBroke(reason, endpoint: endpoint))
        }
    }

    private func timedOut() {
        connection?.abandon()
        connection = nil
        finish(.modelTimedOut(endpoint: endpoint))
    }

    // MARK: Answering

    private func answered(_ answer: UpstreamAnswer) {
        if let connection { pool.giveBack(connection) }
        connection = nil
        target?.accepted()
        let status = Int(answer.head.status.code)
        guard (200..<300).contains(status) else {
            return finish(
                .modelAnswered(status: status, body: answer.body, endpoint: endpoint),
                modelStatus: status
            )
        }
        if variant.flow == .serial, let target, target.container(position + 1) != nil {
            position += 1
            body = answer.body
            contentType = answer.head.headers.first(name: "content-type")
            hasRetriedStale = false
            return connect(to: target, fresh: false)
        }
        var headers = HTTPFields()
        headers.reserveCapacity(6)
        for name in Self.returned {
            if let value = answer.head.headers.first(name: name.rawName) { headers[name] = value }
        }
        headers[.invokedVariant] = variant.name
        deliver(Reply(status: .ok, headers: headers, body: answer.body), modelStatus: status)
    }

    /// What of the container's head reaches the caller.
    private static let returned: [HTTPField.Name] = [
        .contentType, .customAttributes, .newSessionID, .closedSessionID,
    ]

    private func finish(_ failure: RuntimeFailure, modelStatus: Int? = nil) {
        deliver(Reply(failure), modelStatus: modelStatus)
    }

    private func deliver(_ reply: Reply, modelStatus: Int?) {
        guard let completion else { return }
        self.completion = nil
        settle()
        let now = NIODeadline.now()
        let model = Double((now - (sent ?? now)).nanoseconds) / 1000
        let total = Double((now - received).nanoseconds) / 1000
        variant.tally.add { tally in
            tally.invocations += 1
            switch modelStatus ?? 0 {
            case 200..<300: break
            case 400..<500: tally.clientErrors += 1
            case 500...: tally.serverErrors += 1
            default: break
            }
            if !(200..<300).contains(modelStatus ?? 0) { tally.modelErrors += 1 }
            tally.modelLatency.add(model)
            tally.overhead.add(max(0, total - model))
            tally.bytesIn += receivedBytes
            tally.bytesOut += reply.body.readableBytes
        }
        completion(reply)
    }

    private func settle() {
        timer?.cancel()
        timer = nil
        target?.end()
        target = nil
        connection = nil
    }
}

extension Invocation.Reply {
    init(_ failure: RuntimeFailure) {
        status = HTTPResponse.Status(code: failure.status)
        headers = [.contentType: "application/json", .errorType: failure.code]
        body = failure.document
    }
}
