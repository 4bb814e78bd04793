/// Labels of everything that Clary has an engine make.
package enum EngineLabel {
    /// Of the instance that it was made for.
    package static let instance = "clary.instance"
    /// Of the directory of instances, which tells one server's from another's.
    package static let directory = "clary.directory"
}
