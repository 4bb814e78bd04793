import AWSWire
import AgentProtocol
import ControlPlane
import Foundation
import Resources
import SageMakerAPI
import Store
import Testing

@Suite final class FleetPlanTests {
    private let scope = Scope(account: .standard, region: .standard)
    private let folder: URL
    private let database: StateDatabase

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "fleets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        database = try StateDatabase(file: folder.appending(path: "state.sqlite").path)
        let model = ModelRecord(
            scope: scope,
            name: "Boosted",
            created: 1,
            request: .init(modelName: "Boosted", primaryContainer: .init(image: "xgboost:1"))
        )
        try database.commit { try $0.insert(model) }
    }

    deinit {
        // A folder that stays behind in the temporary directory fails no test.
        try? FileManager.default.removeItem(at: folder)
    }

    private func fleets(_ variants: [SageMaker.ProductionVariant]) throws(ServiceError) -> [VariantFleet] {
        let config = EndpointConfigRecord(
            scope: scope,
            name: "c",
            created: 1,
            request: .init(endpointConfigName: "c", productionVariants: variants)
        )
        return try FleetPlan(database: database, scope: scope, now: 7).fleets(of: config)
    }

    @Test func `what a variant does not say is the service's default`() throws {
        let fleet = try #require(
            try fleets([.init(variantName: "A", modelName: "Boosted", instanceType: "ml.m5.large")]).first
        )
        #expect(fleet.image == "xgboost:1")
        #expect(fleet.desiredCount == 1)
        #expect(fleet.weight == 1)
        #expect(fleet.routing == .random)
        #expect(fleet.startupTimeoutSeconds == 240)
        #expect(fleet.resolved == 7)
        #expect(fleet.instances.isEmpty)
    }

    @Test func `what a variant says counts`() throws {
        var variant = SageMaker.ProductionVariant(variantName: "A", modelName: "Boosted")
        variant.initialInstanceCount = 3
        variant.initialVariantWeight = 0
        variant.routingConfig = .init(routingStrategy: "LEAST_OUTSTANDING_REQUESTS")
        variant.containerStartupHealthCheckTimeoutInSeconds = 60
        let fleet = try #require(try fleets([variant]).first)
        #expect(fleet.desiredCount == 3)
        #expect(fleet.weight == 0)
        #expect(fleet.routing == .leastOutstandingRequests)
        #expect(fleet.startupTimeoutSeconds == 60)
    }

    @Test func `a model that was deleted is named`() {
        let error = #expect(throws: ServiceError.self) {
            try self.fleets([
                .init(variantName: "A", modelName: "Boosted"), .init(variantName: "B", modelName: "gone"),
            ])
        }
        #expect(error?.message.contains("model/gone") == true)
    }

    @Test func `a resized fleet has none of the instances`() {
        let fleet = VariantFleet.sample(count: 1, instances: [InstanceID("i-1")]).resized(count: 4, weight: 2)
        #expect(fleet.desiredCount == 4)
        #expect(fleet.weight == 2)
        #expect(fleet.instances.isEmpty)
        #expect(fleet.variant == "A")
    }
}
