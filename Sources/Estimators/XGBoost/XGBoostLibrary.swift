import CXGBoost
import Glibc
import Synchronization

/// The XGBoost library, loaded into this process.
package struct XGBoostLibrary: Sendable {
    /// Where it was found.
    package let path: String
    /// Version that the library reports, such as `3.0.5`.
    package let version: String

    /// Environment variable that names the library file and goes before every other place.
    package static let pathVariable = "CLARY_XGBOOST_LIBRARY"

    /// Files to look for, the first choice first.
    ///
    /// - Parameters:
    ///   - environment: Of the process.
    ///   - executable: Absolute path of the running program.
    /// - Returns: Absolute paths.
    package static func candidates(environment: [String: String], executable: String) -> [String] {
        if let chosen = environment[pathVariable], !chosen.isEmpty { return [chosen] }
        let folder = parent(of: executable)
        var candidates = ["\(parent(of: folder))/lib/clary", "/usr/local/lib/clary", "/usr/lib/clary"]
        // A development build lies somewhere below the repository, which keeps its own copy.
        var ancestor = folder
        while !ancestor.isEmpty {
            candidates.append("\(ancestor)/.clary/lib")
            ancestor = parent(of: ancestor)
        }
        return candidates.map { "\($0)/libxgboost.so" }
    }

    /// Loads the first candidate that exists; later calls find it loaded.
    ///
    /// - Throws: `XGBoostError.libraryMissing` if none exists, `.libraryUnusable` if it cannot be loaded.
    package static func load(from candidates: [String]) throws(XGBoostError) -> XGBoostLibrary {
        guard let path = candidates.first(where: exists) else {
            throw .libraryMissing(searched: candidates)
        }
        // The wheel brings an OpenMP runtime with a name of its own; where it was put beside the library, it is used.
        let runtime = "\(parent(of: path))/libgomp-e985bcbb.so.1.0.0"
        let reason = loading.withLock { _ in
            unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer -> String? in
                let status = unsafe cxgb_open(
                    path,
                    exists(runtime) ? runtime : nil,
                    buffer.baseAddress,
                    buffer.count
                )
                guard status != 0, let text = buffer.baseAddress else { return nil }
                return unsafe String(cString: text)
            }
        }
        if let reason { throw .libraryUnusable(path: path, reason: reason) }
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        unsafe cxgb_version(&major, &minor, &patch)
        return XGBoostLibrary(path: path, version: "\(major).\(minor).\(patch)")
    }

    /// Hands every line that the library logs to `sink`, on whatever thread it logs.
    package static func log(to sink: @escaping @Sendable (String) -> Void) throws(XGBoostError) {
        logSink.withLock { $0 = sink }
        try unsafe check(
            cxgb_log_to { line in
                guard let line = unsafe line else { return }
                let text = unsafe String(cString: line)
                logSink.withLock(\.self)?(text)
            }
        )
    }

    private static func exists(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }
}

private let loading = Mutex(())
private let logSink = Mutex<(@Sendable (String) -> Void)?>(nil)

/// Why the library could not do what it was asked.
package enum XGBoostError: Error, Equatable {
    /// No candidate file exists.
    case libraryMissing(searched: [String])
    case libraryUnusable(path: String, reason: String)
    /// The library's own message, without its stack trace.
    case library(String)
}

extension XGBoostError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .libraryMissing(let searched):
            "libxgboost.so was not found in \(searched.joined(separator: ", ")). Run `make setup`, or name the file in "
                + "\(XGBoostLibrary.pathVariable)."
        case .libraryUnusable(let path, let reason): "\(path) cannot be loaded: \(reason)"
        case .library(let message): message
        }
    }
}

/// Turns a status of the C interface into an error.
func check(_ status: Int32) throws(XGBoostError) {
    guard status != 0 else { return }
    let message = unsafe cxgb_last_error().map { unsafe String(cString: $0) } ?? "unknown error"
    throw .library(withoutTrace(message))
}

/// The message of an exception of the library: it comes as `[time] file:line: message` and a stack trace.
private func withoutTrace(_ message: String) -> String {
    let head = message.split(separator: "Stack trace:", omittingEmptySubsequences: false).first ?? ""
    var text = head.split(whereSeparator: \.isNewline).joined(separator: " ")[...]
    if text.hasPrefix("["),
        let end = text.firstRange(of: ".cc:") ?? text.firstRange(of: ".h:") ?? text.firstRange(of: ".cu:")
    {
        let rest = text[end.upperBound...].drop { $0.isNumber }
        text = rest.hasPrefix(": ") ? rest.dropFirst(2) : rest
    }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
}
