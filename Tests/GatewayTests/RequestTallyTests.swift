import Gateway
import HTTPTypes
import Testing

@Suite struct RequestTallyTests {
    private static let echo = RequestTally.Series(service: "sagemaker", operation: "Echo")

    @Test func answersAreCountedByStatusAndDuration() throws {
        let tally = RequestTally()
        tally.add(Self.echo, status: 200, duration: .milliseconds(1))
        tally.add(Self.echo, status: 200, duration: .milliseconds(30))
        tally.add(Self.echo, status: 400, duration: .seconds(60))
        let figures = try #require(tally.snapshot().first).figures
        #expect(figures.statuses == [200: 2, 400: 1])
        #expect(figures.buckets == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1])
        #expect(figures.count == 3)
        #expect(abs(figures.totalSeconds - 60.031) < 1e-9)
    }

    @Test func theGatewayNamesServiceAndOperation() async throws {
        let fixture = GatewayFixture()
        for operation in ["Echo", "Fail", "CreateLabelingJob", "NoSuchThing"] {
            _ = try await fixture.send(
                headers: ["x-amz-target": "SageMaker.\(operation)"],
                body: #"{"Text":"a"}"#
            )
        }
        _ = try await fixture.send(.get, "/bucket/key", service: "s3")
        let counted = fixture.tally.snapshot().map {
            "\($0.series.service) \($0.series.operation) \($0.figures.statuses)"
        }
        // Operations that are not offered share one series: a client cannot make new ones.
        #expect(
            counted == [
                "s3 Read [200: 1]", "sagemaker Echo [200: 1]", "sagemaker Fail [400: 1]",
                "sagemaker other [400: 2]",
            ]
        )
    }

    @Test func whatHasNoGoodSignatureIsCountedToo() async throws {
        let fixture = GatewayFixture()
        _ = try await fixture.sendAsIs(.post, "/", headers: ["x-amz-target": "SageMaker.Echo"])
        let figures = try #require(fixture.tally.snapshot().first)
        #expect(figures.series == Self.echo)
        #expect(figures.figures.statuses.values.reduce(0, +) == 1)
        #expect(figures.figures.statuses[200] == nil)
    }
}
