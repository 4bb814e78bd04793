import Proxy
import Testing

@Suite struct DestinationTests {
    @Test(arguments: [
        "sts.amazonaws.com", "sts.us-east-1.amazonaws.com", "sts.us-gov-west-1.amazonaws.com",
        "iam.amazonaws.com",
        "logs.eu-central-1.amazonaws.com", "api.sagemaker.us-east-1.amazonaws.com",
        "runtime.sagemaker.ap-southeast-2.amazonaws.com", "s3.amazonaws.com", "s3.us-west-2.amazonaws.com",
        "my-bucket.s3.amazonaws.com", "my.dotted.bucket.s3.us-east-1.amazonaws.com",
        "b.s3.dualstack.us-east-1.amazonaws.com", "b.s3-eu-west-1.amazonaws.com",
        "monitoring.us-east-1.amazonaws.com", "ec2.us-east-1.amazonaws.com", "notsts.amazonaws.com",
        "sts.nowhere.amazonaws.com", "abc.execute-api.eu-west-1.amazonaws.com", "amazonaws.com",
    ])
    func `all hosts below amazonaws go to Clary, whether it has their service or not`(host: String) throws {
        #expect(try Destination(host: host, port: 443) == .clary)
    }

    @Test(arguments: [
        "sm-pysdk-t-us-east-1.s3.us-east-1.amazonaws.com", "dev-exp-t-eu-west-1.s3.eu-west-1.amazonaws.com",
    ])
    func `telemetry goes nowhere`(host: String) throws {
        #expect(try Destination(host: host, port: 443) == .nowhere)
    }

    @Test(arguments: [
        ("pypi.org", 443), ("pypi.org", 8443), ("public.ecr.aws", 443), ("docs.aws.amazon.com", 443),
        ("sts.us-east-1.amazonaws.com.evil.example", 443), ("notamazonaws.com", 443),
        ("93.184.216.34", 443), ("2606:2800:220:1::1", 443),
    ])
    func `other hosts are passed on`(host: String, port: Int) throws {
        #expect(try Destination(host: host, port: port) == .elsewhere)
    }

    @Test(arguments: [
        "localhost", "x.localhost", "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
        "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::",
    ])
    func `this machine and private networks are refused`(host: String) {
        #expect { try Destination(host: host, port: 443) } throws: { ($0 as? Refusal)?.status == 403 }
    }

    @Test(arguments: [
        ("sts.us-east-1.amazonaws.com", 8443), ("sts.amazonaws.com.cn", 443), ("kms.us-east-1.api.aws", 443),
        ("sts.eusc-de-east-1.amazonaws.eu", 443), ("api.aws", 443),
    ])
    func `AWS's hosts that nothing here can answer for are refused`(host: String, port: Int) {
        #expect {
            try Destination(host: host, port: port)
        } throws: {
            ($0 as? Refusal)?.reason == "Clary does not offer \(host):\(port) and sends nothing to AWS"
        }
    }

    @Test(arguments: ["127.1", "2130706433", "0x7f000001", "0x7f.1", "10.0x1"])
    func `spellings that resolvers take for addresses are refused`(host: String) {
        #expect { try Destination(host: host, port: 443) } throws: { ($0 as? Refusal)?.status == 400 }
    }

    @Test(arguments: ["172.32.0.1", "100.128.0.1", "11.0.0.1", "192.169.0.1", "169.253.0.1"])
    func `the neighbours of private networks are public`(address: String) {
        #expect(NetworkAddress(address)?.isPublic == true)
    }
}
