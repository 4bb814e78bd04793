import Proxy
import Testing

@Suite struct ClientEnvironmentTests {
    let server = ClientEnvironment.Server(
        url: "http://127.0.0.1:7300",
        accessKeyID: "AKIAX",
        secretAccessKey: "s'cret",
        region: "us-east-1",
        dataDirectory: "/data"
    )
    let proxy = ProxySettings(port: 7301, token: "t0ken")

    func exports(
        _ current: [String: String] = [:],
        proxied: Bool = true,
        configured: Bool = false
    ) -> ClientEnvironment {
        ClientEnvironment(
            server: server,
            proxy: proxied ? proxy : nil,
            hasSageMakerConfiguration: configured,
            current: current
        )
    }

    @Test func `the endpoint variables name the services that Clary has and no other`() {
        let after = exports().applied(to: ["AWS_ENDPOINT_URL_EC2": "https://elsewhere"])
        let endpoints = after.filter { $0.key.hasPrefix("AWS_ENDPOINT_URL") }
        #expect(
            endpoints == [
                "AWS_ENDPOINT_URL_SAGEMAKER": server.url, "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME": server.url,
                "AWS_ENDPOINT_URL_S3": server.url, "AWS_ENDPOINT_URL_STS": server.url,
                "AWS_ENDPOINT_URL_IAM": server.url, "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": server.url,
                "AWS_ENDPOINT_URL_ECR": server.url,
                "AWS_ENDPOINT_URL_EC2": "https://elsewhere",
            ]
        )
    }

    @Test
    func `the proxy is exported with its token in both spellings, and the server is reached without it`() {
        let current = ["no_proxy": "intranet, .amazonaws.com,*"]
        let after = exports(current).applied(to: current)
        #expect(after["HTTPS_PROXY"] == "http://clary:t0ken@127.0.0.1:7301")
        #expect(after["https_proxy"] == after["HTTPS_PROXY"])
        #expect(after["NO_PROXY"] == "intranet,localhost,127.0.0.1,::1")
        #expect(after["no_proxy"] == after["NO_PROXY"])
        #expect(after["AWS_CA_BUNDLE"] == "/data/proxy/ca-bundle.pem")
        #expect(after["REQUESTS_CA_BUNDLE"] == "/data/proxy/ca-bundle.pem")
    }

    @Test func `without the proxy its variables stay as they were`() {
        let current = ["HTTPS_PROXY": "http://corp:3128", "NO_PROXY": "intranet"]
        let after = exports(current, proxied: false).applied(to: current)
        #expect(after["HTTPS_PROXY"] == "http://corp:3128")
        #expect(after["NO_PROXY"] == "intranet")
        #expect(after["AWS_CA_BUNDLE"] == nil)
        #expect(after["AWS_ACCESS_KEY_ID"] == "AKIAX")
    }

    @Test func `a server with TLS has its bundle exported without the proxy too`() {
        let secure = ClientEnvironment.Server(
            url: "https://127.0.0.1:7300",
            accessKeyID: "AKIAX",
            secretAccessKey: "s3cret",
            region: "us-east-1",
            dataDirectory: "/data",
            trustFile: "/data/tls/ca.pem"
        )
        let after = ClientEnvironment(
            server: secure,
            proxy: nil,
            hasSageMakerConfiguration: false,
            current: [:]
        )
        .applied(to: [:])
        #expect(after["AWS_CA_BUNDLE"] == "/data/proxy/ca-bundle.pem")
        #expect(after["REQUESTS_CA_BUNDLE"] == "/data/proxy/ca-bundle.pem")
        #expect(after["AWS_ENDPOINT_URL_STS"] == "https://127.0.0.1:7300")
        #expect(after["HTTPS_PROXY"] == nil)
    }

    @Test func `leaving the proxy out later takes its exports back`() {
        let current = ["HTTPS_PROXY": "http://corp:3128"]
        let both = exports(current).applied(to: current)
        let without = exports(both, proxied: false).applied(to: both)
        #expect(without == exports(current, proxied: false).applied(to: current))
    }

    @Test func `what would contradict the exports goes, and the user's SDK configuration stays`() {
        let current = [
            "AWS_SESSION_TOKEN": "old", "AWS_PROFILE": "work", "SAGEMAKER_USER_CONFIG_OVERRIDE": "/mine.yaml",
        ]
        let after = exports(current).applied(to: current)
        #expect(after["AWS_SESSION_TOKEN"] == nil)
        #expect(after["AWS_PROFILE"] == nil)
        #expect(after["SAGEMAKER_USER_CONFIG_OVERRIDE"] == "/mine.yaml")
        #expect(exports([:], configured: true).applied(to: [:])["SAGEMAKER_USER_CONFIG_OVERRIDE"] == nil)
        #expect(exports().applied(to: [:])["SAGEMAKER_USER_CONFIG_OVERRIDE"] == "/data/sagemaker-config.yaml")
    }

    @Test(arguments: [
        [:], ["HOME": "/root"],
        [
            "AWS_ACCESS_KEY_ID": "AKIAOLD", "AWS_PROFILE": "work", "HTTPS_PROXY": "http://corp:3128",
            "no_proxy": "intranet", "AWS_CA_BUNDLE": "/corp.pem",
            "SAGEMAKER_USER_CONFIG_OVERRIDE": "/mine.yaml",
        ],
    ])
    func `undoing brings back what was there, also after evaluating twice`(before: [String: String]) {
        let once = exports(before).applied(to: before)
        let twice = exports(once).applied(to: once)
        #expect(twice == once)
        #expect(ClientEnvironment(undoing: twice).applied(to: twice) == before)
    }

    @Test func `a shell that evaluated nothing has nothing to undo`() {
        #expect(ClientEnvironment(undoing: ["AWS_ACCESS_KEY_ID": "mine"]).changes.isEmpty)
    }

    @Test(arguments: [
        ["HOME": "/root"],
        [
            "HTTPS_PROXY": "http://clary@corp:3128", "AWS_CA_BUNDLE": "/corp.pem",
            "AWS_ACCESS_KEY_ID": "AKIAOLD",
        ],
    ])
    func `a server started in a shell with the exports has what was there before them`(
        before: [String: String]
    ) {
        let shell = exports(before).applied(to: before)
        #expect(ClientEnvironment(leavingForServer: shell).applied(to: shell) == before)
        #expect(ClientEnvironment(leavingForServer: before).changes.isEmpty)
    }

    @Test func `the exported proxy is known without the other exports, and is nobody's upstream`() {
        let shell = ["https_proxy": "http://clary:t0ken@127.0.0.1:7301", "NO_PROXY": "intranet"]
        #expect(
            ClientEnvironment(leavingForServer: shell).applied(to: shell) == ["NO_PROXY": "intranet"]
        )
        #expect(ClientEnvironment.original(shell)["https_proxy"] == nil)
        let after = exports(shell).applied(to: shell)
        #expect(ClientEnvironment(undoing: after).applied(to: after)["https_proxy"] == nil)
    }

    @Test func `values are quoted for a shell`() {
        #expect(exports().shellLines.contains("export AWS_SECRET_ACCESS_KEY='s'\\''cret'"))
    }
}
