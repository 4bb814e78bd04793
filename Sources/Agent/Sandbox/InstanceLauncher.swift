import CLinux
import Glibc

/// The process between the holder and bubblewrap: in the instance's own network and mount namespaces it configures
/// the interface, mounts the overlays and becomes bubblewrap.
struct InstanceLauncher {
    let request: LaunchRequest
    /// In the order of `LaunchRequest.Attachment`, then the detached mounts of the stage.
    let descriptors: [Int32]
    /// To the holder, closed by a successful exec.
    let line: Int32
    /// Addresses of this machine, which a way out must not lead to; `nil` where there is no way out.
    let unreachable: [UInt32]?

    func run() -> Never {
        do {
            try prepare()
            becomeBubblewrap()
            say(.sandbox, "Cannot run \(request.command[0]): \(String(cString: strerror(errno))).")
        } catch {
            say(error.stage, error.text)
        }
        _exit(1)
    }

    private func prepare() throws(LaunchFailure) {
        clx_die_with_parent()
        clx_reset_signals()
        let group = descriptors[LaunchRequest.Attachment.group.rawValue]
        let entered = write(group, "0", 1)
        try attempt(.sandbox, entered == 1 ? 0 : -errno, "enter the control group")
        try attempt(.network, clx_enter_instance_namespaces(), "enter a network namespace")
        let ready = Records.encode([Holder.inNamespaces])
        try attempt(.network, clx_send(line, ready, ready.count, nil, 0), "reach the holder")
        var go: UInt8 = 0
        try attempt(.network, clx_receive(line, &go, 1, nil, nil), "hear from the holder")
        try attempt(.network, clx_link_up("lo"), "bring the loopback interface up")
        try attempt(
            .network,
            clx_address_add("eth0", InstanceAddress.number(request.index), InstanceAddress.prefixLength),
            "give eth0 its address"
        )
        try attempt(.network, clx_link_up("eth0"), "bring eth0 up")
        try openWayOut()
        try buildStage()
        for (mount, target) in zip(descriptors.suffix(request.attachments.count), request.attachments) {
            try attempt(.sandbox, clx_move_mount(mount, target), "attach a mount at \(target)")
        }
        for overlay in request.overlays {
            try attempt(
                .overlay,
                clx_mount_overlay(overlay.lower, overlay.upper, overlay.work, overlay.target),
                "mount an overlay at \(overlay.target)"
            )
        }
    }

    /// Everything but this machine and what only neighbours should answer (link-local, RFC 3927).
    private func openWayOut() throws(LaunchFailure) {
        guard let unreachable else { return }
        for address in unreachable {
            try attempt(.network, clx_refuse_route(address, 32), "close the way to this machine")
        }
        try attempt(.network, clx_refuse_route(0xA9FE_0000, 16), "close the way to link-local addresses")
        try attempt(.network, clx_default_route(InstanceAddress.gateway), "open the way out")
    }

    /// Attaches what the agent shows (`SandboxStage`).
    private func buildStage() throws(LaunchFailure) {
        let mounts = descriptors.dropFirst(LaunchRequest.Attachment.allCases.count)
            .dropLast(request.attachments.count)
        guard !mounts.isEmpty else { return }
        try attempt(
            .sandbox,
            clx_mount_stage(SandboxStage.place),
            "mount a file system at \(SandboxStage.place)"
        )
        for (number, mount) in mounts.enumerated() {
            let place = SandboxStage.place(number)
            try attempt(.sandbox, clx_attach_mount(mount, place), "attach a mount at \(place)")
        }
    }

    private func becomeBubblewrap() {
        let log = descriptors[LaunchRequest.Attachment.log.rawValue]
        dup2(log, 1)
        dup2(log, 2)
        let first = LaunchRequest.Attachment.control.rawValue
        // The line has to survive until the exec, out of the way of what is placed from 3 on.
        let filter = clx_seccomp_program()
        guard filter >= 0 else {
            errno = -filter
            return
        }
        let placed = Array(descriptors[first..<LaunchRequest.Attachment.allCases.count]) + [filter]
        var arguments = request.command.map { strdup($0) } + [nil]
        var environment = [strdup("CLARY_INSTANCE=\(request.directory)"), nil]
        let path = request.command[0]
        guard fcntl(line, F_DUPFD_CLOEXEC, 64) >= 0, clx_place(placed, Int32(placed.count), 3) >= 0 else {
            return
        }
        execve(path, &arguments, &environment)
    }

    private func attempt(
        _ stage: LaunchFailure.Stage,
        _ result: Int32,
        _ what: @autoclosure () -> String
    ) throws(LaunchFailure) {
        guard result < 0 else { return }
        throw LaunchFailure(stage: stage, text: "Cannot \(what()): \(String(cString: strerror(-result))).")
    }

    private func say(_ stage: LaunchFailure.Stage, _ text: String) {
        let bytes = Records.encode([[stage.rawValue, text]])
        _ = clx_send(line, bytes, bytes.count, nil, 0)
    }
}
