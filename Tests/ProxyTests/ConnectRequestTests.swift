import Proxy
import Testing

@Suite struct ConnectRequestTests {
    func parse(_ text: String) throws(Refusal) -> ConnectRequest {
        try ConnectRequest(parsing: Array(text.utf8))
    }

    @Test func `target and credentials are read, the name in lower case and without its final dot`() throws {
        let request = try parse(
            "CONNECT STS.us-east-1.AmazonAWS.com.:443 HTTP/1.1\r\nHost: x\r\nproxy-authorization:  Basic abc \r\n\r\n"
        )
        #expect(request.host == "sts.us-east-1.amazonaws.com")
        #expect(request.port == 443)
        #expect(request.authorization == "Basic abc")
    }

    @Test func `an address of version 6 stands in brackets`() throws {
        let request = try parse("CONNECT [2001:DB8::1]:8443 HTTP/1.1\r\n\r\n")
        #expect(request.host == "2001:db8::1")
        #expect(request.port == 8443)
        #expect(request.authorization == nil)
    }

    @Test(arguments: [
        "CONNECT example.com HTTP/1.1", "CONNECT example.com: HTTP/1.1", "CONNECT example.com:0 HTTP/1.1",
        "CONNECT example.com:65536 HTTP/1.1", "CONNECT example.com:+443 HTTP/1.1", "CONNECT :443 HTTP/1.1",
        "CONNECT a..b:443 HTTP/1.1", "CONNECT a b:443 HTTP/1.1", "CONNECT a\u{0}b:443 HTTP/1.1",
        "CONNECT [nonsense]:443 HTTP/1.1", "CONNECT example.com:443", "CONNECT example.com:443 FTP/1.1", "",
        "CONNECT user@example.com:443 HTTP/1.1", "CONNECT münchen.de:443 HTTP/1.1",
        "CONNECT example.com:443 HTTP/1.1\r\nno colon", "CONNECT example.com:443 HTTP/1.1\r\nbad name: x",
        "CONNECT example.com:443 HTTP/1.1\r\nProxy-Authorization: a\r\nProxy-Authorization: b",
    ])
    func `what is malformed is answered with 400`(head: String) {
        #expect { try parse(head + "\r\n\r\n") } throws: { ($0 as? Refusal)?.status == 400 }
    }

    @Test func `another method than CONNECT is answered with 405`() {
        #expect { try parse("GET http://example.com/ HTTP/1.1\r\n\r\n") } throws: {
            ($0 as? Refusal)?.status == 405
        }
    }

    @Test func `bytes that are no text are answered with 400`() {
        #expect { try ConnectRequest(parsing: [0x43, 0xFF, 0xFE, 13, 10]) } throws: {
            ($0 as? Refusal)?.status == 400
        }
    }
}
