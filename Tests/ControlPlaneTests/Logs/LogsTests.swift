import AWSWire
import ControlPlane
import Foundation
import Gateway
import NIOCore
import Resources
import Store
import Testing

/// The service over a database in a folder that goes away with it.
private final class TemporaryLogs: Sendable {
    let folder: URL
    let database: LogDatabase
    private let service: TypedService

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try LogDatabase(file: folder.appending(path: "logs.sqlite").path)
        service = LogsService.make(database: database)
    }

    deinit {
        // A folder that stays behind in the temporary directory fails no test.
        try? FileManager.default.removeItem(at: folder)
    }

    let scope = Scope(account: .standard, region: .standard)

    /// The reply to a call.
    func call(_ operation: String, _ document: String) async throws -> Reply {
        let caller = Caller(
            accessKeyID: "k",
            scope: scope,
            principalARN: "arn:aws:sts::000000000000:assumed-role/R/s",
            requestID: "r"
        )
        let reply = try await service.answer(
            operation,
            document: ByteBuffer(string: document),
            caller: caller,
            gatekeeper: OpenDoor.gatekeeper
        )
        return try JSONDecoder().decode(Reply.self, from: Data(reply.readableBytesView))
    }

    /// The code and message of a refused call.
    func failure(_ operation: String, _ document: String) async throws -> String? {
        do {
            _ = try await call(operation, document)
            return nil
        } catch let error as ServiceError {
            return "\(error.code): \(error.message)"
        }
    }

    /// The members that the tests look at.
    struct Reply: Decodable {
        var events: [Event]?
        var nextForwardToken: String?
        var nextBackwardToken: String?
        var nextToken: String?
        var nextSequenceToken: String?
        var logGroups: [Group]?
        var logStreams: [Stream]?
        var rejectedLogEventsInfo: [String: Int]?

        struct Event: Decodable {
            var timestamp: Int?
            var message: String
            var logStreamName: String?
            var eventId: String?
        }

        struct Group: Decodable {
            var logGroupName: String
            var arn: String
        }

        struct Stream: Decodable {
            var logStreamName: String
            var firstEventTimestamp: Int?
            var arn: String
        }
    }
}

