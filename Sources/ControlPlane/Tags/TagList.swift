import AWSWire
import SageMakerAPI
import Store

/// Tags of a request as they are kept.
enum TagList {
    /// The rule that tags must fulfil.
    static func check(_ tags: [SageMaker.Tag]?) -> AdmissionCheck {
        AdmissionCheck("Tags") { () throws(ServiceError) in _ = try checked(tags) }
    }

    /// Checks what the service model cannot: unique keys, none reserved.
    static func checked(_ tags: [SageMaker.Tag]?) throws(ServiceError) -> [ResourceTag] {
        var seen: Set<String> = []
        var result: [ResourceTag] = []
        for tag in tags ?? [] {
            let (key, value) = (tag.key ?? "", tag.value ?? "")
            guard !key.lowercased().hasPrefix("aws:") else {
                throw .validation("Tag keys that begin with 'aws:' are reserved: '\(key)'.")
            }
            guard seen.insert(key).inserted else { throw .validation("The tag key '\(key)' is there twice.") }
            result.append(ResourceTag(key: key, value: value))
        }
        return result
    }
}
