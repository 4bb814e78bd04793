/// Reads models as XGBoost and its containers have written them over the years.
package enum ModelFile {
    /// Loads a model of any age, recognised by its content: UBJSON, JSON, the binary format up to 1.7, and pickles of
    /// `xgboost.core.Booster` as the 0.90 to 1.2 containers left them.
    ///
    /// - Throws: `ModelFileError`.
    package static func load(_ bytes: [UInt8]) throws(ModelFileError) -> Booster {
        guard !bytes.isEmpty else { throw .empty }
        guard PickleReader.isPickle(bytes) else { return try load(model: bytes) }
        let handle: [UInt8]
        do { handle = try PickleReader.boosterHandle(in: bytes) } catch { throw .pickle(error) }
        // Up to 0.90 the pickle keeps the plain model, later the model with the training's state.
        if let model = try modelInOldState(handle) { return try load(model: model) }
        return handle.first == 0x7B ? try load(state: handle) : try load(model: handle)
    }

    private static func load(model: [UInt8]) throws(ModelFileError) -> Booster {
        do throws(XGBoostError) {
            let booster = try Booster()
            try booster.load(model: model)
            return booster
        } catch { throw .library(error) }
    }

    private static func load(state: [UInt8]) throws(ModelFileError) -> Booster {
        do throws(XGBoostError) {
            let booster = try Booster()
            try booster.load(state: state)
            return booster
        } catch { throw .library(error) }
    }

    /// The plain model inside a state of 1.0 to 1.2: a mark, the 64-bit place of the configuration, counted behind
    /// that number, the model in the binary format, and the configuration as JSON.
    private static func modelInOldState(_ state: [UInt8]) throws(ModelFileError) -> [UInt8]? {
        let mark = Array("CONFIG-offset:".utf8)
        guard state.starts(with: mark) else { return nil }
        let start = mark.count + 8
        guard state.count > start else { throw .truncated }
        let offset = (0..<8).reduce(UInt64(0)) { $0 | UInt64(state[mark.count + $1]) << UInt64(8 * $1) }
        guard let size = Int(exactly: offset), size <= state.count - start else { throw .truncated }
        return Array(state[start..<start + size])
    }
}

/// Why a file is no model that can be loaded.
package enum ModelFileError: Error, CustomStringConvertible {
    case empty
    case truncated
    case pickle(PickleReader.Failure)
    case library(XGBoostError)

    package var description: String {
        switch self {
        case .empty: "the file is empty"
        case .truncated: "the model inside the pickle is cut off"
        case .pickle(.noBooster): "the pickle holds no xgboost.core.Booster with a model"
        case .pickle(let failure): "the pickle cannot be read: \(failure)"
        case .library(let error): error.description
        }
    }
}
