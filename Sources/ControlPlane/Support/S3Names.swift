/// ARNs of buckets and objects.
enum S3Names {
    static func bucket(_ name: String) -> String { "arn:aws:s3:::\(name)" }

    static func object(_ bucket: String, _ key: String) -> String { "arn:aws:s3:::\(bucket)/\(key)" }
}
