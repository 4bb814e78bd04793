import Testing

/// A request that botocore 1.43.11 signed with the key of AWS's examples at 2024-01-02T03:04:05Z.
struct SignatureVector: Sendable, CustomTestStringConvertible {
    let name: String
    let service: String
    let method: String
    let target: String
    let headers: [(String, String)]
    let payloadHash: String
    let canonicalHash: String
    let sessionToken: String?

    var testDescription: String { name }

    static let accessKeyID = "AKIDEXAMPLE"
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    static let all: [SignatureVector] = [
        SignatureVector(
            name: "list models",
            service: "sagemaker",
            method: "POST",
            target: "/",
            headers: [
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240102/us-east-1/sagemaker/aws"
                        + "4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Sign"
                        + "ature=a0368b603e9a2214d90791618798ae45c1bc945ff7f49538f336ae5d18f3bf0e"
                ),
                ("content-type", "application/x-amz-json-1.1"),
                ("host", "127.0.0.1:9000"),
                ("x-amz-date", "20240102T030405Z"),
                ("x-amz-target", "SageMaker.ListModels"),
            ],
            payloadHash: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            canonicalHash: "66bd8d3e27a96ce8c66d37f0b205593d4aa887f13a65af76ab8f97da9b0da05b",
            sessionToken: nil
        ),
        SignatureVector(
            name: "S3 list",
            service: "s3",
            method: "GET",
            target: "/bkt/a%20b/k.txt?list-type=2&prefix=x%2Fy",
            headers: [
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240102/us-east-1/s3/aws4_reque"
                        + "st, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=777941"
                        + "67bd537a1e85b2d91d15d0e365d3b555a2fd1625637a8d352041774d22"
                ),
                ("host", "127.0.0.1:9000"),
                (
                    "x-amz-content-sha256",
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                ),
                ("x-amz-date", "20240102T030405Z"),
            ],
            payloadHash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            canonicalHash: "cf10549b60909777764ecb95642a010918c1defb4206abd5dc7ab70709b64c3d",
            sessionToken: nil
        ),
        SignatureVector(
            name: "S3 presigned",
            service: "s3",
            method: "GET",
            target: "/bkt/k.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE"
                + "%2F20240102%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20240102T030405Z&"
                + "X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=ef31f53d2024"
                + "bee68fde8f86e1fa5fe7beb01432ac9ef699d7b0674c50c2f822",
            headers: [
                ("host", "127.0.0.1:9000")
            ],
            payloadHash: "UNSIGNED-PAYLOAD",
            canonicalHash: "cb9b8d49336ca15bf115d2e159e457f5bac851eeafd46c8f35bdd5710d16fa39",
            sessionToken: nil
        ),
        SignatureVector(
            name: "session token",
            service: "sagemaker",
            method: "POST",
            target: "/",
            headers: [
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240102/eu-central-1/sagemaker/"
                        + "aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-"
                        + "token;x-amz-target, Signature=6af5e4e6d3bdeb04fa007a62043c5d63f5bc1a57a0"
                        + "e02c8811886a74673d9251"
                ),
                ("content-type", "application/x-amz-json-1.1"),
                ("host", "localhost"),
                ("x-amz-date", "20240102T030405Z"),
                ("x-amz-security-token", "IQoJ/token+with=odd&characters=="),
                ("x-amz-target", "SageMaker.DescribeTrainingJob"),
            ],
            payloadHash: "d084e380509dc526ecb8cc5ecadb39fb9fae7a399b64e34379fb74b5c6da2327",
            canonicalHash: "13ed61164c8fe6ea6ebb63cb42d30f1b933bf90cab7201867bf7ff08ec5e08b5",
            sessionToken: "IQoJ/token+with=odd&characters=="
        ),
        SignatureVector(
            name: "runtime path with a space and dots",
            service: "sagemaker",
            method: "POST",
            target: "/endpoints/a%20b/.././x//invocations/",
            headers: [
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240102/us-west-2/sagemaker/aws"
                        + "4_request, SignedHeaders=content-type;host;x-amz-date;x-amzn-sagemaker-c"
                        + "ustom-attributes, Signature=f3dc6b4479c6fa09b743eac2d04b7073dfee9fd35097"
                        + "729d135947bde274ba01"
                ),
                ("content-type", "text/csv"),
                ("host", "127.0.0.1:9000"),
                ("x-amz-date", "20240102T030405Z"),
                ("x-amzn-sagemaker-custom-attributes", "  a   b  "),
            ],
            payloadHash: "7a8988e95e356e2b5b8fecf5e31f7c2e7e8fb44a5cd9d89ebb0d1e60b1f5c689",
            canonicalHash: "0e294278f93441644e011a622c60ab0b33b33cde0ae25ef015d857d81a9312c2",
            sessionToken: nil
        ),
        SignatureVector(
            name: "non-ASCII path",
            service: "sagemaker",
            method: "GET",
            target: "/FeatureGroup/%C3%A9%2Fx?FeatureName=b&FeatureName=a&RecordIdentifierVal"
                + "ueAsString=z%20z%2B%3D",
            headers: [
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240102/us-west-2/sagemaker/aws"
                        + "4_request, SignedHeaders=host;x-amz-date, Signature=babb9a7bcabd08095639"
                        + "779825d342246a2e9e6037d13566aa556b34cd06550e"
                ),
                ("host", "127.0.0.1:9000"),
                ("x-amz-date", "20240102T030405Z"),
            ],
            payloadHash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            canonicalHash: "6ca4eea8aa0a3f5b9ed67aef5256faa15eb08cc948d675a4dc3e9cfeca300564",
            sessionToken: nil
        ),
        SignatureVector(
            name: "query service",
            service: "sts",
            method: "POST",
            target: "/",
            headers: [
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240102/us-east-1/sts/aws4_requ"
                        + "est, SignedHeaders=content-type;host;x-amz-date, Signature=308234ee6460d"
                        + "442c8ea19372e87a5ec1ab70bbdc9b174abbbbeb4716a6e1f87"
                ),
                ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                ("host", "sts.us-east-1.amazonaws.com"),
                ("x-amz-date", "20240102T030405Z"),
            ],
            payloadHash: "ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843",
            canonicalHash: "408860d3684b6b0bf8e1d6b078f4b787ea5ddffe808fe00e7cc4e2c4ede11f29",
            sessionToken: nil
        ),
        SignatureVector(
            name: "S3 put with metadata",
            service: "s3",
            method: "PUT",
            target: "/bkt/dir/%E2%82%AC%20%2B%28x%29~.txt",
            headers: [
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240102/ap-southeast-2/s3/aws4_"
                        + "request, SignedHeaders=content-md5;content-type;host;x-amz-checksum-crc3"
                        + "2;x-amz-content-sha256;x-amz-date;x-amz-meta-note;x-amz-security-token, "
                        + "Signature=2f8d8a49d0edd591c972a22ff5fd5d0c758c93ef95d185b5d12edf58e84186"
                        + "12"
                ),
                ("content-md5", "XUFAKrxLKna5cZ2REBfFkg=="),
                ("content-type", "text/plain"),
                ("host", "127.0.0.1:9000"),
                ("x-amz-checksum-crc32", "NhCmhg=="),
                (
                    "x-amz-content-sha256",
                    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
                ),
                ("x-amz-date", "20240102T030405Z"),
                ("x-amz-meta-note", " two   words "),
                ("x-amz-security-token", "IQoJ/token+with=odd&characters=="),
            ],
            payloadHash: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
            canonicalHash: "472e011d047ece3fdf25cf3c879818db3ce0615f1a3a63532dd716db62531ead",
            sessionToken: "IQoJ/token+with=odd&characters=="
        ),
        SignatureVector(
            name: "S3 double slashes and dots stay",
            service: "s3",
            method: "GET",
            target: "/bkt//a/../b/./c//",
            headers: [
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240102/us-east-1/s3/aws4_reque"
                        + "st, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=7d1381"
                        + "465d66492684eb6ae3bfe4831af2e359471934306492b6e33a20340318"
                ),
                ("host", "127.0.0.1:9000"),
                (
                    "x-amz-content-sha256",
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                ),
                ("x-amz-date", "20240102T030405Z"),
            ],
            payloadHash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            canonicalHash: "f843b0e79288bfaed576c1bb65f1d8447f5ea16ffeee19273034f3b552543060",
            sessionToken: nil
        ),
        SignatureVector(
            name: "S3 repeated and empty parameters",
            service: "s3",
            method: "GET",
            target: "/bkt?uploads&prefix=b&prefix=a&A=1&aa=&a-b=2&key-marker=~x%21",
            headers: [
                (
                    "authorization",
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240102/us-east-1/s3/aws4_reque"
                        + "st, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=9b7db0"
                        + "28515066ca046d59a1919b62be65a9b165739561712cdbc4664958efc0"
                ),
                ("host", "127.0.0.1:9000"),
                (
                    "x-amz-content-sha256",
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
                ),
                ("x-amz-date", "20240102T030405Z"),
            ],
            payloadHash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            canonicalHash: "9304e24e6f5ca127b6d4f59a21be67f178bc7fb69cdb6165d84f1862c15a677a",
            sessionToken: nil
        ),
        SignatureVector(
            name: "S3 presigned with token and range",
            service: "s3",
            method: "GET",
            target: "/dir/k%20x.txt?response-content-type=text%2Fplain&versionId=null&X-Amz-A"
                + "lgorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20240102%2Feu-w"
                + "est-1%2Fs3%2Faws4_request&X-Amz-Date=20240102T030405Z&X-Amz-Expires=6048"
                + "00&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJ%2Ftoken%2Bwith%3Do"
                + "dd%26characters%3D%3D&X-Amz-Signature=a681a5d1f88950ecb81378980ab6cf5388"
                + "8a40fb6eda4421815eb89411f4e784",
            headers: [
                ("host", "bkt.localhost:9000")
            ],
            payloadHash: "UNSIGNED-PAYLOAD",
            canonicalHash: "c27bb0386770e3942ea11513ec496c2139b4e393dac1da50fe01c535fe4a2d4c",
            sessionToken: "IQoJ/token+with=odd&characters=="
        ),
        SignatureVector(
            name: "STS presigned",
            service: "sts",
            method: "GET",
            target: "/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-"
                + "SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20240102%2Fus-east-1%2Fsts%2Faws4_"
                + "request&X-Amz-Date=20240102T030405Z&X-Amz-Expires=60&X-Amz-SignedHeaders"
                + "=host&X-Amz-Signature=f0dd3c30d21f80bbd61e87ca9564c023e4a0af5990e03c031b"
                + "4b83e3ad3af715",
            headers: [
                ("host", "127.0.0.1:9000")
            ],
            payloadHash: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            canonicalHash: "ba82b52abebc20b3bb33f4b3eb91fb7d87881fdebd504a875fba280de48d8cd3",
            sessionToken: nil
        ),
    ]
}

