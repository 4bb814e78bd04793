/// Where bytes come from, a piece at a time.
package protocol ByteSource {
    /// Appends at most `count` bytes to `buffer`.
    ///
    /// - Returns: Number of bytes appended; 0 at the end.
    mutating func read(into buffer: inout [UInt8], atMost count: Int) throws -> Int
}
