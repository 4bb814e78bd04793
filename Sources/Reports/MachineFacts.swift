/// What was found out about a machine: gathered by `clary doctor`, judged by `findings`.
package struct MachineFacts: Sendable {
    /// How an attempt went.
    package enum Attempt: Sendable, Equatable {
        case worked
        /// The text says which call failed and why.
        case failed(String)
        /// Something before it failed already.
        case untried
    }

    /// Version 1 and 2 of control groups.
    package enum ControlGroups: Sendable, Equatable {
        case none
        case v1
        /// Whether this user may make groups below its own.
        case v2(isDelegated: Bool)
    }

    /// The XGBoost library.
    package enum Library: Sendable, Equatable {
        case found(path: String, version: String)
        case unusable(path: String, reason: String)
        case missing(searched: [String])
    }

    /// A program that was looked for.
    package struct Program: Sendable, Equatable {
        package let path: String
        /// What it says its version is; `nil` if it does not say.
        package let version: String?

        package init(path: String, version: String?) {
            self.path = path
            self.version = version
        }
    }

    /// User, network and mount namespaces, entered as a job's holder does.
    package var namespaces = Attempt.untried
    /// A bridge and a pair of network interfaces in them.
    package var network = Attempt.untried
    /// An overlay of two directories of the data directory's file system.
    package var overlay = Attempt.untried
    /// bubblewrap with namespaces of its own within those.
    package var sandbox = Attempt.untried
    package var bubblewrap: Program?
    /// `kernel.apparmor_restrict_unprivileged_userns`, which Ubuntu sets.
    package var appArmorRestricts = false
    /// `kernel.unprivileged_userns_clone`, which Debian has; `nil` elsewhere.
    package var mayCloneUnprivileged: Bool?
    /// `user.max_user_namespaces`.
    package var mostUserNamespaces: Int?
    /// Whether this is the inside of a container.
    package var isContainer = false
    package var controlGroups = ControlGroups.none
    package var cpus = 1
    /// Bytes.
    package var memory = 0
    /// Device files.
    package var gpus: [String] = []
    /// Sockets of Podman and Docker that take connections.
    package var engineSockets: [String] = []
    package var uv: Program?
    /// Path of slirp4netns.
    package var networkProgram: String?
    /// Why jobs are the same user as Clary; `nil` if each is a user of its own.
    package var sharedUserReason: String?
    package var xgboost = Library.missing(searched: [])
    /// Folder of the pinned pyarrow.
    package var parquet: String?
    /// Opening `/dev/fuse`, by which FastFile shows objects of another S3.
    package var fuse = Attempt.untried
    package var dataDirectory = ""
    /// Whether the data directory can be written, or made.
    package var dataDirectoryIsWritable = Attempt.untried
    /// Free bytes for this user where the data directory is.
    package var freeDisk = 0
    /// Address and process of the server that uses the data directory.
    package var server: String?

    package init() {}
}
