/// Which image `clary images build` wants.
package struct ImageRequest: Codable, Sendable {
    package let uri: String

    package init(uri: String) { self.uri = uri }
}
