import AWSWire
import Foundation
import Resources
import SageMakerAPI
package import Store

/// A change of a job's or an endpoint's status as EventBridge tells it: `SageMaker Training Job State Change` and
/// `SageMaker Endpoint State Change`; and in the same form, with a source of our own, `Stored Object Damaged`.
package struct StateChange: Sendable {
    /// Number of the change in the history: larger than that of every earlier one.
    package let number: Int
    /// The JSON document.
    package let document: [UInt8]

    /// Reads a change from the state; `nil` for resources whose changes nobody is told.
    ///
    /// - Parameters:
    ///   - number: Its number in the history.
    ///   - event: What the history says.
    ///   - transaction: Where the resource is looked up; one that was deleted since is told by its ARN and status.
    /// - Throws: What the database says.
    package init?(number: Int, event: StatusEvent, in transaction: StateTransaction) throws {
        // arn:aws:sagemaker:us-east-1:000000000000:training-job/name
        let parts = event.arn.split(separator: ":", maxSplits: 5).map(String.init)
        guard parts.count == 6, let region = Region(parts[3]), let account = AccountID(parts[4]) else {
            return nil
        }
        let resource = parts[5].split(separator: "/", maxSplits: 1).map(String.init)
        guard resource.count == 2 else { return nil }
        let scope = Scope(account: account, region: region)
        var (source, resources) = ("aws.sagemaker", [event.arn])
        let kind: String
        let detail: [UInt8]
        switch resource[0] {
        case TrainingJobRecord.kind:
            kind = "SageMaker Training Job State Change"
            detail = try JSONCodec.encode(Self.trainingJob(resource[1], event, scope, transaction))
        case EndpointRecord.kind:
            kind = "SageMaker Endpoint State Change"
            detail = try JSONCodec.encode(Self.endpoint(resource[1], event, scope, transaction))
        case DamageHistory.kind where event.status == DamageHistory.damaged:
            kind = "Stored Object Damaged"
            (source, resources) = ("clary.s3", ["arn:aws:s3:::\(resource[1])"])
            detail = try JSONCodec.encode(DamagedObject(resource[1], event.message))
        default: return nil
        }
        self.number = number
        let envelope = Envelope(
            id: Self.identifier(number, event),
            detailType: kind,
            source: source,
            account: account.description,
            time: Date(timeIntervalSince1970: event.time).ISO8601Format(),
            region: region.description,
            resources: resources
        )
        let head = try JSONCodec.encode(envelope)
        document = head.dropLast() + Array(",\"detail\":".utf8) + detail + [UInt8(ascii: "}")]
    }

    private struct Envelope: Encodable {
        var version = "0"
        let id: String
        let detailType: String
        let source: String
        let account: String
        let time: String
        let region: String
        let resources: [String]

        enum CodingKeys: String, CodingKey {
            case version, id, source, account, time, region, resources
            case detailType = "detail-type"
        }
    }

    /// As EventBridge names objects of S3, and what is wrong.
    private struct DamagedObject: Encodable {
        struct Bucket: Encodable {
            let name: String
        }

        struct Object: Encodable {
            let key: String
        }

        let bucket: Bucket
        let object: Object
        let reason: String

        /// - Parameters:
        ///   - place: `bucket/key`.
        ///   - reason: What is wrong.
        init(_ place: String, _ reason: String) {
            let slash = place.firstIndex(of: "/") ?? place.endIndex
            bucket = Bucket(name: String(place[..<slash]))
            object = Object(key: String(place[slash...].dropFirst()))
            self.reason = reason
        }
    }

    /// A UUID that is the same every time the change is told, so that who hears it twice can know.
    private static func identifier(_ number: Int, _ event: StatusEvent) -> String {
        let text = "\(number) \(event.arn) \(event.time)"
        // Two rounds of FNV-1a with different beginnings make 128 bits.
        let halves = [14_695_981_039_346_656_037, 7_809_847_782_465_536_322].map { (start: UInt64) in
            text.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        }
        let digits = halves.map { half in
            let text = String(half, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
        let cuts = [0, 8, 12, 16, 20, 32]
        return zip(cuts, cuts.dropFirst()).map { String(Array(digits)[$0..<$1]) }.joined(separator: "-")
    }

    private static func trainingJob(
        _ name: String,
        _ event: StatusEvent,
        _ scope: Scope,
        _ transaction: StateTransaction
    ) throws -> SageMaker.DescribeTrainingJobResponse {
        let record = try transaction.resource(TrainingJobRecord.self, named: name, in: scope)
        var detail = record?.description ?? .init(trainingJobName: name, trainingJobArn: event.arn)
        detail.secondaryStatus = event.status
        detail.trainingJobStatus =
            ["Completed", "Failed", "Stopped", "Stopping"].contains(event.status)
            ? event.status : "InProgress"
        if event.status != "Failed" { detail.failureReason = nil }
        return detail
    }

    private static func endpoint(
        _ name: String,
        _ event: StatusEvent,
        _ scope: Scope,
        _ transaction: StateTransaction
    ) throws -> SageMaker.DescribeEndpointOutput {
        let record = try transaction.resource(EndpointRecord.self, named: name, in: scope)
        var detail =
            record.map { record in
                SageMaker.DescribeEndpointOutput(
                    endpointName: name,
                    endpointArn: event.arn,
                    endpointConfigName: record.configName,
                    creationTime: Timestamp(seconds: record.created),
                    lastModifiedTime: Timestamp(seconds: event.time)
                )
            } ?? .init(endpointName: name, endpointArn: event.arn)
        detail.endpointStatus = event.status
        detail.failureReason = event.message.isEmpty ? nil : event.message
        return detail
    }
}