@Suite struct LogsTests {
    @Test func `a client writes events and reads them back`() async throws {
        let logs = try TemporaryLogs()
        _ = try await logs.call("CreateLogGroup", #"{"logGroupName": "g"}"#)
        _ = try await logs.call("CreateLogStream", #"{"logGroupName": "g", "logStreamName": "s"}"#)
        let now = Int(Date.now.timeIntervalSince1970 * 1000)
        let put = try await logs.call(
            "PutLogEvents",
            """
            {"logGroupName": "g", "logStreamName": "s", "logEvents": [
                {"timestamp": \(now - 20 * 86_400_000), "message": "old"}]}
            """
        )
        #expect(put.rejectedLogEventsInfo == ["tooOldLogEventEndIndex": 1])
        let second = try await logs.call(
            "PutLogEvents",
            """
            {"logGroupName": "g", "logStreamName": "s", "logEvents": [
                {"timestamp": \(now), "message": "a"}, {"timestamp": \(now + 1), "message": "b"},
                {"timestamp": \(now + 8_000_000), "message": "future"}]}
            """
        )
        #expect(second.nextSequenceToken != nil)
        #expect(second.rejectedLogEventsInfo == ["tooNewLogEventStartIndex": 2])
        let read = try await logs.call("GetLogEvents", #"{"logGroupName": "g", "logStreamName": "s"}"#)
        #expect(read.events?.map(\.message) == ["a", "b"])
        let groups = try await logs.call("DescribeLogGroups", #"{"logGroupNamePrefix": "g"}"#)
        #expect(groups.logGroups?.map(\.arn) == ["arn:aws:logs:us-east-1:000000000000:log-group:g:*"])
    }

    @Test func `the forward token of the end yields what arrives later`() async throws {
        let logs = try TemporaryLogs()
        func append(_ times: [Int]) async throws {
            try await logs.database.append(
                group: "g",
                stream: "s",
                scope: logs.scope,
                lines: times.map { LogRecord(timeMS: $0, message: "\($0)") },
                nowMS: 1
            )
        }
        func read(_ token: String?) async throws -> TemporaryLogs.Reply {
            let more = token.map { #", "nextToken": "\#($0)""# } ?? ""
            return try await logs.call(
                "GetLogEvents",
                #"{"logGroupName": "g", "logStreamName": "s", "startFromHead": true, "limit": 2\#(more)}"#
            )
        }
        try await append([])
        let empty = try await read(nil)
        #expect(empty.events?.isEmpty == true)
        try await append([1, 2, 3])
        let first = try await read(empty.nextForwardToken)
        #expect(first.events?.map(\.message) == ["1", "2"])
        let second = try await read(first.nextForwardToken)
        #expect(second.events?.map(\.message) == ["3"])
        let end = try await read(second.nextForwardToken)
        #expect(end.events?.isEmpty == true)
        #expect(end.nextForwardToken == second.nextForwardToken)
        try await append([4])
        let later = try await read(end.nextForwardToken)
        #expect(later.events?.map(\.message) == ["4"])
        let back = try await read(end.nextBackwardToken)
        #expect(back.events?.map(\.message) == ["2", "3"])
    }

    @Test func `a job's streams are found by prefix, page by page`() async throws {
        let logs = try TemporaryLogs()
        for number in 1...3 {
            try await logs.database.append(
                group: "/aws/sagemaker/TrainingJobs",
                stream: "job/algo-\(number)-1",
                scope: logs.scope,
                lines: [LogRecord(timeMS: number, message: "m")],
                nowMS: 1
            )
        }
        let query =
            #""logGroupName": "/aws/sagemaker/TrainingJobs", "logStreamNamePrefix": "job/", "limit": 2"#
        let first = try await logs.call("DescribeLogStreams", "{\(query)}")
        #expect(first.logStreams?.map(\.logStreamName) == ["job/algo-1-1", "job/algo-2-1"])
        #expect(first.logStreams?.first?.firstEventTimestamp == 1)
        let token = try #require(first.nextToken)
        let second = try await logs.call("DescribeLogStreams", #"{\#(query), "nextToken": "\#(token)"}"#)
        #expect(second.logStreams?.map(\.logStreamName) == ["job/algo-3-1"])
        #expect(second.nextToken == nil)
    }

    @Test func `a search takes terms, phrases and a group's ARN`() async throws {
        let logs = try TemporaryLogs()
        let messages = ["ERROR disk full", "ERROR net", "WARN disk full", "ok"]
        try await logs.database.append(
            group: "g",
            stream: "s",
            scope: logs.scope,
            lines: messages.enumerated().map { LogRecord(timeMS: $0.offset, message: $0.element) },
            nowMS: 1
        )
        func found(_ pattern: String) async throws -> [String] {
            let text = String(decoding: try JSONEncoder().encode(pattern), as: UTF8.self)
            let reply = try await logs.call(
                "FilterLogEvents",
                #"{"logGroupIdentifier": "arn:aws:logs:us-east-1:000000000000:log-group:g", "filterPattern": \#(text)}"#
            )
            #expect(reply.nextToken == nil)
            return reply.events?.map(\.message) ?? []
        }
        #expect(try await found("") == messages)
        #expect(try await found("ERROR") == ["ERROR disk full", "ERROR net"])
        #expect(try await found("error").isEmpty)
        #expect(try await found("full ERROR") == ["ERROR disk full"])
        #expect(try await found("\"disk full\" -WARN") == ["ERROR disk full"])
        #expect(try await found("?net ?WARN") == ["ERROR net", "WARN disk full"])
        #expect(try await found("-ERROR") == ["WARN disk full", "ok"])
    }

    @Test(arguments: [
        (
            "GetLogEvents", #"{"logGroupName": "no", "logStreamName": "s"}"#,
            "ResourceNotFoundException: The specified log group does not exist."
        ),
        (
            "GetLogEvents", #"{"logGroupName": "g", "logStreamName": "no"}"#,
            "ResourceNotFoundException: The specified log stream does not exist."
        ),
        (
            "GetLogEvents", #"{"logGroupName": "g", "logStreamName": "s", "nextToken": "f/1"}"#,
            "InvalidParameterException: The specified nextToken is invalid."
        ),
        (
            "FilterLogEvents", #"{"logGroupName": "no"}"#,
            "ResourceNotFoundException: The specified log group does not exist."
        ),
        (
            "FilterLogEvents", #"{"logGroupName": "g", "filterPattern": "\"open"}"#,
            "InvalidParameterException: Invalid filter pattern"
        ),
        (
            "FilterLogEvents", #"{"logGroupName": "g", "filterPattern": "%a.*%"}"#,
            "InvalidParameterException: Invalid filter pattern"
        ),
        (
            "CreateLogGroup", #"{"logGroupName": "g"}"#,
            "ResourceAlreadyExistsException: The specified log group already exists"
        ),
        (
            "CreateLogStream", #"{"logGroupName": "g", "logStreamName": "s"}"#,
            "ResourceAlreadyExistsException: The specified log stream already exists"
        ),
        (
            "DescribeLogStreams",
            #"{"logGroupName": "g", "logStreamNamePrefix": "s", "orderBy": "LastEventTime"}"#,
            "InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix."
        ),
        (
            "PutLogEvents",
            #"{"logGroupName": "g", "logStreamName": "s", "logEvents": [{"timestamp": 2, "message": "a"}, {"timestamp": 1, "message": "b"}]}"#,
            "InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order."
        ),
    ])
    func `a call that cannot be answered says why`(
        operation: String,
        document: String,
        failure: String
    ) async throws {
        let logs = try TemporaryLogs()
        try await logs.database.append(group: "g", stream: "s", scope: logs.scope, lines: [], nowMS: 1)
        #expect(try await logs.failure(operation, document) == failure)
    }

    @Test func `a broken constraint has the service's code`() async throws {
        let logs = try TemporaryLogs()
        let failure = try await logs.failure("CreateLogGroup", #"{"logGroupName": "a b"}"#)
        #expect(
            failure
                == "InvalidParameterException: 1 validation error detected: Value 'a b' at 'logGroupName' failed to "
                + #"satisfy constraint: Member must satisfy regular expression pattern: ^[\.\-_/#A-Za-z0-9]+"#
        )
    }

    @Test func `patterns for JSON are refused with what to use instead`() async throws {
        let logs = try TemporaryLogs()
        try await logs.database.append(group: "g", stream: "s", scope: logs.scope, lines: [], nowMS: 1)
        let failure = try await logs.failure(
            "FilterLogEvents",
            #"{"logGroupName": "g", "filterPattern": "{ $.x = 1 }"}"#
        )
        #expect(failure?.hasPrefix("InvalidParameterException: Filter patterns for JSON") == true)
    }
}
