import AWSWire
import Foundation
import ObjectStore

/// When objects of a bucket go by themselves.
struct LifecycleRules {
    let rules: [Rule]
    /// As it is given back: every rule with an id.
    let document: XMLElement

    struct Rule {
        let id: String
        let isEnabled: Bool
        let prefix: String
        let tags: [String: String]
        let minimumSize: Int?
        let maximumSize: Int?
        /// When latest versions go.
        let expiration: Moment?
        let removesLoneMarkers: Bool
        let noncurrentDays: Int?
        /// Replaced versions of a key that stay whatever their age.
        let noncurrentKept: Int
        let abortDays: Int?

        enum Moment {
            case days(Int)
            case date(Date)
        }

        /// Whether the rule speaks of an object.
        func applies(to record: ObjectRecord, tags present: [String: String]) -> Bool {
            record.key.description.hasPrefix(prefix)
                && tags.allSatisfy { present[$0.key] == $0.value }
                && minimumSize.map { record.size > $0 } ?? true
                && maximumSize.map { record.size < $0 } ?? true
        }
    }

    private static func invalid(_ text: String) -> ServiceError { .init("InvalidArgument", text) }

    /// Reads a `LifecycleConfiguration`.
    ///
    /// - Throws: `MalformedXML`, `InvalidArgument` or `InvalidRequest`; `NotImplemented` for a move to another storage class.
    init(_ document: XMLElement) throws {
        let elements = document.children(named: "Rule")
        guard (1...1000).contains(elements.count) else { throw ServiceError.malformedXML }
        var ids: Set<String> = []
        var rules: [Rule] = []
        var written: [XMLElement] = []
        for element in elements {
            let rule = try Self.rule(element)
            guard ids.insert(rule.id).inserted else {
                throw Self.invalid("Rule ID must be unique. Found same ID for more than one rule")
            }
            rules.append(rule)
            var children = element.children.filter { $0.name != "ID" }
            children.insert(XMLElement("ID", rule.id), at: 0)
            written.append(XMLElement("Rule", children: children))
        }
        self.rules = rules
        self.document = XMLElement("LifecycleConfiguration", children: written)
    }

    private static func rule(_ element: XMLElement) throws -> Rule {
        let given = element["ID"]?.text ?? ""
        let id = given.isEmpty ? UUID().uuidString.lowercased() : given
        guard id.utf8.count <= 255 else { throw invalid("ID length should not exceed allowed limit of 255") }
        guard let status = element["Status"]?.text, ["Enabled", "Disabled"].contains(status) else {
            throw ServiceError.malformedXML
        }
        for name in ["Transition", "NoncurrentVersionTransition"] {
            for transition in element.children(named: name) where transition["Date"] != nil {
                _ = try moment(transition)
            }
            guard element[name] == nil else {
                throw ServiceError.notImplemented("\(name) of a lifecycle rule")
            }
        }
        guard element["Filter"] != nil || element["Prefix"] != nil else { throw ServiceError.malformedXML }
        let filter = element["Filter"]?["And"] ?? element["Filter"]
        var tags: [String: String] = [:]
        for tag in filter?.children(named: "Tag") ?? [] {
            tags[tag["Key"]?.text ?? ""] = tag["Value"]?.text ?? ""
        }
        var moment: Rule.Moment?
        var removesMarkers = false
        if let expiration = element["Expiration"] {
            removesMarkers = expiration["ExpiredObjectDeleteMarker"]?.text.lowercased() == "true"
            moment = try Self.moment(expiration)
            guard removesMarkers || moment != nil || expiration["ExpiredObjectDeleteMarker"] != nil else {
                throw ServiceError.malformedXML
            }
            guard !(removesMarkers && moment != nil) else { throw ServiceError.malformedXML }
        }
        let noncurrent = element["NoncurrentVersionExpiration"]
        let rule = Rule(
            id: id,
            isEnabled: status == "Enabled",
            prefix: filter?["Prefix"]?.text ?? element["Prefix"]?.text ?? "",
            tags: tags,
            minimumSize: filter?["ObjectSizeGreaterThan"].flatMap { Int($0.text) },
            maximumSize: filter?["ObjectSizeLessThan"].flatMap { Int($0.text) },
            expiration: moment,
            removesLoneMarkers: removesMarkers,
            noncurrentDays: try noncurrent.map { try days($0["NoncurrentDays"]) },
            noncurrentKept: noncurrent?["NewerNoncurrentVersions"].flatMap { Int($0.text) } ?? 0,
            abortDays: try element["AbortIncompleteMultipartUpload"].map {
                try days($0["DaysAfterInitiation"])
            }
        )
        guard element["Expiration"] != nil || noncurrent != nil || rule.abortDays != nil else {
            throw ServiceError.invalidRequest(
                "At least one action needs to be specified in a rule."
            )
        }
        return rule
    }

    private static func days(_ element: XMLElement?) throws -> Int {
        guard let element, let days = Int(element.text) else { throw ServiceError.malformedXML }
        guard days > 0 else { throw invalid("'Days' must be a positive integer") }
        return days
    }

    /// When an `Expiration` or a `Transition` is due.
    private static func moment(_ expiration: XMLElement) throws -> Rule.Moment? {
        if let days = expiration["Days"] {
            guard expiration["Date"] == nil else { throw ServiceError.malformedXML }
            return .days(try Self.days(days))
        }
        guard let text = expiration["Date"]?.text else { return nil }
        guard let date = HTTPDate.parse(text) ?? Self.day(text) else { throw ServiceError.malformedXML }
        guard date.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400) == 0 else {
            throw invalid("'Date' must be at midnight GMT")
        }
        return .date(date)
    }

    /// `2030-01-01`, and times with fractions of seconds.
    private static func day(_ text: String) -> Date? {
        (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle().year().month().day().parse(text))
    }

    /// The rule and the time of an object's end, as replies tell it.
    func expiry(of record: ObjectRecord) -> (date: Date, rule: String)? {
        for rule in rules where rule.isEnabled && rule.applies(to: record, tags: record.headers.tags) {
            switch rule.expiration {
            case .days(let days): return (Self.midnight(after: record.modified, days: days), rule.id)
            case .date(let date): return (date, rule.id)
            case nil: continue
            }
        }
        return nil
    }

    /// S3 counts in days of GMT: the next midnight after so many days.
    static func midnight(after date: Date, days: Int) -> Date {
        let day = (date.timeIntervalSince1970 / 86_400).rounded(.down)
        return Date(timeIntervalSince1970: (day + Double(days) + 1) * 86_400)
    }
}
