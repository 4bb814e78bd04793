import CLinux
import Glibc
import Synchronization

/// An open file descriptor that is closed exactly once.
package struct Descriptor: ~Copyable, Sendable {
    package let number: Int32

    /// Takes over an open descriptor.
    package init(owning number: Int32) { self.number = number }

    deinit { close(number) }

    /// Gives the descriptor to somebody else, who will close it.
    package consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }
}

/// A descriptor on its way from one task to another, which is closed where nobody takes it.
package final class Parcel: Sendable {
    private let content: Mutex<Descriptor?>

    package init(_ descriptor: consuming Descriptor) { content = Mutex(descriptor) }

    /// `nil` the second time.
    package func take() -> Descriptor? { content.withLock { $0.take() } }
}

/// A call that the kernel refused.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// What was tried, in a person's words: `mount an overlay at …`.
    package let attempt: String
    /// `errno`.
    package let code: Int32

    package init(_ attempt: String, code: Int32) {
        self.attempt = attempt
        self.code = code
    }

    package var description: String { "Cannot \(attempt): \(String(cString: strerror(code)))." }
}

/// Passes on a result `>= 0` of the `CLinux` functions.
///
/// - Throws: `SystemError` for a negative one.
@discardableResult
func check(_ result: Int32, _ attempt: @autoclosure () -> String) throws(SystemError) -> Int32 {
    guard result >= 0 else { throw SystemError(attempt(), code: -result) }
    return result
}

/// Everything from the descriptor's position to its end.
///
/// - Throws: `SystemError` if reading fails.
func readToEnd(_ descriptor: Int32) throws(SystemError) -> [UInt8] {
    var content: [UInt8] = []
    while true {
        var result = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            result = read(descriptor, buffer.baseAddress, buffer.count)
            count = max(0, result)
        }
        if result < 0, errno == EINTR { continue }
        guard result >= 0 else { throw SystemError("read descriptor \(descriptor)", code: errno) }
        guard !chunk.isEmpty else { return content }
        content += chunk
    }
}