/// A presigned S3 URL of signature version 2 that botocore 1.43.11 made with the same key at the same time.
struct LegacyVector: Sendable, CustomTestStringConvertible {
    let name: String
    let method: String
    let target: String
    let resource: String
    let stringToSign: String
    let sessionToken: String?

    var testDescription: String { name }

    static let all: [LegacyVector] = [
        LegacyVector(
            name: "get",
            method: "GET",
            target: "/bkt/k.txt?AWSAccessKeyId=AKIDEXAMPLE&Signature=mX5s%2BYYKTmJesvNPfVnj5W"
                + "8f0sA%3D&Expires=1704168245",
            resource: "/bkt/k.txt",
            stringToSign: "GET\n\n\n1704168245\n/bkt/k.txt",
            sessionToken: nil
        ),
        LegacyVector(
            name: "put with headers",
            method: "PUT",
            target: "/bkt/a%20b.txt?AWSAccessKeyId=AKIDEXAMPLE&Signature=xIh0xXK9JQj4%2BlWkTb"
                + "4eRv9q8Ls%3D&content-type=text%2Fcsv&x-amz-meta-a=x%20y&Expires=17041652"
                + "45",
            resource: "/bkt/a%20b.txt",
            stringToSign: "PUT\n\ntext/csv\n1704165245\nx-amz-meta-a:x y\n/bkt/a%20b.txt",
            sessionToken: nil
        ),
        LegacyVector(
            name: "token, versions",
            method: "GET",
            target: "/bkt/k.txt?versionId=abc%2F1&response-content-type=text%2Fplain&prefix=n"
                + "o&AWSAccessKeyId=AKIDEXAMPLE&Signature=yVnT5hP4jnjGS7DTdu%2BLKCWlGiQ%3D&"
                + "x-amz-security-token=IQoJ%2Ftoken%2Bwith%3Dodd%26characters%3D%3D&Expire"
                + "s=1704164705",
            resource: "/bkt/k.txt",
            stringToSign: "GET\n\n\n1704164705\nx-amz-security-token:IQoJ/token+with=odd&char"
                + "acters==\n/bkt/k.txt?response-content-type=text/plain&versionId=ab"
                + "c/1",
            sessionToken: "IQoJ/token+with=odd&characters=="
        ),
        LegacyVector(
            name: "virtual host",
            method: "GET",
            target: "/k.txt?AWSAccessKeyId=AKIDEXAMPLE&Signature=o0JnuOaqR4DKcPOOAPgUuLnqYhs%"
                + "3D&Expires=1704164705",
            resource: "/bkt/k.txt",
            stringToSign: "GET\n\n\n1704164705\n/bkt/k.txt",
            sessionToken: nil
        ),
    ]
}
