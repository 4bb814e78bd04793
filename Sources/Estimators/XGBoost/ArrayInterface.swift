/// JSON text of the NumPy array interface (version 3), by which XGBoost takes arrays without a copy.
enum ArrayInterface {
    /// - Parameters:
    ///   - address: Of the first element.
    ///   - type: Of each element.
    ///   - shape: Extent of each dimension.
    ///   - strides: Bytes from one element to the next in each dimension; nil if the array is dense and row-major.
    /// - Returns: JSON.
    static func text(address: UInt, type: ElementType, shape: [Int], strides: [Int]? = nil) -> String {
        let strides = strides.map { "[\($0.map(String.init).joined(separator: ","))]" } ?? "null"
        let shape = shape.map(String.init).joined(separator: ",")
        return "{\"data\":[\(address),true],\"shape\":[\(shape)],\"strides\":\(strides),"
            + "\"typestr\":\"\(type.rawValue)\",\"version\":3}"
    }

    enum ElementType: String {
        case float32 = "<f4"
        case uint32 = "<u4"
        case uint64 = "<u8"
    }
}

extension Array where Element: BitwiseCopyable {
    /// Runs `body` with the array interface of these elements as one dimension; the text is of no use afterwards.
    func withArrayInterface<Result, E: Error>(
        of type: ArrayInterface.ElementType,
        _ body: (String) throws(E) -> Result
    ) throws(E) -> Result {
        try unsafe withUnsafeBufferPointer { buffer throws(E) in
            try body(
                ArrayInterface.text(
                    address: UInt(bitPattern: buffer.baseAddress),
                    type: type,
                    shape: [count]
                )
            )
        }
    }
}
