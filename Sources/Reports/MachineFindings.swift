extension MachineFacts {
    /// What the facts mean for Clary, the indispensable first.
    package var findings: [Finding] {
        [namespaceFinding, networkFinding, bubblewrapFinding, sandboxFinding, overlayFinding, libraryFinding]
            + [userFinding, diskFinding, machineFinding, groupsFinding, gpuFinding]
            + [parquetFinding, fuseFinding, uvFinding, networkProgramFinding, engineFinding, serverFinding]
    }

    // MARK: What Clary cannot do without

    private var namespaceFinding: Finding {
        switch namespaces {
        case .worked:
            return Finding(
                "namespaces",
                .ok,
                "User, network and mount namespaces can be made without root.",
                isRequired: true
            )
        case .failed(let reason):
            return Finding(
                "namespaces",
                .missing,
                "User, network and mount namespaces are refused: \(reason). Jobs and endpoints cannot start.",
                fix: namespaceFix,
                isRequired: true
            )
        case .untried:
            return Finding("namespaces", .missing, "They could not be tried.", isRequired: true)
        }
    }

    private var namespaceFix: [String] {
        if appArmorRestricts {
            return [
                "AppArmor takes the rights out of them (Ubuntu 23.10 and later). Until the next start:",
                "  sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
                "For good:",
                "  echo 'kernel.apparmor_restrict_unprivileged_userns = 0' | sudo tee /etc/sysctl.d/60-clary.conf",
                "  sudo sysctl --system",
            ]
        }
        if mayCloneUnprivileged == false {
            return [
                "The kernel lets only root make them. For good:",
                "  echo 'kernel.unprivileged_userns_clone = 1' | sudo tee /etc/sysctl.d/60-clary.conf",
                "  sudo sysctl --system",
            ]
        }
        if mostUserNamespaces == 0 {
            return [
                "The kernel allows none (user.max_user_namespaces is 0). For good:",
                "  echo 'user.max_user_namespaces = 15000' | sudo tee /etc/sysctl.d/60-clary.conf",
                "  sudo sysctl --system",
            ]
        }
        if isContainer {
            return [
                "This is a container whose engine forbids them. Start it with",
                "  --security-opt seccomp=unconfined --security-opt apparmor=unconfined",
                "and, if that is not enough, with --cap-add SYS_ADMIN --cap-add NET_ADMIN.",
            ]
        }
        return ["Ask whoever runs this machine to allow user namespaces for this user."]
    }

    private var networkFinding: Finding {
        switch network {
        case .worked:
            Finding(
                "job networks",
                .ok,
                "Instances get a network of their own: a bridge and eth0.",
                isRequired: true
            )
        case .failed(let reason):
            Finding(
                "job networks",
                .missing,
                "Instances cannot get a network of their own: \(reason).",
                fix: ["The kernel modules bridge and veth are needed:", "  sudo modprobe -a bridge veth"],
                isRequired: true
            )
        case .untried:
            Finding(
                "job networks",
                .missing,
                "Not tried, since there are no namespaces.",
                isRequired: true
            )
        }
    }

    private var bubblewrapFinding: Finding {
        guard let bubblewrap else {
            return Finding(
                "bubblewrap",
                .missing,
                "There is no bwrap; every job and endpoint runs in it.",
                fix: ["sudo apt-get install bubblewrap   (Fedora: sudo dnf install bubblewrap)"],
                isRequired: true
            )
        }
        return Finding(
            "bubblewrap",
            .ok,
            "\(bubblewrap.version ?? "Of an unknown version"), \(bubblewrap.path).",
            isRequired: true
        )
    }

    private var sandboxFinding: Finding {
        switch sandbox {
        case .worked:
            Finding("sandbox", .ok, "A program ran in a sandbox as jobs do.", isRequired: true)
        case .failed(let reason):
            Finding(
                "sandbox",
                .missing,
                "bubblewrap starts no program within a job's namespaces: \(reason).",
                fix: isContainer
                    ? ["In a container, start it with --security-opt systempaths=unconfined as well."] : [],
                isRequired: true
            )
        case .untried:
            Finding(
                "sandbox",
                .missing,
                "Not tried, since namespaces or bubblewrap are missing.",
                isRequired: true
            )
        }
    }

    private var libraryFinding: Finding {
        switch xgboost {
        case .found(let path, let version):
            Finding("libxgboost", .ok, "Version \(version), \(path).")
        case .unusable(let path, let reason):
            Finding(
                "libxgboost",
                .missing,
                "\(path) cannot be loaded: \(reason). The built-in XGBoost does not work.",
                fix: ["Run `make setup`, or name a libxgboost.so in CLARY_XGBOOST_LIBRARY."]
            )
        case .missing(let searched):
            Finding(
                "libxgboost",
                .missing,
                "It is in none of \(searched.joined(separator: ", ")). The built-in XGBoost does not work.",
                fix: ["Run `make setup`, or name a libxgboost.so in CLARY_XGBOOST_LIBRARY."]
            )
        }
    }

    private var diskFinding: Finding {
        if case .failed(let reason) = dataDirectoryIsWritable {
            return Finding(
                "data directory",
                .missing,
                "\(dataDirectory) cannot be used: \(reason).",
                fix: ["Give another one with --data-dir or CLARY_DATA_DIR."],
                isRequired: true
            )
        }
        let free = "\(Units.bytes(freeDisk)) free for \(dataDirectory)"
        guard freeDisk >= Self.leastDisk else {
            return Finding(
                "data directory",
                .missing,
                "\(free): too little to keep anything.",
                fix: ["Make room, or give another directory with --data-dir or CLARY_DATA_DIR."],
                isRequired: true
            )
        }
        guard freeDisk >= Self.comfortableDisk else {
            return Finding(
                "data directory",
                .limited,
                "\(free): soon full with data and models.",
                fix: ["Make room, or give another directory with --data-dir or CLARY_DATA_DIR."],
                isRequired: true
            )
        }
        return Finding("data directory", .ok, "\(free).", isRequired: true)
    }

    // MARK: What makes it better

    private var overlayFinding: Finding {
        switch overlay {
        case .worked:
            Finding("overlay", .ok, "Input channels are shown to jobs without being copied.")
        case .failed(let reason):
            Finding(
                "overlay",
                .limited,
                "Overlays are refused (\(reason)): input channels are copied for each job.",
                fix: ["Linux 5.11 or later helps, and a data directory on ext4, xfs or btrfs."]
            )
        case .untried:
            Finding("overlay", .limited, "Not tried, since there are no namespaces.")
        }
    }

    private var machineFinding: Finding {
        let text = "\(Units.count(cpus, "CPU")) and \(Units.bytes(memory)) of memory"
        guard memory >= Self.comfortableMemory else {
            return Finding("machine", .limited, "\(text): enough for small jobs, a few at a time.")
        }
        return Finding("machine", .ok, "\(text); larger instance types are clamped to that.")
    }

    private var groupsFinding: Finding {
        let way = "Memory limits are kept by watching processes, CPU limits by affinity"
        switch controlGroups {
        case .v2(isDelegated: true):
            return Finding("cgroups", .ok, "Version 2, delegated to this user. \(way) so far.")
        case .v2(isDelegated: false):
            return Finding("cgroups", .limited, "Version 2, not delegated to this user. \(way).")
        case .v1: return Finding("cgroups", .limited, "Version 1. \(way).")
        case .none: return Finding("cgroups", .limited, "None. \(way).")
        }
    }

    private var gpuFinding: Finding {
        guard !gpus.isEmpty else {
            return Finding("GPUs", .missing, "No /dev/nvidia*: instance types with GPUs fail and say so.")
        }
        return Finding("GPUs", .ok, "\(Units.count(gpus.count, "GPU")): \(gpus.joined(separator: ", ")).")
    }

    private var parquetFinding: Finding {
        if let parquet { return Finding("Parquet", .ok, "Read and written by pyarrow, \(parquet).") }
        guard uv == nil else {
            return Finding("Parquet", .limited, "uv installs pyarrow when it is first needed, some 220 MB.")
        }
        return Finding(
            "Parquet",
            .missing,
            "There is no pyarrow, and no uv to install it: Parquet files cannot be read or written.",
            fix: ["`make setup` installs it; or install uv (https://docs.astral.sh/uv)."]
        )
    }

    private var fuseFinding: Finding {
        guard case .failed(let reason) = fuse else {
            return Finding("FUSE", .ok, "FastFile channels read objects of another S3 when the job does.")
        }
        return Finding(
            "FUSE",
            .limited,
            "/dev/fuse cannot be opened (\(reason)): FastFile channels on another S3 are copied before the job starts.",
            fix: ["sudo modprobe fuse", "and, for users that are not root: sudo chmod 666 /dev/fuse"]
        )
    }

    private var uvFinding: Finding {
        guard let uv else {
            return Finding(
                "uv",
                .missing,
                "Not needed to run Clary; building and testing it from source uses it.",
                fix: ["`make setup` installs it."]
            )
        }
        return Finding("uv", .ok, "\(uv.version ?? "Of an unknown version"), \(uv.path).")
    }

    private var networkProgramFinding: Finding {
        guard let networkProgram else {
            return Finding(
                "open network",
                .limited,
                "No slirp4netns: jobs reach Clary and their peers, not the Internet.",
                fix: ["sudo apt-get install slirp4netns"]
            )
        }
        return Finding(
            "open network",
            .ok,
            "\(networkProgram): jobs without EnableNetworkIsolation reach the Internet, and nothing of this machine."
        )
    }

    private var userFinding: Finding {
        guard let sharedUserReason else {
            return Finding("users", .ok, "Every job is a user of its own, who owns no file of this machine.")
        }
        return Finding(
            "users",
            .limited,
            "Jobs are the user of Clary itself, kept apart by namespaces alone: \(sharedUserReason)."
        )
    }

    private var engineFinding: Finding {
        guard !engineSockets.isEmpty else {
            return Finding(
                "Podman, Docker",
                .missing,
                """
                No socket of theirs takes connections here. Only images of your own need one: apt-get install podman, then \
                systemctl --user enable --now podman.socket, or name one with clary serve --container-engine.
                """
            )
        }
        return Finding(
            "Podman, Docker",
            .ok,
            "\(engineSockets.joined(separator: ", ")); the first runs images of your own."
        )
    }

    private var serverFinding: Finding {
        guard let server else {
            return Finding(
                "server",
                .missing,
                "None runs on \(dataDirectory).",
                fix: ["clary serve --data-dir \(dataDirectory)"]
            )
        }
        return Finding("server", .ok, server)
    }

    private static let leastDisk = 100 << 20
    private static let comfortableDisk = 5 << 30
    private static let comfortableMemory = 2 << 30
}
