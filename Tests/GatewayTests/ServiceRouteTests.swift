import Gateway
import HTTPTypes
import Testing

@Suite struct ServiceRouteTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let method: HTTPRequest.Method
        let target: String
        let host: String
        let headers: [String: String]
        let route: ServiceRoute

        init(
            _ name: String,
            _ method: HTTPRequest.Method,
            _ target: String,
            host: String = "127.0.0.1:9000",
            scope: String? = nil,
            _ headers: [String: String] = [:],
            to route: ServiceRoute
        ) {
            testDescription = name
            self.method = method
            self.target = target
            self.host = host
            var headers = headers
            if let scope {
                headers["authorization"] =
                    "AWS4-HMAC-SHA256 Credential=AK/20240102/us-east-1/\(scope)/aws4_request, SignedHeaders=host, "
                    + "Signature=0"
            }
            self.headers = headers
            self.route = route
        }
    }

    private static let form = ["content-type": "application/x-www-form-urlencoded; charset=utf-8"]
    private static let page = ["accept": "text/html,application/xhtml+xml"]

    static let cases: [Case] = [
        Case("platform", .get, "/_clary/healthz", to: .platform),
        Case("platform with a query", .get, "/_clary/console?x=1", to: .platform),
        Case("platform without more", .get, "/_clary", to: .platform),
        Case("platform is not a prefix of a word", .get, "/_claryx", to: .s3(bucket: nil)),
        Case(
            "a key below a bucket host is no platform path",
            .get,
            "/_clary/x",
            host: "b.localhost",
            to: .s3(bucket: "b")
        ),
        Case("browser", .get, "/", page, to: .frontDoor),
        Case("browser that lists buckets", .get, "/", scope: "s3", page, to: .s3(bucket: nil)),
        Case("browser elsewhere", .get, "/bkt", page, to: .s3(bucket: nil)),
        Case("browser with a query", .get, "/?x", page, to: .s3(bucket: nil)),
        Case("curl", .get, "/", ["accept": "*/*"], to: .s3(bucket: nil)),
        Case(
            "JSON",
            .post,
            "/",
            scope: "sagemaker",
            ["x-amz-target": "SageMaker.ListModels"],
            to: .json(target: "SageMaker", operation: "ListModels")
        ),
        Case(
            "JSON of logs",
            .post,
            "/",
            scope: "logs",
            ["x-amz-target": "Logs_20140328.GetLogEvents"],
            to: .json(target: "Logs_20140328", operation: "GetLogEvents")
        ),
        Case(
            "the target's last dot counts",
            .post,
            "/",
            scope: "x",
            ["x-amz-target": "a.b.C"],
            to: .json(target: "a.b", operation: "C")
        ),
        Case(
            "a target without a dot",
            .post,
            "/",
            ["x-amz-target": "C"],
            to: .json(target: "", operation: "C")
        ),
        Case(
            "JSON without a target",
            .post,
            "/",
            scope: "sagemaker",
            to: .jsonWithoutTarget(service: "sagemaker")
        ),
        Case(
            "CBOR",
            .post,
            "/service/GraniteServiceVersion20100801/operation/PutMetricData",
            scope: "monitoring",
            ["smithy-protocol": "rpc-v2-cbor"],
            to: .cbor(service: "GraniteServiceVersion20100801", operation: "PutMetricData")
        ),
        Case("a bucket called service", .get, "/service/a/operation/b", scope: "s3", to: .s3(bucket: nil)),
        Case("form", .post, "/", scope: "sts", form, to: .query(service: "sts")),
        Case("form of IAM", .post, "/", scope: "iam", form, to: .query(service: "iam")),
        Case("unsigned form", .post, "/", form, to: .query(service: nil)),
        Case(
            "form at AWS's name",
            .post,
            "/",
            host: "sts.us-east-1.amazonaws.com",
            form,
            to: .query(service: "sts")
        ),
        Case("browser upload to S3", .post, "/bkt", form, to: .s3(bucket: nil)),
        Case("query service without a form", .post, "/", scope: "sts", to: .query(service: "sts")),
        Case("runtime", .post, "/endpoints/e/invocations", scope: "sagemaker", to: .runtime),
        Case("feature store", .put, "/FeatureGroup/f", scope: "sagemaker", to: .runtime),
        Case("metrics", .put, "/BatchPutMetrics", scope: "sagemaker", to: .runtime),
        Case("unsigned runtime", .post, "/endpoints/e/invocations", to: .runtime),
        Case("unsigned metrics", .post, "/BatchGetMetrics", to: .runtime),
        Case(
            "a bucket called endpoints",
            .get,
            "/endpoints/e/invocations",
            scope: "s3",
            to: .s3(bucket: nil)
        ),
        Case("S3", .put, "/bkt/key", scope: "s3", to: .s3(bucket: nil)),
        Case("unsigned S3", .get, "/bkt/key", to: .s3(bucket: nil)),
        Case(
            "presigned S3",
            .get,
            "/bkt/key?X-Amz-Credential=AK%2F20240102%2Fus-east-1%2Fs3%2Faws4_request",
            to: .s3(bucket: nil)
        ),
        Case(
            "presigned STS",
            .get,
            "/?Action=GetCallerIdentity&X-Amz-Credential=AK%2F20240102%2Fus-east-1%2Fsts%2Faws4_request",
            to: .query(service: "sts")
        ),
        Case(
            "presigned S3, version 2",
            .get,
            "/endpoints/x?AWSAccessKeyId=AK&Signature=x&Expires=1",
            to: .s3(bucket: nil)
        ),
        Case(
            "S3, header of version 2",
            .get,
            "/endpoints/x",
            ["authorization": "AWS AK:c2ln"],
            to: .s3(bucket: nil)
        ),
        Case(
            "bucket host",
            .get,
            "/key",
            host: "my.bucket.localhost:9000",
            scope: "s3",
            to: .s3(bucket: "my.bucket")
        ),
        Case("bucket host of AWS", .get, "/key", host: "bkt.s3.amazonaws.com", to: .s3(bucket: "bkt")),
        Case(
            "regional bucket host",
            .get,
            "/k",
            host: "a.b.s3.eu-west-1.amazonaws.com",
            to: .s3(bucket: "a.b")
        ),
        Case("old bucket host", .get, "/k", host: "bkt.s3-eu-west-1.amazonaws.com", to: .s3(bucket: "bkt")),
        Case(
            "a bucket called like a service",
            .get,
            "/k",
            host: "logs.s3.amazonaws.com",
            to: .s3(bucket: "logs")
        ),
        Case(
            "Chinese bucket host",
            .get,
            "/k",
            host: "BKT.s3.cn-north-1.amazonaws.com.cn",
            to: .s3(bucket: "bkt")
        ),
        Case("S3's own host", .get, "/bkt/k", host: "s3.eu-west-1.amazonaws.com", to: .s3(bucket: nil)),
        Case(
            "runtime host",
            .post,
            "/endpoints/e/invocations",
            host: "runtime.sagemaker.us-east-1.amazonaws.com",
            to: .runtime
        ),
        Case(
            "SageMaker's host",
            .post,
            "/",
            host: "api.sagemaker.us-east-1.amazonaws.com",
            to: .jsonWithoutTarget(service: "sagemaker")
        ),
        Case(
            "another service",
            .post,
            "/",
            scope: "dynamodb",
            to: .unoffered(service: "dynamodb", envelope: .restJSON)
        ),
        Case(
            "another service at its host, JSON",
            .post,
            "/",
            host: "kms.us-east-1.amazonaws.com",
            scope: "kms",
            ["x-amz-target": "TrentService.Encrypt"],
            to: .unoffered(service: "kms", envelope: .json(.v11))
        ),
        Case(
            "another service at its host, JSON 1.0",
            .post,
            "/",
            host: "dynamodb.us-east-1.amazonaws.com",
            ["x-amz-target": "DynamoDB_20120810.GetItem", "content-type": "application/x-amz-json-1.0"],
            to: .unoffered(service: "dynamodb.us-east-1", envelope: .json(.v10))
        ),
        Case(
            "another service at its host, CBOR",
            .post,
            "/service/GraniteServiceVersion20100801/operation/PutMetricData",
            host: "monitoring.us-east-1.amazonaws.com",
            scope: "monitoring",
            ["smithy-protocol": "rpc-v2-cbor"],
            to: .unoffered(service: "monitoring", envelope: .cbor)
        ),
        Case(
            "another service at its host, form",
            .post,
            "/",
            host: "ec2.eu-west-1.amazonaws.com",
            scope: "ec2",
            form,
            to: .unoffered(service: "ec2", envelope: .query(namespace: nil))
        ),
        Case(
            "another service at its host, documents",
            .get,
            "/2015-03-31/functions/",
            host: "lambda.us-east-1.amazonaws.com",
            scope: "lambda",
            to: .unoffered(service: "lambda", envelope: .restJSON)
        ),
        Case(
            "what signs as S3 and is not S3",
            .get,
            "/v20180820/configuration/publicAccessBlock",
            host: "012345678901.s3-control.us-east-1.amazonaws.com",
            scope: "s3",
            to: .unoffered(
                service: "012345678901.s3-control.us-east-1",
                envelope: .query(namespace: nil)
            )
        ),
        Case(
            "a host with validated cryptography",
            .post,
            "/",
            host: "sts-fips.us-east-1.amazonaws.com",
            form,
            to: .query(service: "sts")
        ),
        Case("S3's old host", .get, "/b/k", host: "s3-us-west-2.amazonaws.com", to: .s3(bucket: nil)),
        Case(
            "a scope that is none",
            .get,
            "/bkt",
            ["authorization": "AWS4-HMAC-SHA256 junk"],
            to: .s3(bucket: nil)
        ),
        Case(
            "a scope cut short",
            .get,
            "/bkt",
            ["authorization": "AWS4-HMAC-SHA256 Credential=a/b"],
            to: .s3(bucket: nil)
        ),
    ]

    @Test(arguments: cases)
    func `a request reaches its service`(item: Case) throws {
        var head = HTTPRequest(method: item.method, scheme: "http", authority: item.host, path: item.target)
        for (name, value) in item.headers {
            head.headerFields[try #require(HTTPField.Name(name))] = value
        }
        #expect(ServiceRoute.of(head) == item.route)
    }

    @Test func `a base host that was not named is no bucket's parent`() {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "b.example.com", path: "/k")
        #expect(ServiceRoute.of(head) == .s3(bucket: nil))
        #expect(ServiceRoute.of(head, baseHosts: ["example.com"]) == .s3(bucket: "b"))
    }
}
