/// How images come from registries that want to know who asks.
enum RegistryAccess {
    /// Why a request's own way is refused, and what to do instead.
    static func refusal(of field: String) -> String {
        """
        \(field) names a Lambda function that returns a registry's password, and no Lambda functions run here. Leave it \
        out, and log in to the registry once on the machine that runs Clary, as the user that it runs as: `podman login \
        HOST` or `docker login HOST`.
        """
    }
}
