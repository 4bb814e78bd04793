import Resources
import Testing

@Suite struct EndpointStateTests {
    @Test func `the first fleet brings the endpoint into service`() throws {
        var state = EndpointState.creating
        #expect(try state.handle(.fleetReady) == [.switchTraffic])
        #expect(state.status == "InService")
    }

    @Test func `a first fleet that cannot be had fails the endpoint`() throws {
        var state = EndpointState.creating
        #expect(try state.handle(.fleetFailed("no")) == [.discardIncoming("no")])
        #expect(state.status == "Failed")
    }

    @Test func `an update that fails leaves the old fleet in service`() throws {
        var state = EndpointState.inService
        #expect(try state.handle(.updateRequested) == [.launch])
        #expect(state.status == "Updating")
        #expect(try state.handle(.fleetFailed("no")) == [.discardIncoming("no")])
        #expect(state == .inService)
    }

    @Test(arguments: [
        (EndpointState.creating, EndpointEvent.updateRequested), (.updating, .updateRequested),
        (.updating, .deleteRequested), (.failed, .updateRequested), (.deleting, .updateRequested),
    ])
    func `a busy endpoint refuses and stays`(before: EndpointState, event: EndpointEvent) {
        var state = before
        #expect(throws: EndpointBusy(state: before)) { try state.handle(event) }
        #expect(state == before)
    }

    @Test(arguments: [EndpointState.creating, .inService, .failed])
    func `an endpoint that is not being updated can be deleted`(before: EndpointState) throws {
        var state = before
        #expect(try state.handle(.deleteRequested) == [.remove])
        #expect(try state.handle(.deleteRequested) == [])
    }

    @Test(arguments: [EndpointEvent.fleetReady, .fleetFailed("late")])
    func `reports of instances on their way out change nothing`(event: EndpointEvent) throws {
        for before in [EndpointState.inService, .failed, .deleting] {
            var state = before
            #expect(try state.handle(event) == [])
            #expect(state == before)
        }
    }
}
