package import Images

/// What an image URI stands for here, in the use that a request makes of it.
package enum ContainerImage: Equatable, Sendable {
    /// The built-in XGBoost, behaving as the container of that version (`0.72`, `1.7-1`, …).
    case xgboost(version: String)
    /// A framework whose environment runs a script of the user's.
    case framework(FrameworkImage)
    /// Somebody's own: a container engine runs it.
    case oci(reference: String)

    /// What a container is to do with an image.
    package enum Use: Sendable, Equatable {
        /// Whatever the image does by itself: the built-in algorithm, if it has one.
        case itself
        /// A script or a command of the user's.
        case script
    }

    /// Finds the implementation of an image.
    ///
    /// - Throws: `UnknownImage` with a sentence for the user.
    package static func resolve(_ uri: String, for use: Use) throws(UnknownImage) -> ContainerImage {
        let reference = ImageReference(uri)
        switch ImageCatalogue.entry(for: reference) {
        case .xgboost: return .xgboost(version: "0.72")
        case .framework(let image) where image.framework == .xgboost && use == .itself:
            return .xgboost(version: Self.release(of: image))
        case .framework(let image): return .framework(image)
        case .absent(let reason):
            throw UnknownImage("The image '\(uri)' is not one that this Clary can run: \(reason).")
        case .foreign: return .oci(reference: uri)
        }
    }

    /// The same, if a sandbox can run it.
    ///
    /// - Throws: `UnknownImage` with a sentence for the user.
    func inSandbox(_ uri: String) throws(UnknownImage) -> ContainerImage {
        guard case .oci = self else { return self }
        throw UnknownImage(
            """
            The image '\(uri)' is not one that Clary runs in a sandbox: those are the built-in algorithm XGBoost \
            (repositories xgboost and sagemaker-xgboost) and the framework images of `clary images`. Other images need a \
            container engine: leave out CLARY_RUNTIME and --runtime sandbox.
            """
        )
    }

    /// The versions of the XGBoost container that SageMaker has published, oldest first.
    package static let xgboostVersions = [
        "0.90-1", "0.90-2", "1.0-1", "1.2-1", "1.2-2", "1.3-1", "1.5-1", "1.7-1", "3.0-5",
    ]

    /// An unknown tag of a known repository means the nearest version: the newest that is not newer.
    private static func release(of image: FrameworkImage) -> String {
        let wanted = order(image.containerVersion ?? image.wanted.description)
        return xgboostVersions.last { !wanted.lexicographicallyPrecedes(order($0)) } ?? xgboostVersions[0]
    }

    /// `1.7-1` → 1, 7, 1.
    private static func order(_ version: String) -> [Int] {
        let parts = version.split(separator: "-")
        return parts[0].split(separator: ".").compactMap { Int($0) }.prefix(2)
            + [parts.count > 1 ? Int(parts[1]) ?? 0 : 0]
    }
}

/// An image that nothing here can run.
package struct UnknownImage: Error, Equatable {
    /// A sentence for the user.
    package let message: String

    init(_ message: String) { self.message = message }
}
