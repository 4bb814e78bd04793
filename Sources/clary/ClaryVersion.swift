/// Which Clary this is.
enum ClaryVersion {
    static let current = "0.1.0"
}
