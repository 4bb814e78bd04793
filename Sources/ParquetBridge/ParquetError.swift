package import DataFormats

/// Why Parquet could not be read or written.
package enum ParquetError: Error, Equatable, CustomStringConvertible {
    /// There is no pyarrow here, and none could be installed.
    case unavailable(String)
    /// Something about the data.
    case data(DataFormatError)
    /// The bridge's process did not do what it should.
    case bridge(String)

    package var description: String {
        switch self {
        case .unavailable(let reason): reason
        case .data(let error): "\(error)"
        case .bridge(let reason): "the Parquet bridge failed: \(reason)"
        }
    }
}
