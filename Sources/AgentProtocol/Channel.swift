/// One input channel of an instance.
package struct Channel: Codable, Sendable {
    package var name: String
    package var mode: Mode
    package var source: Source
    /// Bytes that this instance is given, for metering.
    package var bytes: Int

    package init(name: String, mode: Mode = .file, source: Source, bytes: Int = 0) {
        self.name = name
        self.mode = mode
        self.source = source
        self.bytes = bytes
    }

    /// Reads records of older versions too: of their channels only the name is still of use.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        mode = try container.decodeIfPresent(Mode.self, forKey: .mode) ?? .file
        source =
            try container.decodeIfPresent(Source.self, forKey: .source) ?? .objects(ObjectSource(listing: ""))
        bytes = try container.decodeIfPresent(Int.self, forKey: .bytes) ?? 0
    }

    /// `TrainingInputMode`.
    package enum Mode: String, Codable, Sendable {
        case file = "File"
        case pipe = "Pipe"
        case fastFile = "FastFile"
    }

    /// Where its data are.
    package enum Source: Codable, Sendable {
        case objects(ObjectSource)
        case directory(DirectorySource)
    }
}

/// Objects, parts of them, or files that an `ObjectListing` names.
package struct ObjectSource: Codable, Sendable {
    /// The control plane's name for the listing, which the agent fetches with `AgentRoute.listing`.
    package var listing: String
    /// Where the items of the listing are files; `nil` where they are objects.
    package var directory: DirectorySource?
    /// First line of `<channel>-manifest`; `nil` where the channel has none.
    package var manifestPrefix: String?
    /// Which part of the objects is this instance's; `nil` for all of them.
    package var shard: Shard?
    /// Shuffles the objects anew for each epoch.
    package var seed: Int?
    /// Items of the listing that stay together: the attributes of a line of an augmented manifest.
    package var groupSize: Int
    /// Pipe: each object is decompressed.
    package var isGzip: Bool
    /// Pipe: each object becomes one RecordIO record.
    package var isRecordIO: Bool

    package init(
        listing: String,
        directory: DirectorySource? = nil,
        manifestPrefix: String? = nil,
        shard: Shard? = nil,
        seed: Int? = nil,
        groupSize: Int = 1,
        isGzip: Bool = false,
        isRecordIO: Bool = false
    ) {
        self.listing = listing
        self.directory = directory
        self.manifestPrefix = manifestPrefix
        self.shard = shard
        self.seed = seed
        self.groupSize = groupSize
        self.isGzip = isGzip
        self.isRecordIO = isRecordIO
    }

    /// One of `count` equal parts, counted from 0.
    package struct Shard: Codable, Sendable, Equatable {
        package var index: Int
        package var count: Int

        package init(index: Int, count: Int) {
            self.index = index
            self.count = count
        }
    }
}

/// A directory or a file of this machine that the administrator has opened to jobs.
package struct DirectorySource: Codable, Sendable, Equatable {
    /// Absolute path of the directory that the administrator listed.
    package var root: String
    /// Path below it, which must not lead out of it whatever links there say; empty for the root itself.
    package var path: String
    package var isWritable: Bool

    /// As a `file://` address.
    package var address: String {
        "file://\(root == "/" ? "" : root)\(path.isEmpty ? "" : "/")\(path)"
    }

    package init(root: String, path: String, isWritable: Bool) {
        self.root = root
        self.path = path
        self.isWritable = isWritable
    }
}
