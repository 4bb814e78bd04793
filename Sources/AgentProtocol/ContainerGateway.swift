/// How a container reaches the platform: `clary init` relays this loopback port to the control plane's socket.
package enum ContainerGateway {
    /// TCP port on 127.0.0.1 inside the instance.
    package static let port = 4050
    /// What `AWS_ENDPOINT_URL` is inside a container.
    package static let url = "http://127.0.0.1:\(port)"
    /// Name of the control plane's socket in the directory that is bound into the sandbox.
    package static let socketName = "gateway.sock"
    /// Where the product's own binary is inside a container.
    package static let binary = "/run/clary/clary"
}
