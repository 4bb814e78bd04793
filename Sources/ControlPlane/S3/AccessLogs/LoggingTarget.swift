import AWSWire

/// Where the access log of a bucket goes.
struct LoggingTarget: Sendable, Hashable {
    let bucket: String
    /// What the keys of the log begin with.
    let prefix: String
    /// `EventTime` or `DeliveryTime` for keys that name account, region, bucket and day; `nil` for short ones.
    let dateSource: String?

    /// Reads a `BucketLoggingStatus`; grants on the log are not kept: its objects are their bucket's.
    ///
    /// - Returns: `nil` for one that switches the log off.
    /// - Throws: `MalformedXML`.
    init?(_ document: XMLElement) throws(ServiceError) {
        guard let enabled = document["LoggingEnabled"] else {
            guard document.children.isEmpty else { throw .malformedXML }
            return nil
        }
        guard let bucket = enabled["TargetBucket"]?.text, !bucket.isEmpty,
            let prefix = enabled["TargetPrefix"]?.text
        else { throw .malformedXML }
        self.bucket = bucket
        self.prefix = prefix
        if let partitioned = enabled["TargetObjectKeyFormat"]?["PartitionedPrefix"] {
            guard let source = partitioned["PartitionDateSource"]?.text,
                ["EventTime", "DeliveryTime"].contains(source)
            else { throw .malformedXML }
            dateSource = source
        } else {
            dateSource = nil
        }
    }

    /// The document that says so.
    var document: XMLElement {
        XMLElement("BucketLoggingStatus") {
            XMLElement("LoggingEnabled") {
                XMLElement("TargetBucket", bucket)
                XMLElement("TargetPrefix", prefix)
                XMLElement("TargetObjectKeyFormat") {
                    if let dateSource {
                        XMLElement(
                            "PartitionedPrefix",
                            children: [XMLElement("PartitionDateSource", dateSource)]
                        )
                    } else {
                        XMLElement("SimplePrefix", children: [])
                    }
                }
            }
        }
    }
}
