/// A regular expression of a service model, matched against whole texts.
///
/// The pattern becomes a nondeterministic automaton whose states are followed all at once (Thompson 1968), so
/// the time is at most the length of the text times the size of the pattern: no input makes it hang, as
/// backtracking matchers do on `(a*)*b`.
package struct Pattern: Sendable, CustomStringConvertible {
    /// As the model spells it.
    package let source: String
    private let automaton: PatternAutomaton

    /// A pattern that is known to be good: every generated one is tested.
    package init(_ source: String) {
        do {
            try self.init(parsing: source)
        } catch {
            preconditionFailure("The pattern '\(error.source)' has \(error.reason).")
        }
    }

    /// Reads a pattern.
    ///
    /// - Throws: `UnsupportedPattern`.
    package init(parsing source: String) throws(UnsupportedPattern) {
        self.source = source
        var parser = PatternParser(source)
        automaton = PatternAutomaton(try parser.parse())
    }

    package var description: String { source }

    /// With the `^` that the services' messages show.
    package var anchoredSource: String { source.hasPrefix("^") ? source : "^" + source }

    /// Whether the whole text matches.
    package func matches(_ text: String) -> Bool { automaton.matches(Array(text.unicodeScalars)) }
}

/// The automaton of one pattern: instructions, of which the first is the start.
struct PatternAutomaton: Sendable {
    private enum Instruction: Sendable {
        /// Consumes one character of the set.
        case consume(ScalarSet)
        case fork(Int, Int)
        case jump(Int)
        case assertion(Assertion)
        case match
    }

    private enum Assertion: Sendable {
        case start
        case end
        case wordBoundary
        case lookahead(PatternAutomaton.Reference, isNegative: Bool)
        case lookbehind(ScalarSet, isNegative: Bool)
    }

    /// Holds the automaton of a look-ahead: a value type cannot contain itself.
    private final class Reference: Sendable {
        let automaton: PatternAutomaton

        init(_ automaton: PatternAutomaton) { self.automaton = automaton }
    }

    private var instructions: [Instruction] = []
    /// Set if the pattern is one repeated set, which needs no automaton: `[a-z]{1,64}`, `.*`.
    private var run: (set: ScalarSet, minimum: Int, maximum: Int?)?

    init(_ node: PatternNode) {
        if case .repetition(.set(let set), let minimum, let maximum) = node { run = (set, minimum, maximum) }
        append(node)
        instructions.append(.match)
    }

    /// Whether the whole text matches.
    func matches(_ text: [Unicode.Scalar]) -> Bool {
        if let run {
            guard text.count >= run.minimum, text.count <= run.maximum ?? .max else { return false }
            return text.allSatisfy(run.set.contains)
        }
        return matches(text, from: 0, toEnd: true)
    }

    // MARK: Construction

    private mutating func append(_ node: PatternNode) {
        switch node {
        case .set(let set): instructions.append(.consume(set))
        case .start: instructions.append(.assertion(.start))
        case .end: instructions.append(.assertion(.end))
        case .wordBoundary: instructions.append(.assertion(.wordBoundary))
        case .lookbehind(let set, let isNegative):
            instructions.append(.assertion(.lookbehind(set, isNegative: isNegative)))
        case .lookahead(let inner, let isNegative):
            instructions.append(
                .assertion(.lookahead(Reference(PatternAutomaton(inner)), isNegative: isNegative))
            )
        case .sequence(let nodes):
            for node in nodes { append(node) }
        case .alternatives(let branches):
            append(alternatives: branches)
        case .repetition(let inner, let minimum, let maximum):
            append(repetition: inner, minimum: minimum, maximum: maximum)
        }
    }

    private mutating func append(alternatives branches: [PatternNode]) {
        var exits: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                append(branch)
                break
            }
            let fork = reserve()
            append(branch)
            exits.append(reserve())
            instructions[fork] = .fork(fork + 1, instructions.count)
        }
        for exit in exits { instructions[exit] = .jump(instructions.count) }
    }

    private mutating func append(repetition inner: PatternNode, minimum: Int, maximum: Int?) {
        for _ in 0..<minimum { append(inner) }
        guard let maximum else {
            let loop = reserve()
            append(inner)
            instructions.append(.jump(loop))
            instructions[loop] = .fork(loop + 1, instructions.count)
            return
        }
        var forks: [Int] = []
        for _ in minimum..<max(minimum, maximum) {
            forks.append(reserve())
            append(inner)
        }
        for fork in forks { instructions[fork] = .fork(fork + 1, instructions.count) }
    }

    /// A place for an instruction whose targets are not known yet.
    private mutating func reserve() -> Int {
        instructions.append(.match)
        return instructions.count - 1
    }

    // MARK: Matching

    /// Follows all states from a position; `toEnd` asks that a match ends where the text does.
    private func matches(_ text: [Unicode.Scalar], from start: Int, toEnd: Bool) -> Bool {
        var current = StateSet(capacity: instructions.count)
        var following = StateSet(capacity: instructions.count)
        follow(0, at: start, in: text, into: &current)
        for position in start...text.count {
            for state in current.members {
                switch instructions[state] {
                case .match where !toEnd || position == text.count:
                    return true
                case .consume(let set) where position < text.count && set.contains(text[position]):
                    follow(state + 1, at: position + 1, in: text, into: &following)
                default:
                    break
                }
            }
            if following.members.isEmpty { return false }
            swap(&current, &following)
            following.removeAll()
        }
        return false
    }

    /// Adds a state and every state that it reaches without consuming a character.
    private func follow(_ state: Int, at position: Int, in text: [Unicode.Scalar], into set: inout StateSet) {
        set.pending.append(state)
        while let next = set.pending.popLast() {
            guard set.insert(next) else { continue }
            switch instructions[next] {
            case .jump(let target): set.pending.append(target)
            case .fork(let first, let second):
                set.pending.append(second)
                set.pending.append(first)
            case .assertion(let assertion) where holds(assertion, at: position, in: text):
                set.pending.append(next + 1)
            case .assertion, .consume, .match: break
            }
        }
    }

    private func holds(_ assertion: Assertion, at position: Int, in text: [Unicode.Scalar]) -> Bool {
        switch assertion {
        case .start:
            return position == 0
        case .end:
            return position == text.count
        case .wordBoundary:
            let before = position > 0 && ScalarSet.word.contains(text[position - 1])
            let after = position < text.count && ScalarSet.word.contains(text[position])
            return before != after
        case .lookahead(let reference, let isNegative):
            return reference.automaton.matches(text, from: position, toEnd: false) != isNegative
        case .lookbehind(let set, let isNegative):
            return (position > 0 && set.contains(text[position - 1])) != isNegative
        }
    }
}

/// A set of states that remembers the order of insertion and is emptied in the time of its size.
private struct StateSet {
    private(set) var members: [Int] = []
    /// States still to be followed: here, so that following allocates nothing.
    var pending: [Int] = []
    private var isMember: [Bool]

    init(capacity: Int) { isMember = Array(repeating: false, count: capacity) }

    /// Adds a state; false if it was there.
    mutating func insert(_ state: Int) -> Bool {
        guard !isMember[state] else { return false }
        isMember[state] = true
        members.append(state)
        return true
    }

    mutating func removeAll() {
        for state in members { isMember[state] = false }
        members.removeAll(keepingCapacity: true)
    }
}
