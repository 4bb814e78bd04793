import AWSWire
import Resources
import SageMakerAPI
import Store

/// Names and ARNs of log groups.
enum LogNames {
    /// Writers send it back and nobody looks at it any more; old clients insist on having one.
    static let sequenceToken = "49039859615832213543562320000000000000000000000000000000"

    /// `arn:<partition>:logs:<region>:<account>:log-group:<name>`.
    static func arn(ofGroup name: String, in scope: Scope) -> String {
        "arn:\(scope.region.partition):logs:\(scope.region):\(scope.account):log-group:\(name)"
    }

    /// The group that a request names, by its name or by an identifier, which is a name or an ARN.
    ///
    /// - Throws: `InvalidParameterException` if it names none or two.
    static func group(_ name: String?, _ identifier: String?) throws(ServiceError) -> String {
        switch (name, identifier) {
        case (let name?, nil):
            return name
        case (nil, let identifier?):
            guard identifier.hasPrefix("arn:") else { return identifier }
            let parts = identifier.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count >= 7, parts[5] == "log-group" else {
                throw CloudWatchLogs.Failure.invalidParameter("Invalid logGroupIdentifier: \(identifier)")
            }
            return String(parts[6])
        case (nil, nil), (.some, .some):
            throw CloudWatchLogs.Failure.invalidParameter(
                "Exactly one of logGroupName and logGroupIdentifier must be given."
            )
        }
    }
}

/// What the database's errors are to a client.
enum LogErrors {
    /// Runs `body` and says what went wrong in the service's words.
    static func translated<Value>(_ body: () async throws -> Value) async throws(ServiceError) -> Value {
        do {
            return try await body()
        } catch let error as ServiceError {
            throw error
        } catch LogDatabaseError.groupMissing {
            throw CloudWatchLogs.Failure.resourceNotFound("The specified log group does not exist.")
        } catch LogDatabaseError.streamMissing {
            throw CloudWatchLogs.Failure.resourceNotFound("The specified log stream does not exist.")
        } catch LogDatabaseError.groupExists {
            throw CloudWatchLogs.Failure.resourceAlreadyExists("The specified log group already exists")
        } catch LogDatabaseError.streamExists {
            throw CloudWatchLogs.Failure.resourceAlreadyExists("The specified log stream already exists")
        } catch {
            throw .internalFailure("The logs cannot be read or written: \(error)")
        }
    }
}
