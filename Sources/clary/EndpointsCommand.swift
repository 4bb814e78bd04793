import ArgumentParser
import ControlPlane
import Foundation
import Reports

/// `clary endpoints`: the endpoints of every account and region.
struct EndpointsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "endpoints",
        abstract: "List endpoints: their variants, instances and failures.",
        discussion: """
            One line for each production variant, of every account and region. INSTANCES says how many answer of how \
            many there should be; a variant that is being started and takes no calls yet is marked with +. NOTE has the \
            sentence of a FailureReason that says most; `clary endpoints NAME` and --json have the whole.

            Examples:
              clary endpoints
              clary endpoints my-endpoint       # with the whole FailureReason
              clary endpoints --json | jq '.[].variants[].currentCount'
            """
    )

    @OptionGroup var dataDirectory: DataDirectoryOption

    @Option(help: "Show only endpoints of this region.")
    var region: String?

    @Flag(help: "Print a JSON array.")
    var json = false

    @Argument(help: "Show only endpoints of this name, with their whole FailureReason.")
    var name: String?

    func run() async throws {
        let endpoints = try await ServerClient(dataDirectory).endpoints(named: name)
            .filter { region == nil || $0.region == region }
        if json { return try Screen.showJSON(endpoints) }
        guard !endpoints.isEmpty else {
            return Screen.note(name.map { "There is no endpoint '\($0)'." } ?? "There are no endpoints.")
        }
        var table = Table([
            .init("NAME"), .init("STATUS"), .init("SINCE", hiding: 4), .init("VARIANT", hiding: 1),
            .init("INSTANCES", hiding: 2), .init("WEIGHT", .right, hiding: 5), .init("LIMIT", hiding: 7),
            .init("REGION", hiding: 6), .init("NOTE", least: 16, hiding: 3),
        ])
        let hasRegions = Set(endpoints.map(\.region)).count > 1
        for endpoint in endpoints {
            let note = endpoint.failureReason.map(Headline.of) ?? endpoint.queue?.words ?? ""
            let cells = [endpoint.name, endpoint.status, Screen.time(endpoint.since)]
            let end = [hasRegions ? endpoint.region : "", note]
            if endpoint.variants.isEmpty { table.add(cells + ["", "", "", ""] + end) }
            for variant in endpoint.variants { table.add(cells + Self.cells(variant) + end) }
        }
        Screen.show(table)
        if name != nil { Screen.explain(endpoints.compactMap(\.failureReason)) }
    }

    private static func cells(_ variant: EndpointReport.Variant) -> [String] {
        [
            (variant.isIncoming ? "+" : "") + variant.name,
            "\(variant.currentCount)/\(variant.desiredCount) × \(variant.instanceType)",
            Units.number(variant.weight), Screen.clamping(variant.limit, variant.offered),
        ]
    }
}
