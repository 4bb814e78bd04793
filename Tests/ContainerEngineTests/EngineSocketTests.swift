import ContainerEngine
import Testing

@Suite struct EngineSocketTests {
    @Test func `those that the environment names come first`() {
        let found = EngineSocket.candidates(environment: [
            "DOCKER_HOST": "unix:///tmp/own.sock", "XDG_RUNTIME_DIR": "/run/user/7",
        ])
        #expect(
            found == [
                "/tmp/own.sock", "/var/run/docker.sock", "/run/user/7/podman/podman.sock",
                "/run/user/7/docker.sock", "/run/podman/podman.sock",
            ]
        )
    }

    @Test func `an engine of another machine is none`() {
        #expect(EngineSocket.path(of: "tcp://10.0.0.1:2375") == nil)
        #expect(EngineSocket.path(of: "unix://relative") == nil)
        #expect(EngineSocket.path(of: "/a/path") == "/a/path")
    }
}
