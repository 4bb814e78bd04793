/// A database that a newer Clary has written.
package struct NewerSchema: Error, Equatable, Sendable, CustomStringConvertible {
    /// The database's file.
    package let file: String

    package init(file: String) { self.file = file }

    package var description: String {
        """
        \(file) was written by a newer Clary, whose tables this one does not know. Use a Clary that is at least as \
        new; nothing was changed.
        """
    }
}
