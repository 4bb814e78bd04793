import Agent
import Testing

@Suite struct EngineSubnetTests {
    @Test func `a subnet is read as it is written`() throws {
        let subnet = EngineSubnet(of: "t-demo-1", attempt: 0)
        #expect(EngineSubnet(subnet.text) == subnet)
        #expect(subnet.text.hasSuffix("/20"))
        #expect(subnet.text.hasPrefix("10."))
    }

    @Test func `the next attempt is another subnet, the same fleet the same`() {
        let first = EngineSubnet(of: "t-demo-1", attempt: 0)
        #expect(first == EngineSubnet(of: "t-demo-1", attempt: 0))
        #expect(Set((0..<20).map { EngineSubnet(of: "t-demo-1", attempt: $0).text }).count == 20)
    }

    @Test func `instances have addresses of their own behind the gateway's`() throws {
        let subnet = try #require(EngineSubnet("10.64.16.0/20"))
        #expect(subnet.gateway == "10.64.16.1")
        #expect(subnet.address(1) == "10.64.16.10")
        #expect(subnet.address(300) == "10.64.17.53")
    }

    @Test(arguments: ["nonsense", "", "10.64.16.0", "10.64.16.0/24", "10.64..16/20", "10.64.16.256/20"])
    func `what is no network of a fleet's is none`(text: String) {
        #expect(EngineSubnet(text) == nil)
    }
}
