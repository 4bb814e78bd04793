import AWSWire
import ArgumentParser
import AsyncHTTPClient
import ControlPlane
import Foundation
import Glibc
import NIOCore
import Reports

/// `clary invoke`: one request to an endpoint.
struct InvokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke",
        abstract: "Send one request to an endpoint and print the model's answer.",
        discussion: """
            Signs and sends an InvokeEndpoint call. The answer's body goes to standard output as it is (on a terminal with a \
            line's end behind it); an error of the model goes to standard error, and the exit code is 1. The content \
            type is told from the file's name (.csv, .json, .jsonl, .libsvm, .txt) and is text/csv otherwise.

            Examples:
              clary invoke my-endpoint --body rows.csv
              echo 0.5,1.7,3 | clary invoke my-endpoint
              clary invoke my-endpoint --body rows.csv --accept application/json --variant AllTraffic
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(name: .shortAndLong, help: "File with the request's body; - is standard input.")
    var body = "-"

    @Option(name: .customLong("content-type"), help: "What the body is, such as text/csv.")
    var contentType: String?

    @Option(help: "What the answer is to be, such as application/json.")
    var accept: String?

    @Option(help: "The production variant that is to answer; the weights decide otherwise.")
    var variant: String?

    @Option(help: "The region the endpoint is in; needed only where several regions have that name.")
    var region: String?

    @Argument(help: "Name of the endpoint.")
    var endpoint: String

    func run() async throws {
        let client = try ServerClient(dataDirectory)
        let region = try await place(client)
        var headers = [("content-type", contentType ?? Self.contentType(of: body))]
        if let accept { headers.append(("accept", accept)) }
        if let variant { headers.append(("x-amzn-sagemaker-target-variant", variant)) }
        do {
            let reply = try await client.send(
                "POST",
                "/endpoints/\(PercentEncoding.encode(endpoint))/invocations",
                service: "sagemaker",
                region: region,
                headers: headers,
                body: try input()
            )
            var last: UInt8?
            for try await chunk in reply.body {
                try FileHandle.standardOutput.write(contentsOf: Data(chunk.readableBytesView))
                last = chunk.readableBytesView.last ?? last
            }
            // A prompt begins on a line of its own; a file or pipe gets the bytes that there are.
            if let last, last != UInt8(ascii: "\n"), Screen.width != nil { print("") }
        } catch let refusal as ServerRefusal {
            guard let model = refusal.model else { throw refusal }
            let said = model.status == 0 ? "gave no answer" : "answered with HTTP status \(model.status)"
            Screen.note("The model of endpoint \(endpoint) \(said): \(model.message)")
            Screen.note("More may be in its log: clary logs --endpoint \(endpoint)")
            throw ExitCode.failure
        }
    }

    private func place(_ client: ServerClient) async throws -> String {
        if let region { return region }
        let regions = try await client.endpoints(named: endpoint).map(\.region)
        guard let first = regions.first else {
            throw CleanFailure(
                message: "There is no endpoint '\(endpoint)'. `clary endpoints` lists what there is."
            )
        }
        guard regions.count == 1 else {
            throw CleanFailure(
                message:
                    "There is an endpoint '\(endpoint)' in \(regions.joined(separator: ", ")). Say which with --region."
            )
        }
        return first
    }

    private func input() throws -> [UInt8] {
        if body == "-" {
            if isatty(STDIN_FILENO) == 1 { Screen.note("Type the request's body and end it with Ctrl-D.") }
            return try Array(FileHandle.standardInput.readToEnd() ?? Data())
        }
        do {
            return try Array(Data(contentsOf: URL(filePath: body)))
        } catch {
            throw CleanFailure(
                message: "The file \(body) cannot be read: \((error as NSError).localizedDescription)"
            )
        }
    }

    private static func contentType(of file: String) -> String {
        switch URL(filePath: file).pathExtension.lowercased() {
        case "json": "application/json"
        case "jsonl": "application/jsonlines"
        case "libsvm", "svm": "text/libsvm"
        case "txt": "text/plain"
        default: "text/csv"
        }
    }
}
