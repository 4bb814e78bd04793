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

    /// An unknown tag of a known repository means the nearest version: the newest that is not newer.
    private static func release(of image: FrameworkImage) -> String {
        let known = FrameworkImage.containerVersions(of: .xgboost)
        let wanted = FrameworkImage.order(image.containerVersion ?? image.wanted.description)
        return known.last { !wanted.lexicographicallyPrecedes(FrameworkImage.order($0)) } ?? known[0]
    }
}

/// An image that nothing here can run.
package struct UnknownImage: Error, Equatable {
    /// A sentence for the user.
    package let message: String

    init(_ message: String) { self.message = message }
}
