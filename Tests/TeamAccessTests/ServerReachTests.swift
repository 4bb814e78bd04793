import TeamAccess
import Testing

@Suite struct ServerReachTests {
    @Test(arguments: ["127.0.0.1", "127.8.9.10", "::1", "localhost", "LocalHost"])
    func `a loopback address needs nothing`(host: String) throws {
        let reach = try ServerReach(host: host)
        #expect(reach.isLoopback)
        #expect(!reach.hasTLS)
    }

    @Test(arguments: ["0.0.0.0", "::", "10.0.0.5", "128.0.0.1", "clary.example", "127.example", "::2"])
    func `another address needs TLS or a word that it shall have none`(host: String) throws {
        let refusal = #expect(throws: UnsafeReach.self) { try ServerReach(host: host) }
        #expect(refusal?.description.contains("--tls") == true)
        #expect(refusal?.description.contains("--insecure") == true)
        #expect(try ServerReach(host: host, wantsTLS: true).hasTLS)
        #expect(try !ServerReach(host: host, acceptsPlain: true).hasTLS)
    }

    @Test func `a socket that is open further than was asked for is refused`() throws {
        let reach = try ServerReach(host: "127.0.0.1")
        try reach.check(socketBoundTo: "127.0.0.1")
        let refusal = #expect(throws: UnsafeReach.self) { try reach.check(socketBoundTo: "0.0.0.0") }
        #expect(refusal?.description.contains("0.0.0.0") == true)
        try ServerReach(host: "127.0.0.1", wantsTLS: true).check(socketBoundTo: "0.0.0.0")
        try ServerReach(host: "127.0.0.1", acceptsPlain: true).check(socketBoundTo: "0.0.0.0")
    }

    @Test func `options that mean nothing together are refused`() {
        #expect(throws: UnsafeReach.self) {
            try ServerReach(host: "127.0.0.1", wantsTLS: true, acceptsPlain: true)
        }
        #expect(throws: UnsafeReach.self) { try ServerReach(host: "127.0.0.1", certificate: "a", key: "b") }
        #expect(throws: UnsafeReach.self) { try ServerReach(host: "127.0.0.1", names: ["x"]) }
        #expect(throws: UnsafeReach.self) {
            try ServerReach(host: "127.0.0.1", wantsTLS: true, certificate: "a")
        }
        #expect(throws: UnsafeReach.self) { try ServerReach(host: "127.0.0.1", wantsTLS: true, key: "b") }
        #expect(throws: UnsafeReach.self) {
            try ServerReach(host: "127.0.0.1", wantsTLS: true, certificate: "a", key: "b", names: ["x"])
        }
        #expect(throws: UnsafeReach.self) { try ServerReach(host: "") }
    }

    @Test func `a server on every address is called by loopback on its own machine`() throws {
        #expect(try ServerReach(host: "0.0.0.0", wantsTLS: true).localHost == "127.0.0.1")
        #expect(try ServerReach(host: "::", wantsTLS: true).localHost == "::1")
        #expect(try ServerReach(host: "10.0.0.5", wantsTLS: true).localHost == "10.0.0.5")
    }

    @Test func `plain HTTP on 127·0·0·1 is there only without TLS and where the server listens`() throws {
        #expect(try ServerReach(host: "127.0.0.1").answersPlainLoopback)
        #expect(try ServerReach(host: "0.0.0.0", acceptsPlain: true).answersPlainLoopback)
        #expect(try !ServerReach(host: "127.0.0.1", wantsTLS: true).answersPlainLoopback)
        #expect(try !ServerReach(host: "10.0.0.5", acceptsPlain: true).answersPlainLoopback)
    }

    @Test func `a certificate carries each name once, the given ones first`() throws {
        let reach = try ServerReach(host: "10.0.0.5", wantsTLS: true, names: ["Clary.Example", "10.0.0.5"])
        let names = reach.certificateNames(machine: "box", addresses: ["192.168.1.2"])
        #expect(names == ["clary.example", "10.0.0.5", "box", "localhost", "127.0.0.1", "::1"])
    }

    @Test func `a server on every address has all of the machine's in its certificate`() throws {
        let names = try ServerReach(host: "0.0.0.0", wantsTLS: true)
            .certificateNames(machine: "bö x", addresses: ["192.168.1.2", "2001:db8::1"])
        #expect(names == ["192.168.1.2", "2001:db8::1", "localhost", "127.0.0.1", "::1"])
    }
}
