/// The executable: one file per subcommand.
@main
struct Clary {
    static func main() {
        print("clary")
    }
}
