import Resources

/// Names of what an engine makes for an instance.
enum EngineName {
    /// Such as `clary-t-demo-x7k2-1-1-9f31`: what engines take is letters, digits, `_`, `.` and `-`.
    static func make(_ name: String, _ suffix: String) -> String {
        let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }
        return "clary-\(String(safe))-\(suffix)"
    }

    /// Tells the instances of one directory from those of another.
    static func suffix(of directory: String) -> String {
        String(FNV1a.hash(directory), radix: 36)
    }
}
