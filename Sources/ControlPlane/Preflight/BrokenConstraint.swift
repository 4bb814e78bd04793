import AWSWire
import Foundation
import Resources

/// A constraint of the service model that a request breaks, in words for a person.
struct BrokenConstraint {
    /// As the service says it.
    private let words: String

    /// More values than these are not listed.
    private static let mostValues = 12

    /// Every constraint that a request breaks.
    static func all(of request: some WireShape) -> [BrokenConstraint] {
        var checker = ConstraintChecker()
        request.validate(&checker)
        return checker.violations.map(BrokenConstraint.init(words:))
    }

    /// Whether it is about a member, such as `tags.1.member.value`, or what is below it.
    func isAbout(_ location: String) -> Bool {
        words.contains(" at '\(location)'") || words.contains(" at '\(location).")
    }

    /// The service's words, with the nearest values where it lists very many.
    ///
    /// `nil` for an unknown instance type of a job or a variant: the admission says that by itself.
    var sentence: String? {
        guard let list = words.range(of: " enum value set: [", options: .backwards), words.hasSuffix("]")
        else { return words + "." }
        let values = words[list.upperBound...].dropLast().components(separatedBy: ", ")
        guard values.count > Self.mostValues,
            let match = words.wholeMatch(
                of: /(?s)Value '(?<value>.*)' at '(?<place>[^']*)' failed to satisfy .*/
            )
        else { return words + "." }
        let isTold = match.place.hasPrefix("resourceConfig.") || match.place.hasPrefix("productionVariants.")
        if isTold, match.place.hasSuffix(".instanceType"),
            InstanceCatalogue.type(named: String(match.value)) == nil
        {
            return nil
        }
        let near = NearestNames.to(String(match.value), among: values, atMost: 3)
        return """
            Value '\(match.value)' at '\(match.place)' is none of the \(values.count) that there are\
            \(near.isEmpty ? "" : "; near it are \(near.joined(separator: ", "))"). The help of the operation in the \
            AWS CLI lists all.
            """
    }
}
