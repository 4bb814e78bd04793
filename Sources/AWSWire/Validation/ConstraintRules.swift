/// What the service model says about a string.
package struct StringRule: Sendable {
    /// In Unicode scalars.
    package let minimum: Int?
    /// In Unicode scalars.
    package let maximum: Int?
    package let pattern: Pattern?
    /// The legal values of an enumeration, in the model's order; empty if every value is legal.
    package let values: [String]

    package init(minimum: Int? = nil, maximum: Int? = nil, pattern: Pattern? = nil, values: [String] = []) {
        self.minimum = minimum
        self.maximum = maximum
        self.pattern = pattern
        self.values = values
    }

    /// Every string is legal.
    package static let any = StringRule()

    /// The constraints in words, in the order in which the services list them.
    var texts: [String] {
        var texts: [String] = []
        if let maximum { texts.append("Member must have length less than or equal to \(maximum)") }
        if let minimum { texts.append("Member must have length greater than or equal to \(minimum)") }
        if let pattern {
            texts.append("Member must satisfy regular expression pattern: \(pattern.anchoredSource)")
        }
        if !values.isEmpty {
            texts.append("Member must satisfy enum value set: [\(values.joined(separator: ", "))]")
        }
        return texts
    }

    /// The constraints in words that `text` breaks.
    func violations(of text: String) -> [String] {
        var violations: [String] = []
        let length = text.unicodeScalars.count
        if let maximum, length > maximum {
            violations.append("Member must have length less than or equal to \(maximum)")
        }
        if let minimum, length < minimum {
            violations.append("Member must have length greater than or equal to \(minimum)")
        }
        // A text that is too long is not matched: its length is refused already, and matching costs its
        // length.
        if let pattern, length <= maximum ?? .max, !pattern.matches(text) {
            violations.append("Member must satisfy regular expression pattern: \(pattern.anchoredSource)")
        }
        if !values.isEmpty, !values.contains(text) {
            violations.append("Member must satisfy enum value set: [\(values.joined(separator: ", "))]")
        }
        return violations
    }
}

/// What the service model says about a number: both bounds are legal values.
package struct NumberRule<Number: Comparable & Sendable>: Sendable {
    package let minimum: Number?
    package let maximum: Number?

    package init(minimum: Number? = nil, maximum: Number? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// The constraints in words that `number` breaks.
    func violations(of number: Number) -> [String] {
        var violations: [String] = []
        if let maximum, number > maximum {
            violations.append("Member must have value less than or equal to \(maximum)")
        }
        if let minimum, number < minimum {
            violations.append("Member must have value greater than or equal to \(minimum)")
        }
        return violations
    }
}

/// What the service model says about the number of members of a list or map, or of bytes of a blob.
package struct CountRule: Sendable {
    package let minimum: Int?
    package let maximum: Int?

    package init(minimum: Int? = nil, maximum: Int? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Every size is legal.
    package static let any = CountRule()

    /// The constraints in words that `count` breaks.
    func violations(of count: Int) -> [String] {
        var violations: [String] = []
        if let maximum, count > maximum {
            violations.append("Member must have length less than or equal to \(maximum)")
        }
        if let minimum, count < minimum {
            violations.append("Member must have length greater than or equal to \(minimum)")
        }
        return violations
    }
}

/// Whether a member may be left out.
package enum Presence: Sendable {
    case optional
    case required
}
