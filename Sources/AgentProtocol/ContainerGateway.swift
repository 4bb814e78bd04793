/// How a container reaches the platform: `clary init` relays loopback ports to the control plane's sockets.
package enum ContainerGateway {
    /// TCP port on 127.0.0.1 inside the instance for the platform itself.
    package static let port = 4050
    /// TCP port on 127.0.0.1 inside the instance for the HTTPS proxy.
    package static let proxyPort = 4051
    /// TCP port on 127.0.0.1 inside the instance for the credentials of its role.
    package static let credentialsPort = 4052
    /// What `AWS_ENDPOINT_URL` is inside a container.
    package static let url = "http://127.0.0.1:\(port)"
    /// What `HTTPS_PROXY` is inside a container.
    package static let proxyURL = "http://127.0.0.1:\(proxyPort)"
    /// Where the directory of the control plane's sockets is inside.
    package static let directory = "/run/clary/gateway"
    /// Name of the control plane's socket in that directory.
    package static let socketName = "gateway.sock"
    /// Name of the proxy's socket in that directory.
    package static let proxySocketName = "proxy.sock"
    /// Name of the file of certificates that clients of the proxy trust, in that directory.
    package static let certificatesName = "ca-bundle.pem"
    /// Where the agent's own directory is inside, and the name of its socket there.
    package static let credentialsDirectory = "/run/clary/credentials"
    package static let credentialsSocketName = "agent.sock"
    /// Where the product's own binary is inside a container.
    package static let binary = "/run/clary/clary"
}
